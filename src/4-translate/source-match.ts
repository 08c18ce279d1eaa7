import type { Facts } from '../3-link/facts.ts';
import { podsNamespaceOf } from '../3-link/gateways/gateway-pods.ts';
import { type Scope, waypointNamespace } from '../3-link/scopes.ts';
import type * as istio from '../istio/index.ts';
import type { EntryContext } from './context.ts';
import { entryPlace, isPortable } from './context.ts';

/**
 * Whether a match applies in a scope at all, by what does not depend on the request: port, gateways, and who asks.
 * Conditions on the client that no route has are reported.
 *
 * @returns `refused` when the match applies to some clients only
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, sourceMatchHTTP
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, waypointInboundRoute
 */
export function appliesInScope(
  context: EntryContext,
  match: istio.HTTPMatchRequest,
  index: number,
): boolean | 'refused' {
  const { scope, report } = context;
  const place = (field: string) => entryPlace(context, 'match', index, field);
  if (!appliesToPort(context, match, index)) return false;
  const ambient = scope.kind === 'mesh' && scope.dataPlane === 'ambient';
  const hasLabels = Object.keys(match.sourceLabels ?? {}).length > 0;
  const hasNamespace = Boolean(match.sourceNamespace);
  if (ambient && hasLabels) {
    report('field-without-effect', place('sourceLabels'), {
      field: 'this match, because of its sourceLabels,',
      reason: 'at a waypoint it matches no request',
    });
    return false;
  }
  if (match.gateways !== undefined && match.gateways.length > 0) {
    if (!match.gateways.includes(scope.gateway)) return false;
    const reason = 'istiod ignores it in a match that names gateways';
    if (hasLabels) report('field-without-effect', place('sourceLabels'), { field: 'sourceLabels', reason });
    if (hasNamespace)
      report('field-without-effect', place('sourceNamespace'), { field: 'sourceNamespace', reason });
    return true;
  }
  if (hasLabels) {
    report('source-labels', place('sourceLabels'), {});
    return 'refused';
  }
  if (!hasNamespace) return true;
  if (scope.kind === 'gateway' || ambient) {
    // Waypoints and gateways compare the condition with their own namespace.
    const holds = match.sourceNamespace === proxyNamespace(context);
    report('field-without-effect', place('sourceNamespace'), {
      reason: `the proxy is in namespace ${proxyNamespace(context)}, and compares the field with that`,
      field: holds ? 'sourceNamespace' : `a match with sourceNamespace ${match.sourceNamespace}`,
    });
    return holds;
  }
  if (match.sourceNamespace === scope.audience) return true;
  // A route beside the Service is for everybody.
  if (!isPortable(context) && match.sourceNamespace !== scope.service.namespace) return false;
  report('source-namespace', place('sourceNamespace'), { namespace: match.sourceNamespace ?? '' });
  return 'refused';
}

function proxyNamespace({ scope, facts }: EntryContext): string {
  return proxyNamespaceOf(facts, scope);
}

/** The namespace of a waypoint, or of the pods of an Istio Gateway as far as it is known; else that of the Gateway itself. */
export function proxyNamespaceOf(facts: Facts, scope: Scope): string {
  if (scope.kind === 'mesh') return waypointNamespace(scope.waypoint, scope.service);
  const { resource } = facts.istioGateways.get(scope.gateway) ?? {};
  const [namespace = ''] = scope.gateway.split('/');
  return podsNamespaceOf(facts.servicesOfPods, resource?.spec.selector) ?? namespace;
}

/** Whether a match names a port or gateways that none of the scopes has. */
export function namesNoScope(
  { port, gateways = [] }: istio.HTTPMatchRequest,
  scopes: readonly Scope[],
): boolean {
  return !scopes.some(scope => {
    const own = scope.kind === 'mesh' ? scope.port?.number : scope.port;
    const onPort = !port || own === undefined || own === port;
    return onPort && (gateways.length === 0 || gateways.includes(scope.gateway));
  });
}

function appliesToPort(context: EntryContext, match: istio.HTTPMatchRequest, index: number): boolean {
  const { scope, report } = context;
  if (match.port === undefined || match.port === 0) return true;
  const port = scope.kind === 'mesh' ? scope.port?.number : scope.port;
  if (port !== undefined) return match.port === port;
  const place = entryPlace(context, 'match', index, 'port');
  if (scope.kind === 'mesh') report('port-not-known', place, { parent: scope.service.host, kind: 'Service' });
  else report('port-not-known', place, { parent: scope.gateway, kind: 'Gateway' });
  return true;
}
