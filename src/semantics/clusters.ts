import type { Registry } from '../3-link/registry.ts';
import type { ConnectionList } from './connection-lists.ts';
import type { MatchedListener } from './elsewhere.ts';
import type { HasCluster } from './has-cluster.ts';
import type { MeshLists } from './mesh-lists.ts';
import { type SidecarClusters, sidecarClusters } from './sidecar-clusters.ts';
import { type Waypointed, waypointClusters } from './waypoint-clusters.ts';

/** The clusters of the proxies inside the mesh: istiod does not give every proxy one for every Service. */
export interface Clusters {
  /** Those of a sidecar, by its namespace and labels. */
  readonly ofSidecar: SidecarClusters;
  /**
   * Those that a list of a proxy can send to.
   *
   * @param service what the requests or connections are for
   * @param hosts those of the list, as they are written, with their full names
   * @returns undefined where the proxy has one for every Service
   */
  readonly of: (
    proxy: Exclude<MatchedListener['proxy'], { readonly kind: 'gateway' }>,
    service: Waypointed,
    hosts: readonly string[],
  ) => HasCluster | undefined;
  /**
   * Hosts whose lists send to a destination and do not bring its cluster to every proxy: a list for other hosts may, so that they
   * depend on that one. A wildcard covers its hosts.
   *
   * @param destination its full name
   */
  readonly borrowersOf: (destination: string) => ReadonlySet<string>;
}

/**
 * @param mesh the lists for requests that are bound to the mesh
 * @param connections those for connections, whatever they are bound to
 */
export function clustersOf(
  registry: Registry,
  mesh: Pick<MeshLists, 'byHost' | 'wildcards' | 'sidecars' | 'waypoints'>,
  connections: readonly ConnectionList[],
): Clusters {
  const bound = connections.filter(({ bindings }) => bindings.includes('mesh'));
  const sidecars = sidecarClusters(registry, mesh, bound);
  const waypoints = waypointClusters(registry, mesh, bound);
  return {
    ofSidecar: sidecars.of,
    of: (proxy, service, hosts) =>
      proxy.kind === 'sidecar'
        ? sidecars.of(proxy)
        : waypoints.of(service, proxy.namespace, hosts.includes(service.host)),
    borrowersOf: destination =>
      new Set([...sidecars.borrowersOf(destination), ...waypoints.borrowersOf(destination)]),
  };
}
