import { type AnyResource, type AnyRoute, isRoute, isType, type Resource } from '../2-decode/resource.ts';
import { serviceHost, serviceNameOf } from '../3-link/host.ts';
import { resolveVirtualServices } from '../3-link/resolve-virtual-services.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import type * as gateway from '../gateway-api/index.ts';

/** The Services of two sides that are not in the input. */
export interface AbsentServices {
  /** Full names of the Services that are not there, of each side. */
  readonly absent: readonly [ReadonlySet<string>, ReadonlySet<string>];
  /** The Services that objects of each side name without having them, by their full names. */
  readonly named: readonly [ReadonlyMap<string, Resource>, ReadonlyMap<string, Resource>];
}

/**
 * Tells the Services that are missing from those that nobody showed. The input shows the Services of a namespace as soon as
 * it has one of them: then a Service that only the other side has, or that only this side names, is missing. A Service
 * that both sides name and none has is taken to exist on both: what it was before, it stays.
 *
 * @param sides the objects of each, with what both have
 */
export function absentServices(
  sides: readonly [readonly AnyResource[], readonly AnyResource[]],
): AbsentServices {
  const shown = [hostsShown(sides[0]), hostsShown(sides[1])] as const;
  const namespaces = new Set(
    [...shown[0], ...shown[1]].flatMap(host => serviceNameOf(host)?.namespace ?? []),
  );
  const unresolved = [unresolvedOf(sides[0], shown[0]), unresolvedOf(sides[1], shown[1])] as const;
  const absentOn = (side: 0 | 1, other: 0 | 1): ReadonlySet<string> =>
    new Set([
      ...[...shown[other]].filter(host => !shown[side].has(host)),
      ...[...unresolved[side].keys()].filter(
        host => !unresolved[other].has(host) && namespaces.has(serviceNameOf(host)?.namespace ?? ''),
      ),
    ]);
  return { absent: [absentOn(0, 1), absentOn(1, 0)], named: unresolved };
}

function hostsShown(resources: readonly AnyResource[]): ReadonlySet<string> {
  return new Set(resources.filter(isType('core.Service')).map(serviceHost));
}

/** The Services that objects name and that are not among them, each with the first object that does. */
function unresolvedOf(
  resources: readonly AnyResource[],
  shown: ReadonlySet<string>,
): ReadonlyMap<string, Resource> {
  const entries = new Set(
    resources.filter(isType('istio.ServiceEntry')).flatMap(({ spec }) => spec.hosts ?? []),
  );
  const named = [
    ...resolveVirtualServices(resources).flatMap(vs =>
      [...destinationsOf(vs).map(({ host }) => host), ...(vs.gateways.includes('mesh') ? vs.hosts : [])].map(
        host => [host, vs.resource] as const,
      ),
    ),
    ...resources.filter(isRoute).flatMap(route => servicesOfRoute(route).map(host => [host, route] as const)),
  ];
  const first = new Map<string, Resource>();
  for (const [host, resource] of named) {
    if (serviceNameOf(host) === undefined || shown.has(host) || entries.has(host)) continue;
    if (!first.has(host)) first.set(host, resource);
  }
  return first;
}

/** @returns the full names of the Services that a route names, as parents, backends and targets of mirrors */
function servicesOfRoute({ namespace, spec }: AnyRoute): readonly string[] {
  const rules: readonly RuleWithBackends[] = spec.rules ?? [];
  const backends = rules.flatMap(({ backendRefs = [], filters = [] }) => [
    ...backendRefs,
    ...[...filters, ...backendRefs.flatMap(({ filters: own = [] }) => own)].flatMap(
      ({ requestMirror }) => requestMirror?.backendRef ?? [],
    ),
  ]);
  const parents = (spec.parentRefs ?? []).filter(({ kind = 'Gateway' }) => kind === 'Service');
  return [...backends, ...parents]
    .filter(({ group = '', kind = 'Service' }) => (group === '' || group === 'core') && kind === 'Service')
    .map(({ namespace: own = namespace, name }) => serviceHost({ namespace: own, name }));
}

interface RuleWithBackends {
  readonly backendRefs?: readonly (gateway.BackendRef & { readonly filters?: readonly Filter[] })[];
  readonly filters?: readonly Filter[];
}

interface Filter {
  readonly requestMirror?: gateway.HTTPRequestMirrorFilter;
}
