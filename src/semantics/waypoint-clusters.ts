import { memoised } from '../3-link/memoised.ts';
import type { MeshService, Registry } from '../3-link/registry.ts';
import { httpDestinations } from '../3-link/subsets/destinations.ts';
import { type Waypoints, waypointOf } from '../3-link/waypoints.ts';
import type { ConnectionList } from './connection-lists.ts';
import type { MeshLists } from './mesh-lists.ts';

/** For which Services the waypoint of a Service has clusters; undefined where its waypoint is not known. */
export type WaypointClusters = (service: Waypointed) => ((destination: MeshService) => boolean) | undefined;

type Waypointed = Pick<MeshService, 'namespace' | 'labels'>;

/**
 * A waypoint has clusters for the Services behind it, and for the destinations of lists that have one of these among their
 * hosts as it is written. A destination that only a wildcard host names has no cluster, so that Envoy answers 503.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, initVirtualServices (referencedDestinations)
 * @see istio.io/istio/pilot/pkg/networking/core/waypoint.go, filterWaypointOutboundServices
 */
export function waypointClusters(
  registry: Registry,
  { byHost, waypoints }: Pick<MeshLists, 'byHost' | 'waypoints'>,
  connections: readonly ConnectionList[],
): WaypointClusters {
  const named = memoised((waypoint: string): ReadonlySet<string> => {
    const isBehind = (host: string) => {
      const service = registry.byHost.get(host);
      return service !== undefined && keyOf(waypoints, service) === waypoint;
    };
    const destinations = [...byHost].flatMap(([host, lists]) =>
      isBehind(host)
        ? lists.flatMap(({ entries }) => entries.flatMap(({ http }) => httpDestinations(http)))
        : [],
    );
    const ofConnections = connections
      .filter(({ bindings, hosts }) => bindings.includes('mesh') && hosts.some(isBehind))
      .flatMap(({ tls, tcp }) => [...tls, ...tcp].flatMap(({ entry }) => entry.route ?? []))
      .map(({ destination }) => destination);
    return new Set([...destinations, ...ofConnections].map(({ host }) => host));
  });
  return service => {
    const waypoint = keyOf(waypoints, service);
    if (waypoint === undefined) return undefined;
    return destination => keyOf(waypoints, destination) === waypoint || named(waypoint).has(destination.host);
  };
}

function keyOf(waypoints: Waypoints, service: Waypointed): string | undefined {
  const found = waypointOf(waypoints, service);
  return found.kind === 'found' ? `${found.waypoint.namespace}/${found.waypoint.name}` : undefined;
}
