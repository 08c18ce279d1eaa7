import type { AnyResource } from '../2-decode/resource.ts';
import {
  type GatewayServer,
  isListenerOfParent,
  listenerOf,
  sectionOf,
} from '../3-link/gateways/gateway-server.ts';
import {
  type GatewayProxy,
  gatewayProxies,
  type PodsPlaces,
  serverAdmits,
} from '../3-link/gateways/gateway-servers.ts';
import { grantsIn } from '../3-link/grants.ts';
import { groupBy } from '../3-link/group-by.ts';
import { hostsOverlap, isSubsetOfHost, isWildcard, servedName } from '../3-link/hostname.ts';
import { memoised } from '../3-link/memoised.ts';
import { virtualServiceExportToOf } from '../3-link/mesh-config.ts';
import {
  type SchemeFrom,
  schemeAtPlainHttp,
  serversOnPods,
  trustedProxies,
} from '../3-link/trusted-proxies.ts';
import { byAge, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { byVisibility } from '../3-link/visibility.ts';
import type * as gatewayApi from '../gateway-api/index.ts';
import { type MatchedListener, speaksAt } from './elsewhere.ts';
import { listenerTls } from './listener-tls.ts';
import { hostNamespacesIn, mayReferFrom } from './may-refer.ts';
import {
  convertRoute,
  type HttpOrGrpcRoute,
  httpAndGrpcRoutes,
  ListMerger,
  listOfVirtualService,
  type RouteList,
} from './route-list.ts';
import { isExportedTo } from './stand-ins.ts';

/** The gateway proxies, and the lists bound to each of their servers. */
export interface Gateways {
  readonly proxies: readonly GatewayProxy[];
  readonly byBinding: ReadonlyMap<string, readonly RouteList[]>;
  /** By the id of the proxy. */
  readonly configurations: ReadonlyMap<string, readonly RouteConfiguration[]>;
  /** Whose word counts for the scheme of the requests to a host, by the scheme of the listener. */
  readonly schemeFrom: (proxy: GatewayProxy) => (listener: 'http' | 'https', host: string) => SchemeFrom;
}

/** Gathers what VirtualServices and routes say at gateways. */
export function buildGateways(
  resources: readonly AnyResource[],
  virtualServices: readonly ResolvedVirtualService[],
  known: PodsPlaces & { readonly trustedProxies?: number | undefined },
): Gateways {
  const proxies = gatewayProxies(resources, known);
  const byBinding = new Map<string, RouteList[]>();
  const bind = (binding: string, list: RouteList) => {
    const known = byBinding.get(binding);
    if (known === undefined) byBinding.set(binding, [list]);
    else known.push(list);
  };
  for (const vs of virtualServices) {
    for (const gateway of new Set(vs.gateways))
      if (gateway !== 'mesh') bind(gateway, listOfVirtualService(vs));
  }
  for (const { binding, list } of gatewayRouteLists(resources, proxies)) bind(binding, list);
  for (const lists of byBinding.values()) lists.sort(byAge);
  const configurations = new Map(proxies.map(proxy => [proxy.id, routeConfigurations(byBinding, proxy)]));
  return {
    proxies,
    byBinding,
    configurations,
    schemeFrom: memoised(proxy => schemesAt(proxy, proxies, resources, known.trustedProxies)),
  };
}

function schemesAt(
  proxy: GatewayProxy,
  proxies: readonly GatewayProxy[],
  resources: readonly AnyResource[],
  given: number | undefined,
): (listener: 'http' | 'https', host: string) => SchemeFrom {
  const resource = proxy.servers[0]?.resource;
  const trusted = resource === undefined ? undefined : trustedProxies(resource, resources, given)?.count;
  const servers = serversOnPods(proxies, proxy);
  return (listener, host) => {
    if (listener === 'http') return schemeAtPlainHttp(trusted, servers, host);
    return trusted !== undefined && trusted > 0 ? 'proxy' : 'listener';
  };
}

/**
 * Routes with Gateway parents, merged by listener and hostname.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/route_collections.go, HTTPRouteCollection
 */
function gatewayRouteLists(
  resources: readonly AnyResource[],
  proxies: readonly GatewayProxy[],
): readonly { readonly binding: string; readonly list: RouteList }[] {
  const ofGateways = new Set(
    proxies.flatMap(({ servers }) => servers).filter(({ resource }) => resource.type === 'gateway.Gateway'),
  );
  const byGateway = groupBy([...ofGateways], ({ resource: { namespace, name } }) => `${namespace}/${name}`);
  const added = proxies.flatMap(({ servers }) => servers.filter(server => server.added !== undefined));
  const grants = grantsIn(resources);
  const hosts = hostNamespacesIn(resources);
  const merger = new ListMerger(virtualServiceExportToOf(resources));
  const bindings = new Map<string, string>();
  for (const route of httpAndGrpcRoutes(resources)) {
    const attached = (route.spec.parentRefs ?? []).flatMap(parent => {
      const servers = isGatewayRef(parent)
        ? (byGateway.get(`${parent.namespace ?? route.namespace}/${parent.name}`) ?? [])
        : added;
      const siblings = servers.filter(server => isListenerOfParent(server, parent, route.namespace));
      return siblings.length === 0 ? [] : [{ parent, siblings }];
    });
    const converted =
      attached.length === 0 ? undefined : convertRoute(route, mayReferFrom(route, grants, hosts));
    if (converted === undefined) continue;
    const hostnames =
      route.spec.hostnames === undefined || route.spec.hostnames.length === 0 ? ['*'] : route.spec.hostnames;
    for (const { parent, siblings } of attached) {
      for (const server of siblings) {
        if (!accepts(server, parent, route, hostnames)) continue;
        for (const hostname of hostnames) {
          if (!isIsolated(server, siblings, hostname)) continue;
          const key = `${server.gateway}/${hostname}`;
          merger.add(key, route, hostname, converted);
          bindings.set(key, server.gateway);
        }
      }
    }
  }
  return [...merger.lists()].map(([key, list]) => ({ binding: bindings.get(key) ?? '', list }));
}

function isGatewayRef({ group, kind }: gatewayApi.ParentReference): boolean {
  return (
    (group ?? 'gateway.networking.k8s.io') === 'gateway.networking.k8s.io' &&
    (kind ?? 'Gateway') === 'Gateway'
  );
}

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, referenceAllowed */
function accepts(
  server: GatewayServer,
  parent: gatewayApi.ParentReference,
  route: HttpOrGrpcRoute,
  hostnames: readonly string[],
): boolean {
  if (server.protocol !== 'http' && server.protocol !== 'https') return false;
  const listener = listenerOf(server);
  if (parent.port !== undefined && parent.port !== server.port) return false;
  if (parent.sectionName !== undefined && sectionOf(server, parent.sectionName) !== listener?.name)
    return false;
  const kinds = listener?.allowedRoutes?.kinds;
  if (kinds !== undefined && kinds.length > 0 && !kinds.some(({ kind }) => kind === route.kind)) return false;
  return server.hosts.some(
    served =>
      serverAdmits(served, route.namespace) &&
      hostnames.some(hostname => hostsOverlap(served.host, hostname)),
  );
}

/**
 * A listener without a hostname, or with a wildcard, leaves what a closer listener of the same port serves to that one.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, hostnameAllowedByIsolation
 */
function isIsolated(server: GatewayServer, siblings: readonly GatewayServer[], hostname: string): boolean {
  const own = listenerOf(server)?.hostname ?? '';
  if (own !== '' && !isWildcard(own)) return true;
  if (own !== '' && !hostsOverlap(hostname, own)) return false;
  return !siblings.some(sibling => {
    if (sibling === server || sibling.port !== server.port || sibling.protocol !== server.protocol)
      return false;
    const other = listenerOf(sibling)?.hostname ?? '';
    return other !== own && own.length <= other.length && isSubsetOfHost(hostname, other);
  });
}

/** The virtual hosts of one port of a proxy, by domain. */
export type VirtualHosts = ReadonlyMap<string, VirtualHost>;

export interface VirtualHost {
  readonly lists: readonly { readonly list: RouteList; readonly server: GatewayServer }[];
  /** Every request over plain HTTP is redirected to https (Envoy, require_tls). */
  readonly httpsRedirect: boolean;
}

/**
 * The virtual hosts that servers sharing one route configuration have together.
 *
 * @param servers those of one port that speak plain HTTP, or a single one behind TLS
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
export function virtualHosts(
  byBinding: Gateways['byBinding'],
  proxy: GatewayProxy,
  servers: readonly GatewayServer[],
): VirtualHosts {
  const found = new Map<
    string,
    { lists: { list: RouteList; server: GatewayServer }[]; httpsRedirect: boolean }
  >();
  // The rules of a list are worked out once for a Gateway, at the port of the first of its servers that has a host of it
  // and where some entry holds.
  const first = new Map<RouteList, GatewayServer[]>();
  for (const server of servers) {
    for (const list of visibleLists(byBinding.get(server.gateway) ?? [], proxy.namespace, server)) {
      const domains = servedHosts(server, list);
      if (domains.length === 0) continue;
      const earlier = first.get(list) ?? [];
      const deciding = earlier.find(({ gateway }) => gateway === server.gateway);
      if (deciding === undefined && !speaksAt(list.entries, listenerOfServer(proxy, server))) continue;
      if (deciding === undefined) first.set(list, [...earlier, server]);
      const served = { list, server: deciding ?? server };
      for (const domain of domains) {
        const known = found.get(domain);
        if (known === undefined) found.set(domain, { lists: [served], httpsRedirect: server.httpsRedirect });
        else {
          known.lists.push(served);
          known.httpsRedirect ||= server.httpsRedirect;
        }
      }
    }
    if (!server.httpsRedirect) continue;
    for (const { namespaces, host } of server.hosts) {
      // A host that names its namespace keeps it here, and so is the name of nothing.
      if (!namespaces.includes('*')) continue;
      const known = found.get(host);
      if (known === undefined) found.set(host, { lists: [], httpsRedirect: true });
      else known.httpsRedirect = true;
    }
  }
  return found;
}

function listenerOfServer({ namespace }: GatewayProxy, { gateway, port }: GatewayServer): MatchedListener {
  return { proxy: { kind: 'gateway', namespace }, gateway, port };
}

function visibleLists(
  lists: readonly RouteList[],
  namespace: string,
  server: GatewayServer,
): readonly RouteList[] {
  const visible = lists.filter(list => isExportedTo(list, namespace, server));
  return byVisibility(visible, namespace);
}

/** The hosts of a server that a list is for. */
export function servedHosts(
  server: GatewayServer,
  list: Pick<RouteList, 'hosts' | 'capitals' | 'namespace'>,
): readonly string[] {
  const hosts = new Set<string>();
  for (const served of server.hosts) {
    const { namespaces } = served;
    if (!namespaces.includes('*') && !namespaces.includes(list.namespace)) continue;
    for (const wanted of list.hosts) {
      const common = servedName(served, wanted, list.capitals);
      if (common !== undefined) hosts.add(common);
    }
  }
  return [...hosts];
}

/** One route configuration of a proxy: the virtual hosts of a port, behind TLS those of one server. */
export interface RouteConfiguration {
  readonly proxy: GatewayProxy;
  /** Those of one port that speak plain HTTP, or a single one behind TLS. */
  readonly servers: readonly GatewayServer[];
  /** By which clients come here: of Services that lead here, and those that servers name and no Service has. */
  readonly ports: readonly number[];
  readonly listensOn: GatewayServer['listensOn'];
  readonly scheme: 'http' | 'https';
  /** Behind TLS, the names in the handshake that lead here. */
  readonly names: readonly string[];
  /** The TLS that is asked of clients and shown to them (listener-tls.ts). */
  readonly tls: string | undefined;
  readonly virtualHosts: VirtualHosts;
  /** The same as pods in another namespace have it. */
  readonly seenFrom: (namespace: string) => RouteConfiguration;
}

/** @returns the route configurations of all ports of a proxy; they cost what the lists bound to it cost */
function routeConfigurations(
  byBinding: Gateways['byBinding'],
  proxy: GatewayProxy,
): readonly RouteConfiguration[] {
  const ports = new Set(proxy.servers.map(({ listensOn }) => listensOn));
  return [...ports].flatMap(port => {
    const servers = proxy.servers.filter(({ listensOn }) => listensOn === port);
    const plain = servers.filter(({ protocol }) => protocol === 'http');
    const behindTls = servers.filter(({ protocol }) => protocol === 'https');
    return [
      ...(plain.length === 0 ? [] : [configuration(byBinding, proxy, 'http', plain)]),
      ...behindTls.map(server => configuration(byBinding, proxy, 'https', [server])),
    ];
  });
}

function configuration(
  byBinding: Gateways['byBinding'],
  proxy: GatewayProxy,
  scheme: 'http' | 'https',
  servers: readonly GatewayServer[],
): RouteConfiguration {
  const listensOn = servers[0]?.listensOn ?? 0;
  return {
    proxy,
    servers,
    ports: portsLeadingTo(listensOn, proxy, servers),
    listensOn,
    scheme,
    names:
      scheme === 'http' ? [] : handshakeNames(servers.flatMap(({ hosts }) => hosts.map(({ host }) => host))),
    tls: scheme === 'https' && servers[0] !== undefined ? listenerTls(servers[0]) : undefined,
    virtualHosts: virtualHosts(byBinding, proxy, servers),
    seenFrom: memoised(namespace => configuration(byBinding, { ...proxy, namespace }, scheme, servers)),
  };
}

function portsLeadingTo(
  listensOn: GatewayServer['listensOn'],
  { ways }: GatewayProxy,
  servers: readonly GatewayServer[],
): readonly number[] {
  const own = servers.map(({ port }) => port).filter(port => ways.every(way => way.port !== port));
  const shown = ways.filter(way => way.leadsTo === listensOn).map(({ port }) => port);
  return [...new Set([...shown, ...own])];
}

/** A server for every host asks for no name at all, so that closer ones go before it (listener.go, filterChainMatch). */
function handshakeNames(hosts: readonly string[]): readonly string[] {
  return hosts.includes('*') ? ['*'] : hosts;
}
