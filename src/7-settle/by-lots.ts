import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import { Components } from '../3-link/components.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { serviceHost } from '../3-link/host.ts';
import type { Lots } from '../3-link/lots.ts';
import type { Output } from '../6-emit/edit.ts';
import type { ConversionOfInputs } from '../conversion.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Locate, toDiagnostics } from '../diagnostics/locate.ts';
import type { SourceDocument, SourceFile } from '../yaml/source.ts';
import type { LotResult } from './lot-template.ts';
import { LotsTogether } from './lots-together.ts';
import { packOutput } from './pack-output.ts';

/**
 * Converts one lot.
 *
 * @param resources one of `Lots.all` as it is, unless several were put together or an object of it was replaced
 * @param earlier what was said of its documents while reading
 */
export type ConvertLot = (resources: readonly AnyResource[], earlier: readonly Finding[]) => LotResult;

/** A cluster that was converted lot by lot. */
export interface ConvertedByLots {
  readonly conversion: ConversionOfInputs;
  /**
   * Converts the lots of some objects again.
   *
   * @param successors what takes the place of each of the objects, and stands to others as it does (`meetAlike`)
   * @returns undefined where results meet now that did not: all has to be converted anew
   */
  readonly replace: (
    successors: ReadonlyMap<AnyResource, AnyResource>,
    files: readonly SourceFile[],
  ) => ConversionOfInputs | undefined;
}

/**
 * Converts a cluster lot by lot and puts the results together: what the conversion of the whole gives, but for the memory that
 * it takes. Lots whose results meet, since both write an object of one name or one writes what the other has, convert
 * together after all.
 *
 * @param inputs what is to be converted, in its order
 * @param earlier what was said while reading
 */
export function convertByLots(
  lots: Lots,
  inputs: readonly AnyResource[],
  earlier: readonly Finding[],
  files: readonly SourceFile[],
  locate: Locate,
  convertLot: ConvertLot,
): ConvertedByLots {
  const { ofLot, ofNone } = findingsByLot(lots.all, earlier);
  const joined = new Components(lots.all.length);
  const isLarge = inputs.length > LARGE;
  const all = [...lots.all];
  const positions = new Map(lots.positions);
  const own = [...inputs];
  const owners = ownersIn(all);
  let numbers: Map<AnyResource, number> | undefined;
  const results = new Map<number, LotResult>();
  const inTheirOrder = (numbers: readonly number[]): readonly AnyResource[] =>
    numbers
      .flatMap(number => all[number] ?? [])
      .sort((a, b) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0));
  const convertMembers = (numbers: readonly number[]): LotResult => {
    const [first = 0, second] = numbers;
    const resources = second === undefined ? (all[first] ?? []) : inTheirOrder(numbers);
    const result = convertLot(
      resources,
      numbers.flatMap(number => ofLot.get(number) ?? []),
    );
    return isLarge ? packed(result) : result;
  };
  const writers = new Map<string, number>();
  const meetingsOf = (root: number, { written }: LotResult): readonly number[] =>
    written.flatMap(({ type, namespace, name }) => {
      const key = nameKey({ type, namespace, name });
      const others = [
        writers.get(key),
        owners.get(key),
        // An object for a host is for a Service of that name as soon as there is one.
        type === 'core.Service' ? lots.lotOfHost(serviceHost({ namespace, name })) : undefined,
      ];
      writers.set(key, root);
      return others.filter(other => other !== undefined).filter(other => joined.rootOf(other) !== root);
    });
  let members: ReadonlyMap<number, readonly number[]>;
  for (;;) {
    members = membersByRoot(all.length, joined);
    for (const number of all.keys())
      if (joined.rootOf(number) === number && !results.has(number))
        results.set(number, convertMembers(members.get(number) ?? [number]));
    writers.clear();
    const meetings = [...results].flatMap(([root, result]) =>
      meetingsOf(root, result).map(other => [root, other] as const),
    );
    if (meetings.length === 0) break;
    for (const [one, other] of meetings) {
      results.delete(joined.rootOf(one));
      results.delete(joined.rootOf(other));
      joined.join(one, other);
    }
  }
  const together = new LotsTogether(toDiagnostics(ofNone, files, locate), results.values());
  return {
    conversion: together.conversion(results.values(), own, files),
    replace: (successors, now) => {
      const changed = new Set<number>();
      numbers ??= new Map(all.flatMap((lot, number) => lot.map(resource => [resource, number] as const)));
      for (const [before, after] of successors) {
        const position = positions.get(before);
        const number = numbers.get(before);
        if (position === undefined || number === undefined) return undefined;
        positions.delete(before);
        positions.set(after, position);
        numbers.delete(before);
        numbers.set(after, number);
        all[number] = (all[number] ?? []).map(one => (one === before ? after : one));
        const index = own.indexOf(before);
        if (index >= 0) own[index] = after;
        changed.add(joined.rootOf(number));
      }
      for (const root of changed) {
        const old = results.get(root);
        if (old === undefined) return undefined;
        for (const object of old.written) writers.delete(nameKey(object));
        const result = convertMembers(members.get(root) ?? [root]);
        results.set(root, result);
        together.replace(old, result);
        if (meetingsOf(root, result).length > 0) return undefined;
      }
      return together.conversion(results.values(), own, now);
    },
  };
}

/** The numbers of lots that convert together with others, by the first of them. */
function membersByRoot(count: number, joined: Components): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, number[]>();
  for (let number = 0; number < count; number += 1) {
    const root = joined.rootOf(number);
    if (root === number) continue;
    const known = members.get(root);
    if (known === undefined) members.set(root, [root, number]);
    else known.push(number);
  }
  return members;
}

/** The numbers of lots by the names of their objects. No conversion writes a VirtualService, so that none is looked for. */
function ownersIn(all: Lots['all']): ReadonlyMap<string, number> {
  const owners = new Map<string, number>();
  for (const [number, lot] of all.entries())
    for (const resource of lot)
      if (resource.type !== 'istio.VirtualService') owners.set(nameKey(resource), number);
  return owners;
}

/** So many objects are converted before results are kept as text, which takes a while to write and to read. */
export const LARGE = 10_000;

/** The same, with each object that was made as text until somebody asks for it. */
export function packed(conversion: LotResult): LotResult {
  const known = new Map<Output, Output>();
  const pack = (output: Output): Output => {
    const found = known.get(output) ?? packOutput(output);
    known.set(output, found);
    return found;
  };
  const made = [...conversion.made].map(([resource, outputs]) => [resource, outputs.map(pack)] as const);
  if ([...known].every(([output, same]) => output === same)) return conversion;
  return {
    ...conversion,
    made,
    edits: conversion.edits.map(edit =>
      'outputs' in edit ? { ...edit, outputs: edit.outputs.map(pack) } : edit,
    ),
  };
}

/** @returns what was said of the documents of each lot while reading, by its number; worked out when somebody first asks */
export function earlierOf(
  all: Lots['all'],
  earlier: readonly Finding[],
): (number: number) => readonly Finding[] {
  let known: ReturnType<typeof findingsByLot> | undefined;
  return number => {
    known ??= findingsByLot(all, earlier);
    return known.ofLot.get(number) ?? [];
  };
}

/** Findings by the lots of the documents that they are about. */
function findingsByLot(
  all: Lots['all'],
  earlier: readonly Finding[],
): { readonly ofLot: ReadonlyMap<number, readonly Finding[]>; readonly ofNone: readonly Finding[] } {
  if (earlier.length === 0) return { ofLot: new Map(), ofNone: [] };
  const byDocument = new Map<SourceDocument, number>();
  for (const [number, lot] of all.entries())
    for (const { source } of lot) if (source !== undefined) byDocument.set(source.document, number);
  const lotOf = ({ place: { document } }: Finding): number | undefined =>
    document === undefined ? undefined : byDocument.get(document);
  return {
    ofLot: groupByEach(earlier, finding => {
      const number = lotOf(finding);
      return number === undefined ? [] : [number];
    }),
    ofNone: earlier.filter(finding => lotOf(finding) === undefined),
  };
}
