import type { Facts } from '../3-link/facts.ts';
import type { ConnectionPlan } from '../4-translate/connections.ts';
import { buildTCPRoute, buildTLSRoute } from '../gateway-api/builders.ts';
import { makeName } from '../gateway-api/names.ts';
import type { Output } from './edit.ts';
import { parentRefsOf } from './parent-refs.ts';
import { routeMetadata } from './route-metadata.ts';

/**
 * Writes the TLSRoutes and TCPRoutes of one VirtualService, each with exactly one rule.
 *
 * @param alone whether the VirtualService becomes nothing else, so that a sole route can have its name
 */
export function layer4RoutesOf(
  facts: Facts,
  plans: readonly ConnectionPlan[],
  alone: boolean,
  taken: (namespace: string, name: string) => boolean,
): readonly Output[] {
  const names = new Set<string>();
  return plans.flatMap(plan => {
    const home = plan.vs.resource.source;
    if (home === undefined) return [];
    const alike = plans.filter(({ kind }) => kind === plan.kind);
    const parts = [
      plan.vs.name,
      ...(alone && alike.length === plans.length ? [] : [plan.kind]),
      ...(alike.length > 1 ? [distinction(plan, alike)] : []),
    ];
    const isTaken = (name: string) => names.has(`${plan.namespace}/${name}`) || taken(plan.namespace, name);
    const name = makeName(parts, 'rfc1123-subdomain', isTaken);
    names.add(`${plan.namespace}/${name}`);
    const parentRefs = parentRefsOf(facts, plan);
    const rules = [{ backendRefs: plan.backendRefs }];
    const identity = { namespace: plan.namespace, metadata: routeMetadata(plan, name) };
    const resource =
      plan.kind === 'tls'
        ? buildTLSRoute(identity, { parentRefs, hostnames: plan.hostnames, rules })
        : buildTCPRoute(identity, { parentRefs, rules });
    return [
      { resource, home, origins: [{ output: ['spec', 'rules', 0], input: ['spec', plan.kind, plan.index] }] },
    ];
  });
}

/** The ports where they differ, else the place in the list. */
function distinction(plan: ConnectionPlan, plans: readonly ConnectionPlan[]): string {
  const portsOf = ({ scopes }: ConnectionPlan) =>
    [...new Set(scopes.map(scope => (scope.kind === 'mesh' ? scope.port?.number : scope.port)))].join('-');
  const own = portsOf(plan);
  const unique = own !== '' && plans.filter(other => portsOf(other) === own).length === 1;
  return unique ? own : String(plans.indexOf(plan) + 1);
}
