import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { groupBy } from '../3-link/group-by.ts';
import type { OrderedPlan } from '../5-order/order-plans.ts';
import { backendTLSPolicies } from '../6-emit/backend-tls-policies.ts';
import type { Output } from '../6-emit/edit.ts';
import { withHooks } from '../6-emit/hooks.ts';
import { httpRoutesOf, isThere } from '../6-emit/http-routes.ts';
import { layer4RoutesOf } from '../6-emit/layer-4-routes.ts';
import { referenceGrants } from '../6-emit/reference-grants.ts';
import { withSyncWaves } from '../6-emit/sync-waves.ts';
import { serviceKeyOf, usedVersions, versionServices } from '../6-emit/version-services.ts';
import { createdWaypoints } from '../6-emit/waypoints.ts';
import { attachedScopes, type Unit } from './unit.ts';

/** Writes everything that a set of units needs, as long as none of the others is there. */
export function outputsOf(
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
