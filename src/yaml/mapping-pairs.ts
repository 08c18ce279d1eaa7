import { BrokenDocument, type DuplicateKey } from './problem.ts';
import { keyText } from './scalar.ts';
import { type MappingPair, type ScalarNode, writtenRange, type YamlNode } from './yaml-node.ts';

/** The pairs of a mapping that is being read. */
export interface Pairs {
  readonly pairs: MappingPair[];
  /** Positions by name, once there are enough of them for it to pay. */
  positions: Map<string, number> | undefined;
}

const POSITIONS_FROM = 12;

/**
 * Adds a key and its value, or what a merge key names.
 *
 * @param text the document, of which `base` is the offset in its file
 * @returns the keys that are there twice
 * @throws BrokenDocument when the key can be none in JSON
 */
export function addEntry(
  target: Pairs,
  key: YamlNode,
  value: YamlNode,
  text: string,
  base: number,
): readonly DuplicateKey[] {
  if (key.kind !== 'scalar') throw brokenKey(key, text, base);
  if (key.value === '<<' && isMergeKey(key, text, base)) return mergeInto(target, value);
  const name = typeof key.value === 'string' ? key.value : keyText(key.value, key.text ?? '');
  if (name === undefined)
    throw new BrokenDocument({ kind: 'invalid', range: writtenRange(key), reason: 'a key is empty or null' });
  const duplicate = addPair(target, { name, key, value });
  return duplicate === undefined ? none : [duplicate];
}

const none: readonly DuplicateKey[] = [];

/** `{{ .Values.host }}` is a mapping in a mapping to YAML, and one that is a key. */
function brokenKey(key: YamlNode, text: string, base: number): BrokenDocument {
  const range = writtenRange(key);
  if (text.startsWith('{{', range.start - base - 1)) return new BrokenDocument({ kind: 'template', range });
  const what = key.kind === 'mapping' ? 'mapping' : 'list';
  return new BrokenDocument({ kind: 'invalid', range, reason: `a ${what} stands where a key belongs` });
}

/** With quotes, `<<` is a key like others. */
function isMergeKey(key: ScalarNode, text: string, base: number): boolean {
  return key.style === 'plain' && (key.start + 2 === key.end || text.startsWith('!!merge', key.start - base));
}

/**
 * Adds a pair; one that is there already gives way. kubectl lets the later one win in silence, whether it is written
 * or merged. kustomize refuses a key that is written twice, and lets what is written win over what is merged.
 *
 * @returns a problem unless a written pair follows the merged one that it overrides, where everybody agrees
 */
function addPair(target: Pairs, pair: MappingPair): DuplicateKey | undefined {
  const position = positionOf(target, pair.name);
  if (position === -1) {
    target.positions?.set(pair.name, target.pairs.length);
    target.pairs.push(pair);
    return undefined;
  }
  const before = target.pairs[position];
  target.pairs[position] = pair;
  if (before === undefined || before.merged) return undefined;
  return {
    kind: 'duplicate-key',
    name: pair.name,
    range: pair.key,
    first: before.key,
    ...(pair.merged && { merged: true }),
  };
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
function mergeInto(target: Pairs, value: YamlNode): readonly DuplicateKey[] {
  const sources = value.kind === 'sequence' ? value.items.toReversed() : [value];
  return sources.flatMap(source => {
    if (source.kind !== 'mapping')
      throw new BrokenDocument({
        kind: 'invalid',
        range: writtenRange(value),
        reason: '`<<` takes a mapping or a list of mappings',
      });
    return source.pairs.flatMap(pair => addPair(target, { ...pair, merged: true }) ?? []);
  });
}
