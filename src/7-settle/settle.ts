import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { groupBy } from '../3-link/group-by.ts';
import { groupsOf, restOfGroups } from '../3-link/groups.ts';
import { hostsOverlap, isWildcard } from '../3-link/hostname.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { connectionClaims } from '../4-translate/connection-claims.ts';
import { reportLimit, withinLimits } from '../4-translate/limit.ts';
import { chooseRouteKinds } from '../5-order/grpc-route.ts';
import { type OrderedPlan, orderPlans } from '../5-order/order-plans.ts';
import { backendTLSPolicies } from '../6-emit/backend-tls-policies.ts';
import type { Output } from '../6-emit/edit.ts';
import { withHooks } from '../6-emit/hooks.ts';
import { httpRoutesOf, isThere } from '../6-emit/http-routes.ts';
import { layer4RoutesOf } from '../6-emit/layer-4-routes.ts';
import { referenceGrants } from '../6-emit/reference-grants.ts';
import { withSyncWaves } from '../6-emit/sync-waves.ts';
import { serviceKeyOf, usedVersions, versionServices } from '../6-emit/version-services.ts';
import { createdWaypoints } from '../6-emit/waypoints.ts';
import { LimitReached } from '../budget.ts';
import type { Proof } from '../conversion.ts';
import type { Finding, Report } from '../diagnostics/diagnostic.ts';
import type { Difference } from '../semantics/compare.ts';
import { describeRequest } from '../semantics/describe.ts';
import type { Outcome } from '../semantics/outcome.ts';
import { holdBackFiltered } from './around/envoy-filters.ts';
import { holdBackAttached } from './around/service-attachments.ts';
import { changesOf } from './changes.ts';
import { buildSides } from './conversion-vantages.ts';
import { holdBackLabelled, holdBackMentioned, holdBackPatched, reportRenaming } from './hold-back-patched.ts';
import { type GroupUnits, groupUnitsOf, holdBackTogether } from './hold-back-together.ts';
import { reportDeviations } from './implementations.ts';
import { holdBackOnInvalid, invalidObjects } from './invalid-objects.ts';
import { holdBackMeshDefaults, holdBackRootNamespace } from './mesh-defaults.ts';
import { holdBackOtherNamespace } from './other-namespace.ts';
import { proofPlaces, translatedPlaces } from './proof-places.ts';
import { prove } from './prove.ts';
import { proveConnections } from './prove-connections.ts';
import { holdBackBesideRoutes } from './routes-there.ts';
import { reportRoutesTogether } from './routes-together.ts';
import { SampledRequests } from './sampled-requests.ts';
import { neededGateways, type SettledGateway, translateGateways } from './settle-gateways.ts';
import type { Settlement } from './settlement.ts';
import { holdBackApart } from './shared-gateway-hosts.ts';
import { holdBackUnstaged } from './stages.ts';
import { neighboursOf, touchedBy } from './touched.ts';
import { attachedScopes, isHeld, translateUnit, type Unit } from './unit.ts';
import { holdBackUnknownFields } from './unknown-fields.ts';
import { holdBackUnknownKinds } from './unknown-kinds.ts';
import { answeringFor, answeringForConnection } from './unproven/gateway-behind-route.ts';
import { reportUnprovenConnection, reportUnprovenGroup } from './unproven/report-unproven.ts';

/** How often each VirtualService makes `settle` tell of progress: when it is translated, and when it is proven. */
export const SETTLING_STEPS = 2;

/**
 * Takes VirtualServices through translation, order and proof. VirtualServices that share a host convert together or not at all.
 *
 * @param candidates all that may be converted; those that belong together with the ones to settle and are settled in another
 * run count for that
 * @param earlier what was said while reading
 * @param step called for each step of the work
 * @param shown how many of the requests that prove a VirtualService are kept
 */
export function settle(
  facts: Facts,
  virtualServices: readonly ResolvedVirtualService[],
  candidates: readonly ResolvedVirtualService[],
  earlier: readonly Finding[],
  step: () => void = () => undefined,
  shown = 0,
): Settlement {
  const members = new Set(virtualServices);
  const groups = groupsOf(facts);
  const settled = new Set([...virtualServices, ...restOfGroups(groups, virtualServices, candidates)]);
  // In the order of their age, which decides where several share a host.
  const claims = connectionClaims(facts);
  const invalid = invalidObjects(facts.resources, earlier);
  const units = facts.virtualServices
    .filter(vs => settled.has(vs))
    .map((vs, owner) => {
      step();
      return translateUnit(facts, vs, invalid, owner, claims);
    });
  // An object with a field that nothing here knows is in the cluster.
  const refused = earlier.filter(({ code }) => code !== 'field-not-known');
  holdBackOnInvalid(facts, units, invalidObjects(facts.resources, refused));
  const grouped = groupUnitsOf(groups, units);
  holdBackApart(facts, groups, grouped);
  const gateways = translateGateways(facts, units);
  holdBackUnknownFields(facts, units, earlier);
  holdBackMeshDefaults(facts, units);
  holdBackRootNamespace(facts, units);
  holdBackAttached(facts, units);
  holdBackUnknownKinds(facts, units);
  holdBackPatched(facts, units);
  holdBackMentioned(facts, units);
  reportRenaming(facts, units);
  holdBackLabelled(facts, units);
  holdBackTogether(groups, grouped);
  const report = reportTo(units);
  const arranged = orderPlans(
    facts,
    units.filter(unit => !isHeld(unit)).flatMap(({ plans }) => plans),
    report,
  );
  const ordered = chooseRouteKinds(facts, arranged, report);
  holdBackTogether(groups, grouped);
  const written = units.filter(unit => !isHeld(unit));
  const routes = outputsOf(facts, written, ordered);
  holdBackFiltered(facts, written, routes);
  holdBackOtherNamespace(facts, written, routes);
  if (facts.options.stage === '2b') holdBackUnstaged(facts, written, gateways, routes);
  holdBackBesideRoutes(facts, written, [...routes.values()].flat());
  holdBackTogether(groups, grouped);
  const free = written.filter(unit => !isHeld(unit));
  const outputs = free.length === written.length ? routes : outputsOf(facts, free, ordered);
  const first = proveGroups(facts, free, outputs, grouped, gateways, step, shown);
  const proofs = new Map(first.proofs);
  let open = first.open;
  holdBackTogether(groups, grouped);
  let left = free.filter(unit => !isHeld(unit));
  let made = outputs;
  const proveAgain = (again: readonly GroupUnits[]): void => {
    made = outputsOf(facts, left, ordered);
    const anew = proveGroups(facts, left, made, again, gateways, () => undefined, shown);
    for (const [unit, proof] of anew.proofs) proofs.set(unit, proof);
    open = anew.open;
    holdBackTogether(groups, grouped);
    left = left.filter(unit => !isHeld(unit));
  };
  for (let proven = free; left.length < proven.length; ) {
    // A VirtualService that is held back for its proof stays, and the others were proven without it.
    const staying = proven.filter(isHeld);
    const again = [
      ...new Set([
        ...groupsCovered(grouped, staying),
        ...open,
        ...(staying.length === 0 ? [] : groupsWithMore(grouped, made, outputsOf(facts, left, ordered))),
      ]),
    ];
    proven = left;
    if (again.length === 0) break;
    proveAgain(again);
  }
  // A VirtualService that is held back for its proof leaves names and Services to others.
  if (left.length < free.length) made = outputsOf(facts, left, ordered);
  // The proof of the whole conversion comes first, so that no stage converts an object that the others leave.
  holdBackUnstaged(facts, left, gateways, made);
  holdBackTogether(groups, grouped);
  const prepared = left.filter(unit => !isHeld(unit));
  if (prepared.length < left.length) {
    left = prepared;
    proveAgain(grouped);
    made = outputsOf(facts, left, ordered);
  }
  reportRoutesTogether(left, made);
  reportDeviations(left, made, facts.options.profile);
  return {
    facts,
    groups,
    gateways,
    units: units
      .filter(({ vs }) => members.has(vs))
      .map(unit => ({
        unit,
        held: isHeld(unit),
        outputs: made.get(unit) ?? [],
        proof: proofs.get(unit),
      })),
  };
}

/**
 * The groups that have hosts in common with what stays, by a wildcard inside the mesh: whoever names a host more closely does not
 * belong together with it, and leaves it the requests that its routes do not match.
 */
function groupsCovered(grouped: readonly GroupUnits[], staying: readonly Unit[]): readonly GroupUnits[] {
  const hostsOf = ({ vs }: Unit) => (vs.gateways.includes('mesh') ? vs.hosts : []);
  const stay = staying.flatMap(hostsOf);
  if (stay.length === 0) return [];
  return grouped.filter(({ units }) =>
    units.some(unit =>
      hostsOf(unit).some(host =>
        stay.some(other => (isWildcard(host) || isWildcard(other)) && hostsOverlap(host, other)),
      ),
    ),
  );
}

/**
 * The groups that now write an object which another VirtualService wrote for them when they were proven: a Service of a version, its
 * DestinationRule, a ReferenceGrant. Its places were looked at for that one alone.
 */
function groupsWithMore(
  grouped: readonly GroupUnits[],
  before: ReadonlyMap<Unit, readonly Output[]>,
  after: ReadonlyMap<Unit, readonly Output[]>,
): readonly GroupUnits[] {
  const keysOf = (outputs: readonly Output[] = []) => outputs.map(({ resource }) => nameKey(resource));
  return grouped.filter(({ units }) =>
    units.some(unit => {
      const known = new Set(keysOf(before.get(unit)));
      return keysOf(after.get(unit)).some(key => !known.has(key));
    }),
  );
}

/** Sends what is said of an object to the units it is part of. */
function reportTo(units: readonly Unit[]): Report {
  const byResource = new Map<string, Unit[]>();
  const add = (
    resource: { readonly kind: string; readonly namespace: string; readonly name: string },
    unit: Unit,
  ) => {
    const key = `${resource.kind} ${resource.namespace}/${resource.name}`;
    const known = byResource.get(key);
    if (known === undefined) byResource.set(key, [unit]);
    else if (!known.includes(unit)) known.push(unit);
  };
  for (const unit of units) {
    add(unit.vs.resource, unit);
    for (const { origin } of unit.vs.http) add(origin.resource, unit);
  }
  return (code, place, args, related) => {
    const { resource } = place;
    const key = resource === undefined ? '' : `${resource.kind} ${resource.namespace}/${resource.name}`;
    for (const unit of byResource.get(key) ?? []) unit.report(code, place, args, related);
  };
}

/** Writes everything that a set of units needs, as long as none of the others is there. */
function outputsOf(
  facts: Facts,
  units: readonly Unit[],
  ordered: readonly OrderedPlan[],
): ReadonlyMap<Unit, readonly Output[]> {
  const made = new Set<string>();
  const byPlan = groupBy(ordered, ({ plan }) => plan.part?.of ?? plan);
  const outputs = new Map<Unit, Output[]>();
  for (const unit of units) {
    const own = unit.plans.flatMap(plan => byPlan.get(plan) ?? []);
    const isTaken = (route: AnyResource) =>
      made.has(nameKey(route)) || (facts.byName.has(nameKey(route)) && !isThere(facts, route));
    const routes = httpRoutesOf(facts, own, isTaken);
    const connections = layer4RoutesOf(facts, unit.connections, own.length === 0, isTaken);
    for (const { resource } of [...routes, ...connections]) made.add(nameKey(resource));
    outputs.set(unit, [...routes, ...connections]);
  }
  const bySource = new Map(units.map(unit => [unit.vs.resource.source, unit]));
  const used = units
    .filter(({ plans, connections }) => plans.length + connections.length > 0)
    .flatMap(({ vs }) => usedVersions(facts, vs));
  const routes = [...outputs.values()].flat();
  const waypoints = createdWaypoints(facts, attachedScopes(units)).outputs;
  const extras = [
    ...waypoints,
    ...versionServices(facts, used, routes),
    ...backendTLSPolicies(
      facts,
      units.map(({ vs }) => vs),
    ),
    ...referenceGrants(facts, routes),
  ];
  for (const extra of extras) {
    const unit = bySource.get(extra.neededBy?.source ?? extra.home);
    if (unit !== undefined) outputs.get(unit)?.push(extra);
  }
  return withSyncWaves(facts, withHooks(outputs), new Set(used.flatMap(serviceKeyOf)));
}

/** How units were checked. */
interface GroupProofs {
  readonly proofs: ReadonlyMap<Unit, Proof>;
  /** Groups with a difference that units of other groups answer for, to be proven without these. */
  readonly open: readonly GroupUnits[];
}

/** @returns how each unit was checked; what nobody declared is reported, and holds back */
function proveGroups(
  facts: Facts,
  free: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
  grouped: readonly GroupUnits[],
  gateways: readonly SettledGateway[],
  step: () => void,
  shown: number,
): GroupProofs {
  const needed = neededGateways(facts, gateways, free);
  const changes = changesOf(facts, free, needed.keys());
  const sides = buildSides(
    facts,
    free.flatMap(({ plans }) => plans),
    free.flatMap(({ connections }) => connections),
    [...[...needed.values()].flat(), ...[...outputs.values()].flat()],
    changes,
  );
  const { places, connectionPlaces } = proofPlaces(facts, sides);
  const neighbours = neighboursOf(facts);
  const translated = translatedPlaces(free);
  const proofs = new Map<Unit, Proof>();
  const open: GroupUnits[] = [];
  for (const group of grouped) {
    const { units } = group;
    const members = units.filter(unit => !isHeld(unit));
    for (const _ of units) step();
    if (members.length === 0) continue;
    const declarations = members.flatMap(unit =>
      unit.declarations.map(declaration => ({ unit, declaration })),
    );
    const made = members.flatMap(unit => outputs.get(unit) ?? []);
    const touched = touchedBy(facts, changes, members, made, neighbours);
    const deviations = declarations.map(({ declaration }) => declaration.deviation);
    const budget = facts.budget.forGroup();
    const samples = shown === 0 ? undefined : new SampledRequests();
    const result = withinLimits(() =>
      prove(places(touched, members), deviations, translated(members), budget, samples),
    );
    if (result instanceof LimitReached) {
      for (const { vs, report } of members) reportLimit(vs, result, report);
      continue;
    }
    const ofConnections = proveConnections(connectionPlaces(touched), members, deviations);
    const [undeclared] = result.undeclared;
    const [connection] = ofConnections.differences;
    const requests = result.requests + ofConnections.connections;
    const answering = {
      request: undeclared === undefined ? [] : answeringFor(facts, free, members, undeclared.difference),
      connection: connection === undefined ? [] : answeringForConnection(facts, free, members, connection),
    };
    const blamed = [...answering.request, ...answering.connection];
    if (blamed.some(unit => !members.includes(unit))) open.push(group);
    if (undeclared !== undefined)
      reportUnprovenGroup(facts, sides, answering.request, free, outputs, undeclared);
    for (const unit of answering.connection)
      if (connection !== undefined)
        reportUnprovenConnection(facts, sides, unit, outputs.get(unit) ?? [], connection);
    for (const unit of members) {
      const own = outputs.get(unit) ?? [];
      if (requests === 0 && made.length > 0)
        unit.report('nothing-tried', placeOf(unit.vs.resource, 'spec', 'hosts'), {});
      if (result.sampled)
        unit.report('proof-sampled', placeOf(unit.vs.resource, 'spec', 'http'), {
          requests: result.requests,
        });
      proofs.set(unit, {
        requests,
        together: members.length,
        sampled: result.sampled,
        differences: new Set(
          unit.declarations.flatMap(({ deviation }) => [
            ...(result.declared.get(deviation) ?? []),
            ...(ofConnections.declared.get(deviation) ?? []),
          ]),
        ).size,
        declared: unit.declarations
          .filter(({ deviation }) => result.declared.has(deviation) || ofConnections.declared.has(deviation))
          .map(({ code, deviation: { aspects } }) => ({ code, aspects })),
        ...(samples && { shown: samples.of(unit.vs.resource, own, shown) }),
      });
    }
    for (const { unit, declaration } of declarations) {
      const example = result.examples.get(declaration.deviation);
      const request =
        example === undefined
          ? [...(ofConnections.declared.get(declaration.deviation) ?? [])][0]
          : describeRequest(example.request);
      if (request === undefined) continue;
      const args = { ...declaration.args, request, ...pathsOf(example) };
      unit.report(declaration.code, declaration.place, args as never, declaration.related);
    }
  }
  return { proofs, open };
}

/** The paths that a backend gets of a request before and after. */
function pathsOf(example: Difference | undefined): { readonly oldPath: string; readonly newPath: string } {
  const path = (outcome: Outcome | undefined) => (outcome?.kind === 'forward' ? outcome.path : 'none');
  return { oldPath: path(example?.before.outcome), newPath: path(example?.after.outcome) };
}
