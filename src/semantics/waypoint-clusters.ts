import { isExported } from '../3-link/foreign-ports.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { hostsOverlap, isWildcard } from '../3-link/hostname.ts';
import { memoised, once } from '../3-link/memoised.ts';
import { findPort, type MeshService, type Registry } from '../3-link/registry.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import { httpDestinations } from '../3-link/subsets/destinations.ts';
import { type Waypoints, waypointOf } from '../3-link/waypoints.ts';
import { type ConnectionList, connectionDestinations } from './connection-lists.ts';
import type { HasCluster } from './has-cluster.ts';
import type { MeshLists } from './mesh-lists.ts';

/** A Service behind a waypoint. */
export type Waypointed = Pick<MeshService, 'host' | 'namespace' | 'labels'>;

/** The clusters of waypoints. */
export interface WaypointClusters {
  /**
   * @param namespace where the waypoint runs
   * @param isNamed whether the list that sends there has the Service among its hosts as it is written
   */
  readonly of: (service: Waypointed, namespace: string, isNamed: boolean) => HasCluster;
  /**
   * Services behind waypoints that a list is for and does not name as they are written, which sends to a destination that others
   * have to bring along.
   */
  readonly borrowersOf: (destination: string) => readonly string[];
}

/** The hosts of a list, and where it sends what. */
interface Named {
  readonly hosts: readonly string[];
  readonly destinations: readonly string[];
}

/**
 * A waypoint has clusters for the Services behind it, and for the destinations of lists that have one of these among their
 * hosts as it is written, unless they are not exported to its namespace. A destination that only a wildcard host names has no
 * cluster, so that Envoy answers 503. Where a Service behind it is not exported to it, istiod looks for the cluster that
 * carries HTTP whatever the port says. Connections are sent as requests are.
 *
 * @param connections those that are bound to the mesh
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, getWaypointDestinationCluster
 * @see istio.io/istio/pilot/pkg/model/push_context.go, initVirtualServices (referencedDestinations)
 * @see istio.io/istio/pilot/pkg/networking/core/waypoint.go, filterWaypointOutboundServices
 */
export function waypointClusters(
  registry: Registry,
  { byHost, wildcards, waypoints }: Pick<MeshLists, 'byHost' | 'wildcards' | 'waypoints'>,
  connections: readonly ConnectionList[],
): WaypointClusters {
  const all = once((): readonly Named[] => [
    ...[...new Set([...[...byHost.values()].flat(), ...wildcards])].map(({ hosts, entries }) => ({
      hosts,
      destinations: entries.flatMap(({ http }) => httpDestinations(http)).map(({ host }) => host),
    })),
    ...connections.map(list => ({
      hosts: list.hosts,
      destinations: connectionDestinations(list).map(({ host }) => host),
    })),
  ]);
  const waypointOfHost = memoised((host: string) => {
    const service = registry.byHost.get(host);
    return service === undefined ? undefined : keyOf(waypoints, service);
  });
  const named = memoised(
    (waypoint: string): ReadonlySet<string> =>
      new Set(
        all()
          .filter(({ hosts }) => hosts.some(host => waypointOfHost(host) === waypoint))
          .flatMap(({ destinations }) => destinations),
      ),
  );
  const borrowers = once(() => {
    const wide = all().filter(({ hosts }) => hosts.some(isWildcard));
    const found = [...registry.byHost.keys()].flatMap(host => {
      // A waypoint takes hosts under a wildcard of a ServiceEntry for all of it.
      const covering = isWildcard(host) ? all() : wide;
      const waypoint = covering.length === 0 ? undefined : waypointOfHost(host);
      if (waypoint === undefined) return [];
      return covering
        .filter(({ hosts }) => !hosts.includes(host) && hosts.some(one => hostsOverlap(one, host)))
        .map(({ destinations }) => ({
          host,
          destinations: new Set(destinations.filter(one => waypointOfHost(one) !== waypoint)),
        }));
    });
    const by = groupByEach(found, ({ destinations }) => destinations);
    return new Map([...by].map(([destination, lists]) => [destination, lists.map(({ host }) => host)]));
  });
  return {
    of: (service, namespace, isNamed) => {
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
    },
    borrowersOf: destination => borrowers().get(destination) ?? [],
  };
}

function keyOf(waypoints: Waypoints, service: Pick<MeshService, 'namespace' | 'labels'>): string | undefined {
  const found = waypointOf(waypoints, service);
  return found.kind === 'found' ? `${found.waypoint.namespace}/${found.waypoint.name}` : undefined;
}
