import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import { isThere } from '../6-emit/http-routes.ts';
import { toManifest } from '../6-emit/manifest.ts';
import { retake } from '../6-emit/written-before.ts';
import type { Source } from '../yaml/source.ts';
import type { SettledUnit, Settlement } from './settlement.ts';

/**
 * The edits that put the outputs of converted VirtualServices in place.
 *
 * An object that a VirtualService needs is written with it, so that one change of one file does it all. Stages of one folder
 * are settled apart and share the DestinationRule that has the subsets: what several of them need is written once, beside that
 * rule. Where environments disagree about such a Service, each has its own beside its VirtualService.
 *
 * @param alike conversions of the same VirtualServices with other DestinationRules: each of these gets what stands for its
 * subsets
 * @param stays whether VirtualServices stay beside what is written
 */
export function outputEdits(
  settlements: readonly Settlement[],
  alike: readonly Settlement[],
  stays: boolean,
): readonly Edit[] {
  const agreed = agreedHomes(settlements, alike);
  const edits: Edit[] = [];
  const beside = new Map<Source, Map<string, Output>>();
  for (const settlement of [...settlements, ...alike]) {
    const { facts } = settlement;
    for (const { unit, held, outputs } of settlement.units) {
      const { source } = unit.vs.resource;
      if (held || source === undefined) continue;
      // Objects of an earlier run are looked for among those of its own environment.
      const { outputs: written, edits: moves } = stays
        ? { outputs: outputs.filter(({ resource }) => !isThere(facts, resource)), edits: [] }
        : retake(facts, outputs);
      const own = written.filter(output => !agreed.has(keyOf(output)));
      if (!alike.includes(settlement) && (!stays || own.length > 0))
        edits.push({ kind: stays ? 'append' : 'replace', source, outputs: own });
      edits.push(...moves);
      for (const output of written) {
        const key = keyOf(output);
        if (!agreed.has(key)) continue;
        const known = beside.get(output.home) ?? new Map<string, Output>();
        beside.set(output.home, known.set(key, known.get(key) ?? output));
      }
    }
  }
  return [
    ...edits,
    ...[...beside].map(
      ([source, outputs]): Edit => ({ kind: 'append', source, outputs: inOrder([...outputs.values()]) }),
    ),
  ];
}

/** @returns what is printed: what several settlements wrote beside one object, once */
export function withoutRepeats(outputs: readonly Output[]): readonly Output[] {
  const seen = new Set<string>();
  return outputs.filter(output => {
    if (output.neededBy === undefined) return true;
    const key = `${keyOf(output)} ${textOf(output)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * The outputs that several settlements need, and of which none that has their home has another idea, by their keys; and
 * those of VirtualServices that may be deployed with several DestinationRules.
 */
function agreedHomes(settlements: readonly Settlement[], alike: readonly Settlement[]): ReadonlySet<string> {
  const ambiguous = new Set(alike.flatMap(({ units }) => units.map(({ unit }) => unit.vs.resource)));
  const needed = [...settlements, ...alike]
    .flatMap(({ units }) => units)
    .filter(({ unit }) => ambiguous.has(unit.vs.resource))
    .flatMap(made)
    .filter(({ neededBy }) => neededBy !== undefined);
  return new Set([...needed.map(keyOf), ...sharedHomes(settlements)]);
}

function sharedHomes(settlements: readonly Settlement[]): ReadonlySet<string> {
  if (settlements.length < 2) return new Set();
  const present = settlements.map(({ facts }) => new Set(facts.resources.map(({ source }) => source)));
  const ideas = new Map<string, { readonly texts: Set<string>; readonly needing: Set<Settlement> }>();
  for (const settlement of settlements) {
    for (const output of settlement.units.flatMap(made)) {
      const { neededBy } = output;
      if (neededBy === undefined) continue;
      const found = ideas.get(keyOf(output)) ?? { texts: new Set(), needing: new Set() };
      found.needing.add(settlement);
      // Another document for the Service that a version takes after would give another object.
      for (const [index, { facts }] of settlements.entries())
        if (present[index]?.has(output.home))
          found.texts.add(`${textOf(output)} ${specOf(facts.byName.get(neededBy.service))}`);
      ideas.set(keyOf(output), found);
    }
  }
  return new Set(
    [...ideas].flatMap(([key, { texts, needing }]) => (texts.size === 1 && needing.size > 1 ? [key] : [])),
  );
}

function made({ held, outputs }: SettledUnit): readonly Output[] {
  return held ? [] : outputs;
}

function keyOf({ resource, home: { document, path } }: Output): string {
  return JSON.stringify([nameKey(resource), document.file.path, document.index, path]);
}

function textOf({ resource }: Output): string {
  return canonicalJson(toManifest(resource));
}

function specOf(service: AnyResource | undefined): string {
  return service === undefined ? '' : canonicalJson(toManifest(service));
}

/** In the order of the subsets that they stand for. */
function inOrder(outputs: readonly Output[]): readonly Output[] {
  const position = ({ origins }: Output): number => Number(origins[0]?.input[2] ?? 0);
  return outputs.toSorted((a, b) => position(a) - position(b));
}
