import type { Facts } from '../3-link/facts.ts';
import type { GatewayTarget } from '../3-link/scopes.ts';
import type { Output } from '../6-emit/edit.ts';
import { placeOf } from '../diagnostics/diagnostic.ts';
import { describeOutcome, describeRequest } from '../semantics/describe.ts';
import type { prove } from './prove.ts';
import type { ConnectionDifference } from './prove-connections.ts';
import { foreignRoute } from './routes-there.ts';
import { attachedScopes, type Unit } from './unit.ts';

/**
 * Holds a VirtualService back for a request that would change its fate, and says why where that is known: Gateways that
 * become one, a route that is there already. What is left is a fault of the conversion.
 *
 * @param company the VirtualServices that are converted along with it
 */
export function reportUnproven(
  facts: Facts,
  unit: Unit,
  company: readonly Unit[],
  outputs: readonly Output[],
  { request, before, after, aspects }: ReturnType<typeof prove>['undeclared'][number]['difference'],
): void {
  const args = {
    request: describeRequest(request),
    before: describeOutcome(before.outcome, aspects),
    after: describeOutcome(after.outcome, aspects),
  };
  const joined = joinedGateways(unit, company);
  const found = foreignRoute(facts, unit, outputs);
  if (joined !== undefined)
    unit.report('gateways-become-one', placeOf(unit.vs.resource, 'spec', 'gateways'), { ...joined, ...args });
  else if (found !== undefined) {
    const { route, service } = found;
    const other = `${route.kind} ${route.namespace}/${route.name}`;
    const place = placeOf(unit.vs.resource, 'spec', 'hosts');
    const related =
      route.source === undefined ? [] : [{ message: 'the route', place: placeOf(route, 'metadata', 'name') }];
    unit.report('host-has-a-route', place, { host: service, other, ...args }, related);
  } else unit.report('not-proven', placeOf(unit.vs.resource, 'metadata', 'name'), args);
}

/** Istio Gateways that are mapped to the same Gateway as one of a unit, or to the same listener of it. */
function joinedGateways(
  unit: Unit,
  company: readonly Unit[],
): { readonly gateways: string; readonly target: string } | undefined {
  const byTarget = new Map<string, Set<string>>();
  for (const { scope } of attachedScopes(company)) {
    if (scope.kind !== 'gateway') continue;
    const target = targetName(scope.target);
    byTarget.set(target, (byTarget.get(target) ?? new Set()).add(scope.gateway));
  }
  const own = attachedScopes([unit]).flatMap(({ scope }) =>
    scope.kind === 'gateway' ? [targetName(scope.target)] : [],
  );
  const found = own.find(target => (byTarget.get(target)?.size ?? 0) > 1);
  return found === undefined
    ? undefined
    : { gateways: [...(byTarget.get(found) ?? [])].join(' and '), target: found };
}

function targetName({ namespace, name, sectionName }: GatewayTarget): string {
  return `${namespace}/${name}${sectionName === undefined ? '' : `#${sectionName}`}`;
}

/** The same for a connection. */
export function reportUnprovenConnection(
  unit: Unit,
  { connection, before, after }: ConnectionDifference,
): void {
  unit.report('not-proven', placeOf(unit.vs.resource, 'metadata', 'name'), {
    request: `connections to ${connection}`,
    before,
    after,
  });
}
