import { type AnyResource, isType } from '../2-decode/resource.ts';
import { lowerCaseHost } from '../3-link/host.ts';
import { isWildcard } from '../3-link/hostname.ts';
import { virtualServiceExportToOf } from '../3-link/mesh-config.ts';
import { buildSidecars, type Sidecars } from '../3-link/sidecars.ts';
import {
  byAge,
  type HttpEntry,
  type ResolvedVirtualService,
  resolveExportTo,
} from '../3-link/virtual-services.ts';
import { buildWaypoints, type Waypoints } from '../3-link/waypoints.ts';
import { hostNamespacesIn, mayReferInMesh } from './may-refer.ts';
import {
  convertRoute,
  httpAndGrpcRoutes,
  ListMerger,
  listOfVirtualService,
  meshParentHosts,
  type RouteList,
} from './route-list.ts';

/** The lists bound to the mesh, in the order istiod goes through them, found by the host they are for. */
export interface MeshLists {
  readonly byHost: ReadonlyMap<string, readonly RouteList[]>;
  readonly wildcards: readonly RouteList[];
  /** The part that clients see. */
  readonly sidecars: Sidecars;
  readonly waypoints: Waypoints;
}

/**
 * Gathers what VirtualServices and routes say about hosts inside the mesh. One that says nothing of requests keeps them from wildcards,
 * too, by naming their host.
 */
export function buildMeshLists(
  resources: readonly AnyResource[],
  virtualServices: readonly ResolvedVirtualService[],
  rootNamespace: string,
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
    sidecars: buildSidecars(resources, rootNamespace),
    waypoints: buildWaypoints(resources, { createWaypoints: false }),
  };
}

/**
 * Routes with mesh parents, merged by namespace, port and host; those for connections have no entries. A route that is attached to a
 * waypoint's Gateway yields nothing.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/route_collections.go, HTTPRouteCollection, TCPRouteCollection
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, computeWildcardHostVirtualServiceIndex
 */
function meshRouteLists(resources: readonly AnyResource[]): readonly RouteList[] {
  const entries = new Map(
    resources.filter(isType('istio.ServiceEntry')).map(entry => [`${entry.namespace}/${entry.name}`, entry]),
  );
  const hostsOf = (namespace: string, name: string) =>
    (entries.get(`${namespace}/${name}`)?.spec.hosts ?? []).map(lowerCaseHost);
  const hosts = hostNamespacesIn(resources);
  const exportTo = virtualServiceExportToOf(resources);
  const merger = new ListMerger(exportTo);
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
  const ofConnections = [
    ...resources.filter(isType('gateway.TLSRoute')),
    ...resources.filter(isType('gateway.TCPRoute')),
  ].flatMap(route =>
    (route.spec.parentRefs ?? []).flatMap(parent =>
      meshParentHosts(parent, route.namespace, hostsOf).map(
        (host): RouteList => ({
          namespace: route.namespace,
          name: route.name,
          resource: route,
          hosts: [host],
          exportTo: resolveExportTo(undefined, route.namespace, exportTo),
          semantics: 'gateway',
          entries: [],
        }),
      ),
    ),
  );
  return [...merger.lists().values(), ...ofConnections];
}

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, augmentPortMatch */
function scopeToPort(entries: readonly HttpEntry[], port: number): readonly HttpEntry[] {
  return entries.map(({ http, origin }) => ({
    http: { ...http, match: (http.match ?? [{}]).map(match => ({ ...match, port })) },
    origin,
  }));
}
