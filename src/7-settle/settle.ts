import type { Facts } from '../3-link/facts.ts';
import { gatewaysBeside } from '../3-link/gateways/gateways-beside.ts';
import { groupsOf, restOfGroups } from '../3-link/groups.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { connectionClaims } from '../4-translate/connection-claims.ts';
import { chooseRouteKinds } from '../5-order/grpc-route.ts';
import { orderPlans } from '../5-order/order-plans.ts';
import type { Finding, Report } from '../diagnostics/diagnostic.ts';
import { holdBackFiltered } from './around/envoy-filters.ts';
import { holdBackAttached } from './around/service-attachments.ts';
import { reportAssumedServices } from './assumed-services.ts';
import { holdBackLabelled, holdBackMentioned, holdBackPatched, reportRenaming } from './hold-back-patched.ts';
import { groupUnitsOf, holdBackTogether } from './hold-back-together.ts';
import { holdBackHostsOfCanaries } from './hosts-of-canaries.ts';
import { reportDeviations } from './implementations.ts';
import { holdBackOnInvalid, invalidObjects } from './invalid-objects.ts';
import { holdBackMeshDefaults, holdBackRootNamespace, holdBackServiceSettings } from './mesh-defaults.ts';
import { holdBackOtherNamespace } from './other-namespace.ts';
import type { UnitProof } from './prove-group.ts';
import { proveGroups } from './prove-groups.ts';
import { reportSetters } from './report-setters.ts';
import { holdBackBesideRoutes } from './routes-there.ts';
import { reportRoutesTogether } from './routes-together.ts';
import { translateGateways } from './settle-gateways.ts';
import { outputsOf } from './settled-outputs.ts';
import type { Settlement } from './settlement.ts';
import { holdBackApart } from './shared-gateway-hosts.ts';
import { holdBackUnstaged } from './stages.ts';
import { isHeld, translateUnit, type Unit } from './unit.ts';
import { holdBackUnknownFields } from './unknown-fields.ts';
import { holdBackUnknownKinds, reportMutating } from './unknown-kinds.ts';

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
  const beside = gatewaysBeside(facts, groups);
  const invalid = invalidObjects(facts.resources, earlier);
  const units = facts.virtualServices
    .filter(vs => settled.has(vs))
    .map((vs, owner) => {
      step();
      return translateUnit(facts, vs, invalid, owner, claims, beside);
    });
  // An object with a field that nothing here knows is in the cluster.
  const refused = earlier.filter(({ code }) => code !== 'field-not-known');
  holdBackOnInvalid(facts, units, invalidObjects(facts.resources, refused));
  const grouped = groupUnitsOf(groups, units);
  holdBackApart(facts, groups, grouped, beside);
  const gateways = translateGateways(facts, units);
  holdBackUnknownFields(facts, units, earlier);
  holdBackMeshDefaults(facts, units);
  holdBackServiceSettings(facts, units);
  holdBackRootNamespace(facts, units);
  holdBackAttached(facts, units);
  holdBackUnknownKinds(facts, units);
  reportMutating(facts, units);
  holdBackHostsOfCanaries(facts, units);
  holdBackPatched(facts, units);
  holdBackMentioned(facts, units);
  reportRenaming(facts, units);
  reportSetters(facts, units);
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
  const proofs = new Map<Unit, UnitProof>();
  let left = free;
  let made = outputs;
  // A VirtualService that is held back stays, and leaves names and Services to the others, which are then proven anew.
  const isLess = (): boolean => {
    holdBackTogether(groups, grouped);
    const kept = left.filter(unit => !isHeld(unit));
    if (kept.length === left.length) return false;
    left = kept;
    made = outputsOf(facts, left, ordered);
    return true;
  };
  let progress = step;
  do {
    do {
      for (const [unit, proof] of proveGroups(facts, groups, left, made, grouped, gateways, progress, shown))
        proofs.set(unit, proof);
      progress = () => undefined;
    } while (isLess());
    // The proof of the whole conversion comes first, so that no stage converts an object that the others leave.
    holdBackUnstaged(facts, left, gateways, made);
  } while (isLess());
  for (const { tell } of proofs.values()) tell();
  reportRoutesTogether(facts, left, made);
  reportAssumedServices(facts, left, members);
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
        proof: proofs.get(unit)?.proof,
      })),
  };
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
