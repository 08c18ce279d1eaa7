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
import { lotsTogether } from './lots-together.ts';
import { packOutput } from './pack-output.ts';

/**
 * Converts one lot.
 *
 * @param resources one of `Lots.all` as it is, unless several were put together
 * @param earlier what was said of its documents while reading
 */
export type ConvertLot = (resources: readonly AnyResource[], earlier: readonly Finding[]) => LotResult;

/** The result of a lot, or of several that convert together. */
export interface SomeLots {
  /** In the order of the whole. */
  readonly resources: readonly AnyResource[];
  readonly earlier: readonly Finding[];
  readonly result: LotResult;
  /** The objects that the lots write, together or by themselves. */
  readonly wanted: LotResult['written'];
}

/** A cluster that was converted lot by lot. */
export interface ConvertedByLots {
  readonly conversion: ConversionOfInputs;
  /** The parts that it was put together of, for those who come again. */
  readonly lots: () => readonly SomeLots[];
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
  const { all, positions } = lots;
  const owners = ownersIn(all);
  /** Results that met others, and were converted again with these. */
  const early: (readonly [number, LotResult])[] = [];
  const results = new Map<number, LotResult>();
  const inTheirOrder = (numbers: readonly number[]): readonly AnyResource[] =>
    numbers
      .flatMap(number => all[number] ?? [])
      .sort((a, b) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0));
  const resourcesOf = (numbers: readonly number[]): readonly AnyResource[] => {
    const [first = 0, second] = numbers;
    return second === undefined ? (all[first] ?? []) : inTheirOrder(numbers);
  };
  const earlierAbout = (numbers: readonly number[]): readonly Finding[] =>
    numbers.flatMap(number => ofLot.get(number) ?? []);
  const convertMembers = (numbers: readonly number[]): LotResult => {
    const result = convertLot(resourcesOf(numbers), earlierAbout(numbers));
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
      for (const root of [joined.rootOf(one), joined.rootOf(other)]) {
        const result = results.get(root);
        if (result !== undefined) early.push([root, result]);
        results.delete(root);
      }
      joined.join(one, other);
    }
  }
  const none = toDiagnostics(ofNone, files, locate);
  const inOrder = [...results].sort(([one], [other]) => one - other);
  return {
    conversion: lotsTogether(
      none,
      inOrder.map(([, result]) => result),
      inputs,
      files,
    ),
    lots: () =>
      inOrder.map(([root, result]): SomeLots => {
        const numbers = members.get(root) ?? [root];
        const before = early.filter(([number]) => joined.rootOf(number) === root);
        return {
          resources: resourcesOf(numbers),
          earlier: earlierAbout(numbers),
          result,
          wanted: [...before.flatMap(([, { written }]) => written), ...result.written],
        };
      }),
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
