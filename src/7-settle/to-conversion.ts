import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, isRoute, isType, nameKey, type Resource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { controllerOf } from '../3-link/gitops/controllers.ts';
import type { ObjectPatch } from '../3-link/gitops/kustomize-patches.ts';
import { isDelegate, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { type EmptiedRule, emptiedRules, type SettledCluster } from '../6-emit/destination-rules.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import { gatewayOutputs, type TranslatedGateway } from '../6-emit/gateways.ts';
import { isThere } from '../6-emit/http-routes.ts';
import { patchEdits } from '../6-emit/kustomize-patches.ts';
import { noteReleased } from '../6-emit/released-subsets.ts';
import { createdWaypoints } from '../6-emit/waypoints.ts';
import { retake } from '../6-emit/written-before.ts';
import type { Conversion, ConvertedResource, Status } from '../conversion.ts';
import { entryOf, refuses } from '../diagnostics/catalog.ts';
import { type Diagnostic, type Finding, keyOf } from '../diagnostics/diagnostic.ts';
import { collect, isWithin, type Locate, locator, toDiagnostics } from '../diagnostics/locate.ts';
import { type ResourceRef, refOf } from '../diagnostics/resource-ref.ts';
import type { Options } from '../options.ts';
import type { Source, SourceDocument, SourceFile } from '../yaml/source.ts';
import { settleExtensions } from './around/extensions.ts';
import type { ConvertedGateway } from './around/gateway-policies.ts';
import { settlePolicies } from './around/policies.ts';
import { changedTogether } from './changed-together.ts';
import { withoutConvertible } from './convertible-annotation.ts';
import { settleGitops } from './gitops.ts';
import { heedIgnores } from './ignore.ts';
import { outputEdits, withoutRepeats } from './output-edits.ts';
import { allOutputs, neededGateways } from './settle-gateways.ts';
import type { SettledUnit, Settlement } from './settlement.ts';
import { ofStage, settlementsOfStage, workOf } from './stages.ts';
import { attachedScopes, isError, type Unit } from './unit.ts';

/** A conversion, and what became of each object. */
export interface DetailedConversion extends Conversion {
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
    ...units.flatMap(({ unit, held }) => (held ? findingsOfHeld(unit) : withoutDropped(unit.findings))),
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

/** The errors count for an object that is held back; where nothing applies, all diagnostics tell why. */
function findingsOfHeld({ findings }: Unit): readonly Finding[] {
  const errors = findings.filter(isError);
  const appliesNowhere = errors.length > 0 && errors.every(({ code }) => code === 'nothing-to-attach');
  return appliesNowhere ? findings : errors;
}

/** Nothing else is worth knowing of an object that is dropped as a whole. */
function withoutDropped(findings: readonly Finding[]): readonly Finding[] {
  const dropped = findings.filter(({ code }) => code === 'never-reached').map(({ place }) => place);
  return findings.filter(
    ({ code, place }) =>
      code === 'never-reached' ||
      !dropped.some(
        ({ document, path }) =>
          document === place.document &&
          path.length < place.path.length &&
          path.every((part, index) => part === place.path[index]),
      ),
  );
}

/** Alternatives are settled each in a cluster of its own; what none of them settled stays. */
function clustersOf(settlements: readonly Settlement[]): readonly SettledCluster[] {
  const settled = new Set(settlements.flatMap(({ units }) => units.map(({ unit }) => unit.vs.resource)));
  return settlements.map(({ facts, units }) => ({
    facts,
    converted: units.filter(({ held }) => !held).map(({ unit }) => unit.vs),
    kept: [
      ...units.filter(({ held }) => held).map(({ unit }) => unit.vs),
      ...facts.virtualServices.filter(({ resource }) => !settled.has(resource)),
    ],
  }));
}

/** The same with other DestinationRules. A VirtualService that is not converted may be deployed with these, too. */
function clustersBeside(
  settlements: readonly Settlement[],
  alike: readonly Settlement[],
): readonly SettledCluster[] {
  const converted = new Set(
    settlements.flatMap(({ units }) => units.flatMap(({ unit, held }) => (held ? [] : [unit.vs.resource]))),
  );
  return alike.map(({ facts, units }) => ({
    facts,
    converted: units.map(({ unit }) => unit.vs),
    kept: facts.virtualServices.filter(({ resource }) => !converted.has(resource)),
  }));
}

/** Requests that were tried count as far as the VirtualServices are converted in the end. */
function ofConverted(tried: readonly Settlement[], units: readonly SettledUnit[]): readonly Settlement[] {
  const converted = new Set(units.flatMap(({ unit, held }) => (held ? [] : [unit.vs.resource])));
  return tried.map(settlement => ({
    ...settlement,
    units: settlement.units.filter(({ unit }) => converted.has(unit.vs.resource)),
  }));
}

/** Diagnostics of a VirtualService with another DestinationRule alone. */
function newFindings({ vs, findings }: Unit, units: readonly SettledUnit[]): readonly Finding[] {
  const keyOfFinding = ({ code, place, args }: Finding): string =>
    JSON.stringify([code, place.file.path, place.document?.index, place.path, args]);
  const own = units.find(({ unit }) => unit.vs.resource === vs.resource);
  const said = new Set(own?.unit.findings.map(keyOfFinding));
  return withoutDropped(findings).filter(finding => !said.has(keyOfFinding(finding)));
}

function isConvertible({ type }: AnyResource): boolean {
  return type === 'istio.VirtualService' || type === 'istio.DestinationRule' || type === 'istio.Gateway';
}

/** Subsets stay that no VirtualService of the input refers to, or that a text may use which nobody could read. */
function stayingSubsets(rules: readonly EmptiedRule[]): readonly Finding[] {
  const { report, findings } = collect();
  for (const { rule, unused, mentioned } of rules) {
    for (const { index, path } of mentioned) {
      const subset = rule.spec.subsets?.[index]?.name ?? '';
      report('subset-still-needed', placeOf(rule, 'spec', 'subsets', index, 'name'), { subset, path });
    }
    for (const index of unused) {
      const subset = rule.spec.subsets?.[index]?.name ?? '';
      report('subset-unused', placeOf(rule, 'spec', 'subsets', index, 'name'), { subset });
    }
  }
  return findings;
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

interface Delegates {
  readonly converted: ReadonlySet<AnyResource>;
  readonly findings: readonly Finding[];
}

/** A delegate goes when all who delegate to it are converted; of one that nobody names it is said so. */
function delegatesOf(inputs: readonly AnyResource[], settlements: readonly Settlement[]): Delegates {
  const { report, findings } = collect();
  const roots = new Map<AnyResource, (ResolvedVirtualService | undefined)[]>();
  const add = (vs: ResolvedVirtualService, isConverted: boolean) => {
    for (const { origin } of vs.http) {
      if (origin.root === undefined) continue;
      const delegate = origin.resource as AnyResource;
      roots.set(delegate, [...(roots.get(delegate) ?? []), isConverted ? undefined : vs]);
    }
  };
  for (const { converted, kept } of clustersOf(settlements)) {
    for (const vs of converted) add(vs, true);
    for (const vs of kept) add(vs, false);
  }
  const converted = new Set<AnyResource>();
  for (const delegate of inputs.filter(isType('istio.VirtualService')).filter(isDelegate)) {
    const uses = roots.get(delegate);
    const owner = settlements
      .map(({ facts }) => controllerOf(facts.controllers, delegate, facts.virtualServicesByName))
      .find(one => one !== undefined);
    if (owner !== undefined) {
      report('owned-by-controller', keyOf(placeOf(delegate, 'metadata')), {
        owner: owner.name,
        sign: owner.sign,
      });
      continue;
    }
    if (uses === undefined) report('delegate-unused', keyOf(placeOf(delegate, 'spec')), {});
    else {
      const kept = uses.find(root => root !== undefined);
      const mentioned = settlements
        .map(({ facts }) => facts.mentions.ofVirtualService(delegate))
        .find(path => path !== undefined);
      if (kept === undefined && mentioned === undefined) converted.add(delegate);
      else if (kept === undefined)
        report('named-in-unread-text', keyOf(placeOf(delegate, 'spec')), {
          object: `VirtualService ${delegate.namespace}/${delegate.name}`,
          path: mentioned ?? '',
        });
      else {
        const root = `VirtualService ${kept.namespace}/${kept.name}`;
        report('delegate-of-held-back', keyOf(placeOf(delegate, 'spec')), { root }, [
          { message: 'not converted', place: placeOf(kept.resource, 'metadata', 'name') },
        ]);
      }
    }
  }
  return { converted, findings };
}

function statusOf(
  resource: AnyResource,
  unit: SettledUnit | undefined,
  diagnostics: readonly Diagnostic[],
  changed: boolean,
): Status {
  if (unit?.held === true) return 'held-back';
  if (unit === undefined && !changed) {
    const broken = diagnostics.some(({ fate }) => refuses(fate));
    return broken && resource.type !== 'istio.DestinationRule' ? 'held-back' : 'skipped';
  }
  const said = unit === undefined ? [] : withoutDropped(unit.unit.findings);
  const differs = said.some(({ code }) => entryOf(code).fate === 'approximate');
  return differs || diagnostics.some(({ fate }) => fate === 'approximate') ? 'approximate' : 'converted';
}

/** An object that is held back only for reasons that its owner knows of is left alone on purpose. */
function leftAlone(status: Status, diagnostics: readonly Diagnostic[], isHeeded: boolean): Status {
  const isError = diagnostics.some(({ fate }) => refuses(fate));
  return status === 'held-back' && isHeeded && !isError ? 'skipped' : status;
}

/** While reading, the namespace of an object that does not name its own is not known yet. */
function withNamespaces(findings: readonly Finding[], resources: readonly AnyResource[]): readonly Finding[] {
  const byDocument = new Map<SourceDocument, AnyResource[]>();
  for (const resource of resources) {
    if (resource.source === undefined) continue;
    const known = byDocument.get(resource.source.document);
    if (known === undefined) byDocument.set(resource.source.document, [resource]);
    else known.push(resource);
  }
  return findings.map(finding => {
    const { place } = finding;
    const candidates = place.document === undefined ? [] : (byDocument.get(place.document) ?? []);
    const owner = candidates.find(({ source }) => source !== undefined && isWithin(place, source));
    return owner === undefined ? finding : { ...finding, place: { ...place, resource: refOf(owner) } };
  });
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

interface Gateways {
  readonly outputs: ReadonlyMap<AnyResource, readonly Output[]>;
  readonly converted: readonly ConvertedGateway[];
  readonly edits: readonly Edit[];
  readonly findings: readonly Finding[];
}

/** The Gateway that an earlier run wrote, behind which its redirecting route comes. */
function lastThere(facts: Facts, translated: TranslatedGateway): Source | undefined {
  const there = gatewayOutputs(translated, facts)
    .filter(({ resource }) => !isRoute(resource))
    .map(({ resource }) => facts.byName.get(nameKey(resource)))
    .filter(found => found !== undefined && facts.inputs.has(found));
  return there.at(-1)?.source;
}

/** A Gateway gives way when everybody bound to it is converted; as long as somebody needs it, the new one goes beside it. */
function gatewaysOf(
  inputs: readonly AnyResource[],
  settlements: readonly Settlement[],
  options: Options,
): Gateways {
  const { report, findings } = collect();
  const outputs = new Map<AnyResource, readonly Output[]>();
  const edits: Edit[] = [];
  const replaced: ConvertedGateway[] = [];
  const told: Finding[] = [];
  const clusters = clustersOf(settlements);
  const settledBy = settlements.map(({ facts, gateways, units }) => {
    const free = units.filter(({ held }) => !held).map(({ unit }) => unit);
    return {
      found: new Map(gateways.map(one => [one.istio.resource, one])),
      made: neededGateways(facts, gateways, free),
    };
  });
  const conversionsOf = (gateway: Resource<'istio.Gateway'>) =>
    settledBy.flatMap(({ found, made }) => {
      const one = found.get(gateway);
      return one === undefined ? [] : [{ found: one, made: made.get(gateway) ?? [] }];
    });
  for (const gateway of inputs.filter(isType('istio.Gateway'))) {
    const key = `${gateway.namespace}/${gateway.name}`;
    const settled = conversionsOf(gateway);
    const [first] = settled;
    if (first === undefined) {
      const isBound = clusters.some(({ facts }) =>
        facts.virtualServices.some(vs => vs.gateways.includes(key)),
      );
      if (!isBound && options.gateways === 'convert')
        report('gateway-unused', keyOf(placeOf(gateway, 'metadata', 'name')), {});
      continue;
    }
    const made = ofStage(options, settled.find(({ made: some }) => some.length > 0)?.made ?? []);
    const kept = clusters.flatMap(cluster => cluster.kept).filter(vs => vs.gateways.includes(key));
    const isConverted = clusters.some(({ converted }) => converted.some(vs => vs.gateways.includes(key)));
    told.push(...first.found.findings.filter(finding => isConverted || isError(finding)));
    const owner = settlements
      .map(({ facts }) => facts.controllers.gateways.get(key))
      .find(one => one !== undefined);
    const isOfPlatform = settlements.some(({ facts }) => facts.controllers.platformGateways.has(key));
    if (owner !== undefined && isOfPlatform)
      report('owned-by-controller', keyOf(placeOf(gateway, 'metadata')), {
        owner: owner.name,
        sign: owner.sign,
      });
    if (!isConverted || gateway.source === undefined) continue;
    outputs.set(gateway, made);
    const keep = settlements.some(({ facts }) => facts.options.keepVirtualServices);
    const mentioned = settlements.flatMap(({ facts }) => facts.mentions.ofGateway(gateway) ?? []);
    const users = [
      ...kept.map(vs => `VirtualService ${vs.namespace}/${vs.name} (not converted)`),
      ...mentioned.map(path => `${path} (not readable, may name it)`),
      ...(owner === undefined || isOfPlatform ? [] : [`${owner.name} (${owner.sign})`]),
    ];
    const stays = users.length > 0 || keep || owner !== undefined;
    replaced.push({ gateway, stays });
    if (users.length > 0) {
      report('gateway-still-needed', keyOf(placeOf(gateway, 'metadata', 'name')), {
        gateway: key,
        users: [...new Set(users)].join(', '),
      });
    }
    const [facts] = settlements.flatMap(one => (one.gateways.includes(first.found) ? [one.facts] : []));
    const { translated } = first.found;
    if (stays) {
      const written =
        options.stage === '1b' && facts !== undefined && translated !== undefined
          ? lastThere(facts, translated)
          : undefined;
      const source = written ?? gateway.source;
      if (made.length > 0) edits.push({ kind: 'append', source, outputs: made });
      continue;
    }
    const retaken =
      facts === undefined || translated === undefined || made.length > 0
        ? { outputs: made, edits: [] }
        : retake(
            facts,
            allOutputs(facts, translated).filter(({ resource }) => isThere(facts, resource)),
          );
    edits.push({ kind: 'replace', source: gateway.source, outputs: retaken.outputs }, ...retaken.edits);
  }
  return { outputs, converted: replaced, edits, findings: [...told, ...findings] };
}
