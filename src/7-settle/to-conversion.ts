import { type AnyResource, isType } from '../2-decode/resource.ts';
import type { ObjectPatch } from '../3-link/gitops/kustomize-patches.ts';
import { emptiedRules } from '../6-emit/destination-rules.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import { patchEdits } from '../6-emit/kustomize-patches.ts';
import { noteReleased } from '../6-emit/released-subsets.ts';
import { createdWaypoints } from '../6-emit/waypoints.ts';
import type { ConversionOfInputs, ConvertedResource } from '../conversion.ts';
import type { Diagnostic, Finding } from '../diagnostics/diagnostic.ts';
import { type Locate, locator, toDiagnostics } from '../diagnostics/locate.ts';
import { type ResourceRef, refOf } from '../diagnostics/resource-ref.ts';
import type { Options } from '../options.ts';
import type { SourceFile } from '../yaml/source.ts';
import { settleExtensions } from './around/extensions.ts';
import { settlePolicies } from './around/policies.ts';
import { changedTogether } from './changed-together.ts';
import { withoutConvertible } from './convertible-annotation.ts';
import { findingsOfHeld, newFindings, withNamespaces, withoutDropped } from './findings-told.ts';
import { settleGitops } from './gitops.ts';
import { heedIgnores } from './ignore.ts';
import { outputEdits, withoutRepeats } from './output-edits.ts';
import { delegatesOf } from './removed-delegates.ts';
import { gatewaysOf } from './replaced-gateways.ts';
import { clustersBeside, clustersOf, ofConverted } from './settled-clusters.ts';
import type { Settlement } from './settlement.ts';
import { settlementsOfStage, workOf } from './stages.ts';
import { leftAlone, statusOf } from './status.ts';
import { stayingSubsets } from './staying-subsets.ts';
import { attachedScopes } from './unit.ts';

/** A conversion, and what became of each object. */
export interface DetailedConversion extends ConversionOfInputs {
  /** The result for each of the inputs, in their order. */
  readonly made: ReadonlyMap<AnyResource, readonly Output[]>;
  /** The names of all of that. */
  readonly written: readonly Pick<AnyResource, 'type' | 'namespace' | 'name'>[];
}

/**
 * Puts what was settled into the form that commands and reporters read.
 *
 * @param tried conversions of some of the VirtualServices with other DestinationRules, which give the same routes
 * @param locate works out where things are; it remembers what it has seen
 */
export function toConversion(
  inputs: readonly AnyResource[],
  shown: readonly AnyResource[],
  all: readonly Settlement[],
  tried: readonly Settlement[],
  earlier: readonly Finding[],
  files: readonly SourceFile[],
  options: Options,
  locate: Locate = locator(),
): DetailedConversion {
  const { removesVirtualServices, removesSubsets, addsRoutes } = workOf(options);
  const settlements = settlementsOfStage(options, all);
  const units = settlements.flatMap(settlement => settlement.units);
  const alike = settlementsOfStage(options, ofConverted(tried, units));
  const delegates = delegatesOf(inputs, settlements);
  const gateways = gatewaysOf(inputs, settlements, options);
  const policies = settlePolicies(settlements, gateways.converted, earlier);
  const rules = emptiedRules(
    [...clustersOf(settlements), ...clustersBeside(settlements, alike)],
    [...inputs, ...shown].filter(isType('istio.DestinationRule')),
  ).filter(({ rule }) => inputs.includes(rule));
  const converted = units.filter(({ held }) => !held);
  const removedRules = new Set(
    rules.filter(({ kind }) => kind === 'removed').map(({ rule }) => rule as AnyResource),
  );
  const trims = removesSubsets && !options.keepVirtualServices;
  const removed = new Set<AnyResource>([
    ...(removesVirtualServices && !options.keepVirtualServices
      ? [...converted.map(({ unit }) => unit.vs.resource), ...delegates.converted]
      : []),
    ...(trims ? removedRules : []),
    ...gateways.converted.filter(({ stays }) => !stays).map(({ gateway }) => gateway),
  ]);
  const successors = [
    ...converted.map(({ unit, outputs }) => ({ from: unit.vs.resource as AnyResource, outputs })),
    ...[...gateways.outputs].map(([from, outputs]) => ({ from, outputs })),
  ].map(({ from, outputs }) => ({ from, made: outputs.map(({ resource }) => resource) }));
  const told = [
    ...withNamespaces(earlier, [...inputs, ...shown]),
    ...units.flatMap(({ unit, held }) => (held ? findingsOfHeld(unit) : withoutDropped(unit))),
    ...alike.flatMap(other => other.units.flatMap(({ unit }) => newFindings(unit, units))),
    ...delegates.findings,
    ...gateways.findings,
    ...policies.findings,
    ...settleExtensions(settlements, gateways.converted),
    ...settleGitops([...inputs, ...shown], removed, successors),
  ];
  const heard = heedIgnores(told, inputs);
  const { heeded } = heard;
  const findings = withoutConvertible(heard.findings);
  const diagnostics = toDiagnostics([...findings, ...(trims ? stayingSubsets(rules) : [])], files, locate);
  const byObject = groupByObject(diagnostics);
  const byResource = new Map(units.map(unit => [unit.unit.vs.resource as AnyResource, unit]));
  const changed = new Set<AnyResource>([
    ...(trims ? rules.flatMap(({ rule, kind }) => (kind === 'kept' ? [] : [rule as AnyResource])) : []),
    ...delegates.converted,
    ...gateways.outputs.keys(),
  ]);
  const outputsOf = (resource: AnyResource): readonly Output[] => {
    const unit = byResource.get(resource);
    return unit === undefined || unit.held ? (gateways.outputs.get(resource) ?? []) : unit.outputs;
  };
  const resources = inputs.filter(isConvertible).map((resource): ConvertedResource => {
    const own = byObject.get(keyOfRef(resource.source?.document.file.path ?? '', resource)) ?? [];
    const unit = byResource.get(resource);
    return {
      resource,
      status: leftAlone(statusOf(resource, unit, own, changed.has(resource)), own, heeded.has(resource)),
      outputs: outputsOf(resource).map(({ resource: made }) => refOf(made)),
      diagnostics: own,
      ...(unit?.proof === undefined || unit.held ? {} : { proof: unit.proof }),
    };
  });
  const successorsOf = (object: AnyResource): readonly Output[] | undefined => {
    const unit = byResource.get(object);
    if (removedRules.has(object)) return trims ? [] : undefined;
    if (delegates.converted.has(object)) return [];
    return unit?.held === false || gateways.outputs.has(object) ? outputsOf(object) : undefined;
  };
  const made = new Map(inputs.map(resource => [resource, outputsOf(resource)] as const));
  return {
    made,
    written: [...made.values()]
      .flat()
      .map(({ resource: { type, namespace, name } }) => ({ type, namespace, name })),
    files,
    resources,
    outputs: withoutRepeats([
      ...[...made.values()].flat(),
      ...alike.flatMap(other =>
        other.units.flatMap(({ outputs }) => outputs.filter(({ neededBy }) => neededBy !== undefined)),
      ),
    ]),
    removed,
    edits: [
      ...outputEdits(settlements, alike, options.keepVirtualServices),
      ...(options.keepVirtualServices
        ? []
        : [
            ...rules.flatMap(({ rule, gone, edits }) => (trims ? edits : noteReleased(rule, gone))),
            ...[...delegates.converted].flatMap(({ source }): readonly Edit[] =>
              source === undefined ? [] : [{ kind: 'replace', source, outputs: [] }],
            ),
          ]),
      ...gateways.edits,
      ...policies.edits,
      // Requests pass a waypoint once the label is there, and then it needs the routes.
      ...(addsRoutes || !options.keepVirtualServices ? settlements.flatMap(waypointEdits) : []),
      ...(options.keepVirtualServices ? [] : patchEdits(patchesOf(settlements), successorsOf)),
    ],
    together: changedTogether([...settlements, ...alike], new Set(gateways.outputs.keys())),
    diagnostics,
  };
}

/** A kustomization is one of all alternatives, and so are its patches. */
function patchesOf(settlements: readonly Settlement[]): ReadonlyMap<AnyResource, readonly ObjectPatch[]> {
  const merged = new Map<AnyResource, readonly ObjectPatch[]>();
  for (const { facts } of settlements)
    for (const [object, patches] of facts.patches) if (!merged.has(object)) merged.set(object, patches);
  return merged;
}

function waypointEdits({ facts, units }: Settlement): readonly Edit[] {
  const converted = units.filter(({ held }) => !held).map(({ unit }) => unit);
  return createdWaypoints(facts, attachedScopes(converted)).edits;
}

/** Whether an object is of a kind that a conversion has a result for. */
export function isConvertible({ type }: AnyResource): boolean {
  return type === 'istio.VirtualService' || type === 'istio.DestinationRule' || type === 'istio.Gateway';
}

function keyOfRef(file: string, { kind, namespace, name }: ResourceRef): string {
  return `${file} ${kind} ${namespace}/${name}`;
}

function groupByObject(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.resource === undefined) continue;
    const key = keyOfRef(diagnostic.location.file, diagnostic.resource);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [diagnostic]);
    else known.push(diagnostic);
  }
  return groups;
}
