import { placeOf } from '../2-decode/place-of.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import type { Scope } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { connectionKey, lostConnections } from './connection-claims.ts';
import { type ConnectionPlan, plansFor } from './connection-plans.ts';
import { connectionScopes, isAtWaypoint } from './connection-scopes.ts';
import type { Translation } from './translation.ts';
import { reportSharedWaypoints } from './waypoint-connections.ts';

/**
 * Writes the tls and tcp entries of a VirtualService as routes, one for each entry and set of ports that it sends alike.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#tcproutespec
 */
export function translateConnections(
  translation: Translation,
  vs: ResolvedVirtualService,
): readonly ConnectionPlan[] {
  if (vs.tls.length + vs.tcp.length === 0 || vs.exportTo.includes('~')) return [];
  if (!isServed(translation, vs) || !isForEverybody(translation, vs)) return [];
  const plans = new Map<string, ConnectionPlan>();
  const lost = lostConnections(translation, vs);
  for (const port of connectionScopes(translation.facts, vs)) {
    const { scope } = port;
    for (const whole of plansFor(translation, vs, port)) {
      const plan = withoutLost(whole, scope, lost, isAtWaypoint(scope));
      if (plan === undefined) continue;
      reportMove(translation, vs, scope);
      const key = canonicalJson([
        plan.kind,
        plan.namespace,
        plan.hostnames,
        plan.backendRefs,
        scope.kind,
        plan.index,
      ]);
      const known = plans.get(key);
      plans.set(key, known === undefined ? plan : { ...known, scopes: [...known.scopes, scope] });
    }
  }
  const found = [...plans.values()];
  reportSharedWaypoints(translation, found);
  return found;
}

/** istiod takes TLSRoutes from Gateway API 1.5 on and TCPRoutes from 1.6 on (minimumversions.go). */
const served = [
  { field: 'tls', kind: 'TLSRoute', since: '1.5' },
  { field: 'tcp', kind: 'TCPRoute', since: '1.6' },
] as const;

function isServed({ facts, report }: Translation, vs: ResolvedVirtualService): boolean {
  const needed = served.filter(({ field }) => vs[field].length > 0);
  for (const { field, kind, since } of needed) {
    if (facts.options.gatewayApi < since)
      report('route-kind-version', placeOf(vs.resource, 'spec', field), { field, kind, since });
  }
  return needed.every(({ since }) => facts.options.gatewayApi >= since);
}

/** On sidecars a TLSRoute or a TCPRoute is for clients of all namespaces, wherever it is (listener.go). */
function isForEverybody(translation: Translation, vs: ResolvedVirtualService): boolean {
  const { facts, report } = translation;
  if (vs.exportTo.includes('*')) return true;
  const isMesh = connectionScopes(facts, vs).some(
    ({ scope }) => scope.kind === 'mesh' && scope.dataPlane === 'sidecar',
  );
  if (isMesh)
    report('connection-export-to', placeOf(vs.resource, 'spec', 'exportTo'), {
      namespaces: vs.exportTo.join(', '),
    });
  return !isMesh;
}

function reportMove({ report }: Translation, vs: ResolvedVirtualService, scope: Scope): void {
  if (scope.kind !== 'mesh' || scope.service.namespace === vs.namespace) return;
  const { host, name, namespace } = scope.service;
  const place = placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(host)));
  report('route-namespace-moved', place, { namespace, service: name });
}

/** The rest of a plan when others take some of its connections. */
function withoutLost(
  plan: ConnectionPlan,
  scope: Scope,
  lost: ReadonlySet<string>,
  asWhole: boolean,
): ConnectionPlan | undefined {
  if (plan.kind === 'tcp' || asWhole) return lost.has(connectionKey(scope, undefined)) ? undefined : plan;
  const hostnames = plan.hostnames.filter(name => !lost.has(connectionKey(scope, name)));
  return hostnames.length === 0 ? undefined : { ...plan, hostnames };
}
