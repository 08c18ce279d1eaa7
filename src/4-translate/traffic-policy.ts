import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import { findService, type MeshService } from '../3-link/registry.ts';
import type { Scope } from '../3-link/scopes.ts';
import { backendTLS, type DestinationTLS, destinationTLS } from '../3-link/subsets/backend-tls.ts';
import { destinationRulesFor } from '../3-link/subsets/destination-rules.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';

/** The result for a field of a trafficPolicy for other implementations than Istio. */
type PortableFate = 'tls' | 'ports' | 'lost';

/**
 * The fields of a trafficPolicy; one that is missing here does not compile. istiod applies them to routes as to
 * VirtualServices, since they belong to the cluster; in portable routes only TLS has a form.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
 */
export const trafficPolicyFields: Readonly<Record<keyof istio.TrafficPolicy, PortableFate>> = {
  tls: 'tls',
  portLevelSettings: 'ports',
  loadBalancer: 'lost',
  connectionPool: 'lost',
  outlierDetection: 'lost',
  tunnel: 'lost',
  proxyProtocol: 'lost',
  retryBudget: 'lost',
};

/**
 * Says what becomes of the DestinationRules behind the destinations of a VirtualService: waypoints take no notice of
 * some of their settings, and other implementations of all but TLS.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/cluster_waypoint.go, applyTrafficPolicy
 */
export function translateTrafficPolicies(
  facts: Facts,
  report: Report,
  vs: ResolvedVirtualService,
  scopes: readonly Scope[],
): void {
  const movesToWaypoint = scopes.some(
    scope =>
      scope.kind === 'mesh' &&
      scope.dataPlane === 'sidecar' &&
      scope.waypoint.kind === 'found' &&
      !scope.audience,
  );
  const isPortable = facts.options.profile !== 'istio';
  if (!movesToWaypoint && !isPortable) return;
  for (const { service, subset } of usedServices(facts, vs)) {
    const settings = destinationTLS(facts, service, subset, vs.namespace);
    if (movesToWaypoint) {
      for (const one of settings) reportIgnored(report, one);
      reportSelected(facts, report, vs, service);
    }
    if (isPortable) {
      for (const one of settings) reportTLS(report, service, one);
      reportLost(facts, report, vs, service);
    }
  }
}

/** @returns the Services behind the destinations, each once for each of its subsets */
export function usedServices(
  facts: Facts,
  vs: ResolvedVirtualService,
): readonly { readonly service: MeshService; readonly subset: string | undefined }[] {
  const seen = new Set<string>();
  return destinationsOf(vs).flatMap(({ host, subset }) => {
    const service = findService(facts.registry, host);
    const key = `${service?.host} ${subset}`;
    if (service === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ service, subset: subset || undefined }];
  });
}

/** A waypoint speaks HBONE, or plain text, to the pods of the mesh, whatever these modes say. */
function reportIgnored(report: Report, { rule, path, tls: { mode = 'DISABLE' } }: DestinationTLS): void {
  if (mode !== 'DISABLE' && mode !== 'ISTIO_MUTUAL') return;
  report('tls-mode-at-waypoint', placeOf(rule, ...path, 'mode'), { mode, rule: nameOf(rule) });
}

function reportSelected(
  facts: Facts,
  report: Report,
  vs: ResolvedVirtualService,
  service: MeshService,
): void {
  for (const rule of facts.destinationRules.byHost.get(service.host) ?? []) {
    const { workloadSelector } = rule.spec;
    if (workloadSelector === undefined) continue;
    if (rule.namespace !== vs.namespace && rule.namespace !== service.namespace) continue;
    report('workload-selector-at-waypoint', placeOf(rule, 'spec', 'workloadSelector'), {
      rule: nameOf(rule),
    });
  }
}

function reportTLS(report: Report, service: MeshService, { rule, path, tls, port }: DestinationTLS): void {
  const found = backendTLS(tls);
  const place = placeOf(rule, ...path);
  const host = service.host;
  if (found.kind === 'impossible') report('tls-not-portable', place, { host, reason: found.reason });
  if (found.kind !== 'exact') return;
  if (service.kind !== 'Service' || rule.namespace !== service.namespace)
    report('tls-not-portable', place, {
      host,
      reason: 'a BackendTLSPolicy targets a Service of its own namespace',
    });
  else if (port !== undefined && portName(service, port) === undefined)
    report('tls-not-portable', place, { host, reason: `port ${port} has no name to target` });
}

/** @returns the name of a port of a Service, by which policies target it */
export function portName(service: MeshService, port: number): string | undefined {
  return service.ports.find(({ number }) => number === port)?.name || undefined;
}

function reportLost(facts: Facts, report: Report, vs: ResolvedVirtualService, service: MeshService): void {
  const rules = destinationRulesFor(facts.destinationRules, service.host, service.namespace, vs.namespace);
  for (const rule of rules) {
    const policies = [
      rule.spec.trafficPolicy,
      ...(rule.spec.subsets ?? []).map(({ trafficPolicy }) => trafficPolicy),
    ];
    const lost = new Set(policies.flatMap(policy => (policy === undefined ? [] : lostFields(policy))));
    if (lost.size === 0) continue;
    report('traffic-policy-not-portable', placeOf(rule, 'spec'), {
      rule: nameOf(rule),
      fields: [...lost].join(', '),
    });
  }
}

function lostFields({ portLevelSettings = [], ...policy }: istio.TrafficPolicy): readonly string[] {
  return [policy, ...portLevelSettings].flatMap(part =>
    Object.entries(part)
      .filter(([, value]) => value !== undefined)
      .map(([field]) => field)
      .filter(field => trafficPolicyFields[field as keyof istio.TrafficPolicy] === 'lost'),
  );
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
