import { isExported } from '../3-link/foreign-ports.ts';
import { memoised } from '../3-link/memoised.ts';
import { findPort, type MeshService, type Registry } from '../3-link/registry.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import { httpDestinations } from '../3-link/subsets/destinations.ts';
import { type Waypoints, waypointOf } from '../3-link/waypoints.ts';
import type { ConnectionList } from './connection-lists.ts';
import type { HasCluster } from './has-cluster.ts';
import type { MeshLists } from './mesh-lists.ts';

/**
 * The clusters of the waypoint of a Service.
 *
 * @param namespace where the waypoint runs
 * @param isNamed whether the list that sends there has the Service among its hosts as it is written
 */
export type WaypointClusters = (service: Waypointed, namespace: string, isNamed: boolean) => HasCluster;

type Waypointed = Pick<MeshService, 'namespace' | 'labels'>;

/**
 * A waypoint has clusters for the Services behind it, and for the destinations of lists that have one of these among their
 * hosts as it is written, unless they are not exported to its namespace. A destination that only a wildcard host names has no
 * cluster, so that Envoy answers 503. Where a Service behind it is not exported to it, istiod looks for the cluster that
 * carries HTTP whatever the port says.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, getWaypointDestinationCluster
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
  return (service, namespace, isNamed) => {
    const waypoint = keyOf(waypoints, service);
    // Behind a waypoint that is not known may be the Services of its namespace.
    const isBehind = (destination: MeshService) =>
      waypoint === undefined
        ? destination.namespace === service.namespace
        : keyOf(waypoints, destination) === waypoint;
    const isListed = (host: string) => isNamed || waypoint === undefined || named(waypoint).has(host);
    return (destination, port) => {
      if (isExported(destination, namespace)) return isListed(destination.host) || isBehind(destination);
      const found = findPort(destination, port);
      return isBehind(destination) && (found === undefined || carriesHttp(found.protocol));
    };
  };
}

function keyOf(waypoints: Waypoints, service: Waypointed): string | undefined {
  const found = waypointOf(waypoints, service);
  return found.kind === 'found' ? `${found.waypoint.namespace}/${found.waypoint.name}` : undefined;
}
