import { buildTCPRoute, buildTLSRoute } from '../2-decode/build-resource.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { makeName } from '../2-decode/valid-name.ts';
import type { Facts } from '../3-link/facts.ts';
import type { ConnectionPlan } from '../4-translate/connection-plans.ts';
import type { Output } from './edit.ts';
import { parentRefsOf } from './parent-refs.ts';
import { routeMetadata } from './route-metadata.ts';

/**
 * Writes the TLSRoutes and TCPRoutes of one VirtualService, each with exactly one rule.
 *
 * @param taken whether another object has the name of a route already
 * @param alone whether the VirtualService becomes nothing else, so that a sole route can have its name
 */
export function layer4RoutesOf(
  facts: Facts,
  plans: readonly ConnectionPlan[],
  alone: boolean,
  taken: (route: AnyResource) => boolean,
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
    const parentRefs = parentRefsOf(facts, plan);
    const rules = [{ backendRefs: plan.backendRefs }];
    const build = (name: string): AnyResource => {
      const identity = { namespace: plan.namespace, metadata: routeMetadata(plan, name) };
      return plan.kind === 'tls'
        ? buildTLSRoute(identity, { parentRefs, hostnames: plan.hostnames, rules })
        : buildTCPRoute(identity, { parentRefs, rules });
    };
    const isTaken = (name: string) =>
      names.has(`${plan.kind} ${plan.namespace}/${name}`) || taken(build(name));
    const name = makeName(parts, 'rfc1123-subdomain', isTaken);
    names.add(`${plan.kind} ${plan.namespace}/${name}`);
    return [
      {
        resource: build(name),
        home,
        scopes: plan.scopes,
        origins: [{ output: ['spec', 'rules', 0], input: ['spec', plan.kind, plan.index] }],
      },
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
