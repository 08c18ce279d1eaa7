import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import { Components } from '../3-link/components.ts';
import { groupBy, groupByEach } from '../3-link/group-by.ts';
import { serviceHost } from '../3-link/host.ts';
import type { Lots } from '../3-link/lots.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import type { Conversion, ConvertedResource } from '../conversion.ts';
import type { Diagnostic, Finding } from '../diagnostics/diagnostic.ts';
import { inOrder, type Locate, toDiagnostics } from '../diagnostics/locate.ts';
import type { SourceDocument, SourceFile } from '../yaml/source.ts';
import type { LotResult } from './lot-template.ts';
import { withoutRepeats } from './output-edits.ts';
import { packOutput } from './pack-output.ts';

/**
 * Converts one lot.
 *
 * @param earlier what was said of its documents while reading
 * @param isOneLot whether it is a lot as it was cut, and not several that were put together
 */
export type ConvertLot = (
  resources: readonly AnyResource[],
  earlier: readonly Finding[],
  isOneLot: boolean,
) => LotResult;

/** A cluster that was converted lot by lot. */
export interface ConvertedByLots {
  readonly conversion: Conversion;
  /**
   * Converts the lots of some objects again.
   *
   * @param successors what takes the place of each of the objects, and stands to others as it does (`meetAlike`)
   * @returns undefined where results meet now that did not: all has to be converted anew
   */
  readonly replace: (
    successors: ReadonlyMap<AnyResource, AnyResource>,
    files: readonly SourceFile[],
  ) => Conversion | undefined;
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
  const owners = new Map(
    all.flatMap((lot, number) => lot.map(resource => [nameKey(resource), number] as const)),
  );
  const results = new Map<number, LotResult>();
  const convertMembers = (numbers: readonly number[]): LotResult => {
    const [first = 0, second] = numbers;
    if (second === undefined) {
      const result = convertLot(all[first] ?? [], ofLot.get(first) ?? [], true);
      return isLarge ? packed(result) : result;
    }
    const resources = numbers.flatMap(number => all[number] ?? []);
    resources.sort((a, b) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0));
    const result = convertLot(
      resources,
      numbers.flatMap(number => ofLot.get(number) ?? []),
      false,
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
  for (;;) {
    for (const [root, numbers] of membersByRoot(all.length, joined))
      if (!results.has(root)) results.set(root, convertMembers(numbers));
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
  const outside = toDiagnostics(ofNone, files, locate);
  return {
    conversion: together([...results.values()], own, outside, files),
    replace: (successors, now) => {
      const changed = new Set<number>();
      for (const [before, after] of successors) {
        const position = positions.get(before);
        const number = owners.get(nameKey(before));
        if (position === undefined || number === undefined) return undefined;
        positions.delete(before);
        positions.set(after, position);
        all[number] = (all[number] ?? []).map(one => (one === before ? after : one));
        const index = own.indexOf(before);
        if (index >= 0) own[index] = after;
        changed.add(joined.rootOf(number));
      }
      const members = membersByRoot(all.length, joined);
      for (const root of changed) {
        for (const object of results.get(root)?.written ?? []) writers.delete(nameKey(object));
        const result = convertMembers(members.get(root) ?? []);
        results.set(root, result);
        if (meetingsOf(root, result).length > 0) return undefined;
      }
      return together([...results.values()], own, outside, now);
    },
  };
}

function membersByRoot(count: number, joined: Components): ReadonlyMap<number, readonly number[]> {
  return groupBy(new Array(count).keys(), number => joined.rootOf(number));
}

/** So many objects are converted before results are kept as text, which takes a while to write and to read. */
const LARGE = 10_000;

/** The same, with each object that was made as text until somebody asks for it. */
function packed(conversion: LotResult): LotResult {
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

/** Puts the conversions of lots in the order of the whole. */
function together(
  lots: readonly LotResult[],
  inputs: readonly AnyResource[],
  diagnostics: readonly Diagnostic[],
  files: readonly SourceFile[],
): Conversion {
  const resources = new Map<AnyResource, ConvertedResource>();
  const outputs = new Map<AnyResource, readonly Output[]>();
  const removed = new Set<AnyResource>();
  const edits: Edit[] = [];
  const told = [...diagnostics];
  for (const lot of lots) {
    for (const one of lot.resources) resources.set(one.resource, one);
    for (const [resource, made] of lot.made) outputs.set(resource, made);
    for (const resource of lot.removed) removed.add(resource);
    for (const edit of lot.edits) edits.push(edit);
    for (const diagnostic of lot.diagnostics) told.push(diagnostic);
  }
  return {
    files,
    resources: inputs.flatMap(resource => resources.get(resource) ?? []),
    outputs: withoutRepeats(inputs.flatMap(resource => outputs.get(resource) ?? [])),
    edits,
    removed,
    together: lots.flatMap(lot => lot.together),
    diagnostics: inOrder(told, files),
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
