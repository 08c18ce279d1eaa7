import { type AnyResource, isType } from '../2-decode/resource.ts';
import { lowerCaseHost } from '../3-link/host.ts';
import { hostsOverlap, isSubsetOfHost, isWildcard } from '../3-link/hostname.ts';
import type { MeshService } from '../3-link/registry.ts';
import { buildSidecars, importsOf, type Sidecars } from '../3-link/sidecars.ts';
import { byAge, type HttpEntry, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { buildWaypoints, type Waypoints, waypointOf } from '../3-link/waypoints.ts';
import { compileEntries, type Listener } from './compile-entry.ts';
import { hostNamespacesIn, mayReferInMesh } from './may-refer.ts';
import {
  convertRoute,
  httpAndGrpcRoutes,
  ListMerger,
  listOfVirtualService,
  meshParentHosts,
  type RouteList,
} from './route-list.ts';
import type { Rule } from './rule.ts';
import { byVisibility } from './visibility.ts';
import type { World } from './world.ts';

/** The lists bound to the mesh, in the order istiod goes through them, found by the host they are for. */
export interface MeshLists {
  readonly byHost: ReadonlyMap<string, readonly RouteList[]>;
  readonly wildcards: readonly RouteList[];
  /** The part that clients see. */
  readonly sidecars: Sidecars;
  readonly waypoints: Waypoints;
}

/** Gathers what VirtualServices and routes say about hosts inside the mesh. */
export function buildMeshLists(
  resources: readonly AnyResource[],
  virtualServices: readonly ResolvedVirtualService[],
): MeshLists {
  const lists = [
    ...virtualServices.filter(vs => vs.gateways.includes('mesh')).map(listOfVirtualService),
    ...meshRouteLists(resources),
  ].sort(byAge);
  const byHost = new Map<string, RouteList[]>();
  for (const list of lists) {
    for (const host of new Set(list.hosts)) {
      if (isWildcard(host)) continue;
      const known = byHost.get(host);
      if (known === undefined) byHost.set(host, [list]);
      else known.push(list);
    }
  }
  return {
    byHost,
    wildcards: lists.filter(({ hosts }) => hosts.some(isWildcard)),
    sidecars: buildSidecars(resources),
    waypoints: buildWaypoints(resources, { createWaypoints: false }),
  };
}

/**
 * Routes with mesh parents, merged by namespace, port and host. A route that is attached to a waypoint's Gateway yields
 * nothing.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/route_collections.go, HTTPRouteCollection
 */
function meshRouteLists(resources: readonly AnyResource[]): readonly RouteList[] {
  const entries = new Map(
    resources.filter(isType('istio.ServiceEntry')).map(entry => [`${entry.namespace}/${entry.name}`, entry]),
  );
  const hostsOf = (namespace: string, name: string) =>
    (entries.get(`${namespace}/${name}`)?.spec.hosts ?? []).map(lowerCaseHost);
  const hosts = hostNamespacesIn(resources);
  const merger = new ListMerger();
  for (const route of httpAndGrpcRoutes(resources)) {
    const attached = (route.spec.parentRefs ?? []).flatMap(parent =>
      meshParentHosts(parent, route.namespace, hostsOf).map(host => ({ host, port: parent.port })),
    );
    const converted = attached.length === 0 ? undefined : convertRoute(route, mayReferInMesh(route, hosts));
    if (converted === undefined) continue;
    for (const { host, port } of attached) {
      const key = [route.namespace, ...(port === undefined ? [] : [port]), host].join('/');
      merger.add(key, route, host, port === undefined ? converted : scopeToPort(converted, port));
    }
  }
  return [...merger.lists().values()];
}

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, augmentPortMatch */
function scopeToPort(entries: readonly HttpEntry[], port: number): readonly HttpEntry[] {
  return entries.map(({ http, origin }) => ({
    http: { ...http, match: (http.match ?? [{}]).map(match => ({ ...match, port })) },
    origin,
  }));
}

export type MeshProxy = Extract<Listener['proxy'], { readonly kind: 'sidecar' | 'waypoint' }>;

/** The rules of a mesh proxy for a host; where none of the rules applies there, no list does. */
export function meshRules(
  world: World,
  proxy: MeshProxy,
  service: Pick<MeshService, 'host' | 'namespace' | 'labels'>,
  port: number,
  isAsked: (list: RouteList) => boolean = () => true,
): readonly Rule[] {
  const listener: Listener = { proxy, gateway: 'mesh', port, tls: false, host: service.host };
  const visible = visibleLists(world.mesh, proxy, service, port, isAsked);
  const hasCluster = proxy.kind === 'waypoint' ? world.waypointClusters(service) : undefined;
  const compiled = visible.map(list => {
    const isNamed = hasCluster === undefined || list.hosts.includes(service.host);
    return compileEntries(
      world,
      isNamed ? listener : { ...listener, hasCluster },
      list.semantics,
      list.entries,
    );
  });
  // A waypoint goes through all of them, one after the other (buildWaypointInboundHTTPRouteConfig).
  const first = proxy.kind === 'sidecar' ? compiled.findIndex(rules => rules.some(appliesHere)) : -1;
  return (first === -1 ? compiled : compiled.slice(0, first + 1)).flat();
}

export function appliesHere({ match }: Rule): boolean {
  return match.elsewhere === undefined;
}

/** @returns where the waypoint of a Service runs, as far as labels and Gateways tell: it may be elsewhere than the Service */
export function waypointNamespaceOf(
  { waypoints }: MeshLists,
  service: Pick<MeshService, 'namespace' | 'labels'>,
): string | undefined {
  const found = waypointOf(waypoints, service);
  return found.kind === 'found' ? found.waypoint.namespace : undefined;
}

/**
 * The lists that apply to a host, in order of precedence.
 *
 * @param isAsked whether a list is for the host at the port; a wildcard takes what closer ones are not asked for
 */
export function visibleLists(
  lists: MeshLists,
  proxy: MeshProxy,
  service: Pick<MeshService, 'host' | 'namespace'>,
  port?: number,
  isAsked: (list: RouteList) => boolean = () => true,
): readonly RouteList[] {
  const exact = lists.byHost.get(service.host) ?? [];
  const wild = lists.wildcards.filter(list =>
    list.hosts.some(host => isWildcard(host) && hostsOverlap(host, service.host)),
  );
  const imports = proxy.kind === 'sidecar' ? importsOf(lists.sidecars, proxy, port) : undefined;
  // Either by itself is in order.
  const named = wild.length === 0 ? exact : [...new Set([...exact, ...wild])].sort(byAge);
  const candidates = named.filter(
    list => isExported(list, proxy) && imports?.list(list) !== false && isAsked(list),
  );
  const ordered = byVisibility(candidates, proxy.namespace);
  // A list that names a host leaves none of it to wildcards, whether it is for the client or not.
  const chosen = proxy.kind === 'sidecar' ? mostSpecific(ordered, service.host) : ordered;
  return chosen.filter(list => mayApply(list, proxy, service.namespace));
}

function isExported({ exportTo }: RouteList, { namespace }: MeshProxy): boolean {
  return exportTo.some(to => to === '*' || to === namespace);
}

/** Namespaces whose objects apply: on a waypoint only its own and the Service's, for routes also the client's. */
function mayApply(list: RouteList, proxy: MeshProxy, serviceNamespace: string): boolean {
  if (proxy.kind === 'sidecar' && list.semantics === 'istio') return true;
  return list.namespace === serviceNamespace || list.namespace === proxy.namespace;
}

/**
 * A wildcard host of a VirtualService only takes a Service that no list names more closely; wildcard hosts of routes
 * take none on a sidecar.
 *
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, computeWildcardHostVirtualServiceIndex
 */
function mostSpecific(lists: readonly RouteList[], host: string): readonly RouteList[] {
  const exact = lists.filter(list => list.hosts.includes(host));
  // A route for a wildcard host is none (route.go, separateVSHostsAndServices).
  if (isWildcard(host)) return exact.filter(({ semantics }) => semantics === 'istio');
  if (exact.length > 0) return exact;
  const matching = lists
    .filter(({ semantics }) => semantics === 'istio')
    .flatMap(list =>
      list.hosts.filter(candidate => isSubsetOfHost(host, candidate)).map(candidate => ({ list, candidate })),
    );
  const longest = Math.max(0, ...matching.map(({ candidate }) => candidate.length));
  return matching
    .filter(({ candidate }) => candidate.length === longest)
    .slice(0, 1)
    .map(({ list }) => list);
}
