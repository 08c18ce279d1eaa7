import { includesNamespace } from '../3-link/export-to.ts';
import { hostsOverlap, isSubsetOfHost, isWildcard } from '../3-link/hostname.ts';
import type { MeshService } from '../3-link/registry.ts';
import { importsOf } from '../3-link/sidecars.ts';
import { byAge } from '../3-link/virtual-services.ts';
import { byVisibility } from '../3-link/visibility.ts';
import { waypointOf } from '../3-link/waypoints.ts';
import { compileEntries, type Listener } from './compile-entry.ts';
import type { MeshLists } from './mesh-lists.ts';
import type { RouteList } from './route-list.ts';
import type { Rule } from './rule.ts';
import type { World } from './world.ts';
export type MeshProxy = Extract<Listener['proxy'], { readonly kind: 'sidecar' | 'waypoint' }>;

/** The rules of a mesh proxy for a host; where none of the rules applies there, no list does. */
export function meshRules(
  world: World,
  proxy: MeshProxy,
  service: Pick<MeshService, 'host' | 'namespace' | 'labels'>,
  port: number,
  isAsked: (list: RouteList) => boolean = () => true,
): readonly Rule[] {
  const listenerWith = (hasCluster: Listener['hasCluster']): Listener => ({
    proxy,
    gateway: 'mesh',
    port,
    tls: false,
    host: service.host,
    hasCluster,
  });
  const ofSidecar = proxy.kind === 'sidecar' ? listenerWith(world.clusters.ofSidecar(proxy)) : undefined;
  const visible = visibleLists(world.mesh, proxy, service, port, isAsked);
  const listenerFor = ({ hosts }: RouteList): Listener => {
    if (ofSidecar !== undefined) return ofSidecar;
    return listenerWith(world.clusters.of(proxy, service, hosts));
  };
  const rules: (readonly Rule[])[] = [];
  for (const list of visible) {
    const compiled = compileEntries(world, listenerFor(list), list.semantics, list.entries);
    rules.push(compiled);
    // A waypoint goes through all of them, one after the other (buildWaypointInboundHTTPRouteConfig).
    if (proxy.kind === 'sidecar' && compiled.some(appliesHere)) break;
  }
  return rules.flat();
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

/** @returns where the waypoint of a Service runs that labels ask for and that is there */
export function waypointInUse(
  { mesh: { waypoints } }: World,
  service: Pick<MeshService, 'namespace' | 'labels'>,
): string | undefined {
  const found = waypointOf(waypoints, service);
  const isUsed = found.kind === 'found' && found.shown && (found.by === 'label' || found.by === 'namespace');
  return isUsed ? found.waypoint.namespace : undefined;
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
  const exact = namingLists(lists, proxy, service.host);
  const wild = lists.wildcards.filter(list =>
    list.hosts.some(host => isWildcard(host) && hostsOverlap(asWritten(list, host), service.host)),
  );
  const imports = proxy.kind === 'sidecar' ? importsOf(lists.sidecars, proxy, port) : undefined;
  // Either by itself is in order.
  const named = wild.length === 0 ? exact : [...new Set([...exact, ...wild])].sort(byAge);
  const candidates = named.filter(
    list =>
      isExported(list, proxy) &&
      imports?.list(list) !== false &&
      (proxy.kind === 'sidecar' || isWrittenFor(list, service.host)) &&
      isAsked(list),
  );
  const ordered = byVisibility(candidates, proxy.namespace);
  // A list that names a host leaves none of it to wildcards, whether it is for the client or not.
  const chosen = proxy.kind === 'sidecar' ? mostSpecific(ordered, service.host) : ordered;
  return chosen.filter(list => mayApply(list, proxy, service.namespace));
}

/**
 * The lists that name a host, and at a waypoint those that name one under a wildcard of a ServiceEntry: it takes all requests for
 * the ServiceEntry as alike.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, getVirtualServiceForWaypoint
 */
function namingLists({ byHost }: MeshLists, proxy: MeshProxy, host: string): readonly RouteList[] {
  if (proxy.kind === 'sidecar' || !isWildcard(host)) return byHost.get(host) ?? [];
  const under = [...byHost].flatMap(([name, named]) => (isSubsetOfHost(name, host) ? named : []));
  return [...new Set(under)].sort(byAge);
}

/** Waypoints compare hosts as they are written (listener_waypoint.go, getVirtualServiceForWaypoint); sidecars do so under wildcards. */
function isWrittenFor(list: RouteList, host: string): boolean {
  return list.capitals === undefined || list.hosts.some(own => hostsOverlap(asWritten(list, own), host));
}

function asWritten({ capitals }: RouteList, host: string): string {
  return capitals?.get(host) ?? host;
}

function isExported({ exportTo }: RouteList, { namespace }: MeshProxy): boolean {
  return includesNamespace(exportTo, namespace);
}

/** Namespaces whose objects apply: on a waypoint only its own and the Service's, for routes also the client's. */
function mayApply(list: RouteList, proxy: MeshProxy, serviceNamespace: string): boolean {
  if (proxy.kind === 'sidecar' && list.semantics === 'istio') return true;
  return list.namespace === serviceNamespace || list.namespace === proxy.namespace;
}

/**
 * A wildcard host of a VirtualService only takes a Service that no list names more closely; wildcard hosts of routes
 * take none on a sidecar, and leave none to wider ones.
 *
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, computeWildcardHostVirtualServiceIndex
 */
function mostSpecific(lists: readonly RouteList[], host: string): readonly RouteList[] {
  const exact = lists.filter(list => list.hosts.includes(host));
  // A route for a wildcard host is none (route.go, separateVSHostsAndServices).
  if (exact.length > 0)
    return isWildcard(host) ? exact.filter(({ semantics }) => semantics === 'istio') : exact;
  const matching = lists.flatMap(list =>
    list.hosts
      .filter(candidate => isSubsetOfHost(host, asWritten(list, candidate)))
      .map(candidate => ({ list, candidate })),
  );
  const longest = Math.max(0, ...matching.map(({ candidate }) => candidate.length));
  return matching
    .filter(({ candidate }) => candidate.length === longest)
    .slice(0, 1)
    .map(({ list }) => list)
    .filter(({ semantics }) => semantics === 'istio');
}
