import { BrokenDocument, type DuplicateKey } from './problem.ts';
import type { MappingPair, YamlNode } from './yaml-node.ts';

/** The pairs of a mapping that is being read. */
export interface Pairs {
  readonly pairs: MappingPair[];
  /** Positions by name, once there are enough of them for it to pay. */
  positions: Map<string, number> | undefined;
}

const POSITIONS_FROM = 12;

/**
 * Adds a pair; one that is there already gives way. kubectl lets the later one win in silence, whether it is written
 * or merged. Others (kustomize, Flux) refuse the document, or let what is written win over what is merged.
 *
 * @returns a problem unless a written pair follows the merged one that it overrides, where everybody agrees
 */
export function addPair(target: Pairs, pair: MappingPair): DuplicateKey | undefined {
  const position = positionOf(target, pair.name);
  if (position === -1) {
    target.positions?.set(pair.name, target.pairs.length);
    target.pairs.push(pair);
    return undefined;
  }
  const before = target.pairs[position];
  target.pairs[position] = pair;
  if (before === undefined || before.merged) return undefined;
  return { kind: 'duplicate-key', name: pair.name, range: pair.key, first: before.key };
}

function positionOf(target: Pairs, name: string): number {
  const { pairs } = target;
  if (pairs.length >= POSITIONS_FROM) {
    target.positions ??= new Map(pairs.map((pair, position) => [pair.name, position]));
    return target.positions.get(name) ?? -1;
  }
  return pairs.findIndex(pair => pair.name === name);
}

/**
 * Copies what a `<<` key names: one mapping, or several of which the first one that has a key wins.
 *
 * @throws BrokenDocument when it names anything else
 * @see https://github.com/yaml/go-yaml/blob/v2.4.4/decode.go (merge)
 */
export function mergeInto(target: Pairs, value: YamlNode): readonly DuplicateKey[] {
  const sources = value.kind === 'sequence' ? value.items.toReversed() : [value];
  return sources.flatMap(source => {
    if (source.kind !== 'mapping')
      throw new BrokenDocument({
        kind: 'invalid',
        range: value.alias ?? value,
        reason: '`<<` takes a mapping or a list of mappings',
      });
    return source.pairs.flatMap(pair => addPair(target, { ...pair, merged: true }) ?? []);
  });
}
