import { includesNamespace } from '../3-link/export-to.ts';
import { isExported } from '../3-link/foreign-ports.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { memoised, once } from '../3-link/memoised.ts';
import type { Registry } from '../3-link/registry.ts';
import { type EgressImports, egressImports, type SidecarClient, sidecarFor } from '../3-link/sidecars.ts';
import { httpDestinations } from '../3-link/subsets/destinations.ts';
import type * as istio from '../istio/index.ts';
import { type ConnectionList, connectionDestinations } from './connection-lists.ts';
import type { HasCluster } from './has-cluster.ts';
import type { MeshLists } from './mesh-lists.ts';
import type { RouteList } from './route-list.ts';

/** The clusters of the sidecar of a client; undefined where it has one for every Service. */
export type SidecarClusters = (client: SidecarClient) => HasCluster | undefined;

type List = RouteList | ConnectionList;

/** Every port: a destination names none. */
const everyPort = 0;

type Ports = ReadonlySet<number>;

/**
 * A sidecar has clusters for the Services that its egress listeners take in, and for the destinations of the lists that these
 * take in: of a destination that is only named by lists, the ports that are named. Without a Sidecar object it has one for
 * every Service that is exported to its namespace.
 *
 * A list borrows clusters where some clients do not take in one of its entries, or take in one port of it alone.
 *
 * @param connections those that are bound to the mesh
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, collectImportedServices, serviceMatchingVirtualServicePorts
 */
export function sidecarClusters(
  { byHost: services }: Registry,
  { byHost, wildcards, sidecars }: Pick<MeshLists, 'byHost' | 'wildcards' | 'sidecars'>,
  connections: readonly ConnectionList[],
): { readonly of: SidecarClusters; readonly borrowersOf: (destination: string) => readonly string[] } {
  let isOpen: boolean | undefined;
  let lists: readonly List[] | undefined;
  const isOpenToAll = () => {
    isOpen ??= sidecars.all.length === 0 && [...services.values()].every(service => isExported(service, '*'));
    return isOpen;
  };
  const meshLists = () => {
    lists ??= [...new Set([...[...byHost.values()].flat(), ...wildcards]), ...connections];
    return lists;
  };
  const borrowers = once(() => {
    if (isOpenToAll()) return new Map<string, readonly List[]>();
    const isOfOnePort = sidecars.all.some(({ spec: { egress = [] } }) =>
      egress.some(({ port }) => port?.number !== undefined),
    );
    return groupByEach(
      meshLists().filter(list => isOfOnePort || hasEntryLeftOut(list)),
      list => new Set(allDestinations(list).map(({ host }) => host)),
    );
  });
  const namedFor = memoised((key: string): ReadonlyMap<string, Ports> => {
    const client = JSON.parse(key) as SidecarClient;
    const exported = meshLists().filter(({ exportTo }) => includesNamespace(exportTo, client.namespace));
    const egress: readonly (EgressImports | undefined)[] = egressImports(sidecars, client) ?? [undefined];
    const named = new Map<string, Set<number>>();
    for (const imports of egress)
      for (const list of exported) {
        if (imports?.list(list) === false) continue;
        for (const { host, port } of importedDestinations(list, client.namespace)) {
          const number = port?.number ?? everyPort;
          // A listener for one port takes that port in, whatever ports are named.
          const taken = imports?.port ?? number;
          const known = named.get(host);
          if (known === undefined) named.set(host, new Set([taken]));
          else known.add(taken);
        }
      }
    return named;
  });
  const of: SidecarClusters = client => {
    if (isOpenToAll()) return undefined;
    const egress = egressImports(sidecars, client);
    const { namespace } = client;
    // Clients of one Sidecar object in one namespace have the same clusters, whatever their labels.
    const { labels = {} } = sidecarFor(sidecars, client)?.spec.workloadSelector ?? {};
    const key = JSON.stringify({ namespace, labels });
    return (service, port) => {
      const isKnown = isExported(service, namespace);
      const isTakenIn =
        egress === undefined ||
        egress.some(one => one.service(service) && (one.port === undefined || one.port === port));
      if (isKnown && isTakenIn) return true;
      if (!isKnown && service.namespace !== namespace) return false;
      const ports = namedFor(key).get(service.host);
      return ports !== undefined && (ports.has(everyPort) || ports.has(port));
    };
  };
  return {
    of,
    borrowersOf: destination => (borrowers().get(destination) ?? []).flatMap(({ hosts }) => hosts),
  };
}

function allDestinations(list: List): readonly istio.Destination[] {
  return 'entries' in list
    ? list.entries.flatMap(({ http }) => httpDestinations(http))
    : connectionDestinations(list);
}

/** Whether a list has an entry that istiod does not read for some clients for whom it holds. */
function hasEntryLeftOut(list: List): boolean {
  return (
    'entries' in list &&
    list.entries.some(
      ({ http: { match = [] } }) =>
        match.some(({ sourceNamespace }) => sourceNamespace) &&
        match.some(({ sourceNamespace }) => !sourceNamespace),
    )
  );
}

function importedDestinations(list: List, namespace: string): readonly istio.Destination[] {
  if ('entries' in list)
    return list.entries.flatMap(({ http }) => (isImported(http, namespace) ? httpDestinations(http) : []));
  return connectionDestinations(list);
}

/**
 * Whether istiod takes the destinations of an entry in for clients of a namespace. One of the matches that name a sourceNamespace
 * has to name theirs, as soon as there is any: matches without one are not asked, although they hold for all clients.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, virtualServiceDestinationsFilteredBySourceNamespace
 */
export function isImported({ match = [] }: Pick<istio.HTTPRoute, 'match'>, namespace: string): boolean {
  const named = match.flatMap(({ sourceNamespace }) => sourceNamespace || []);
  return named.length === 0 || named.includes(namespace);
}
