import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import {
  type GatewayServer,
  isListenerOfParent,
  listenerOf,
  sectionOf,
} from '../3-link/gateways/gateway-servers.ts';
import { grantsIn } from '../3-link/grants.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { hostsOverlap, intersectHosts, isWildcard } from '../3-link/hostname.ts';
import type { MeshPort, MeshService } from '../3-link/registry.ts';
import { importsOf } from '../3-link/sidecars.ts';
import { byAge, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { ownValue } from '../yaml/own-value.ts';
import { type Caller, findBackend } from './backend.ts';
import { convertBackends, type MayRefer } from './http-route.ts';
import { connectionTls } from './listener-tls.ts';
import { hostNamespacesIn, mayReferFrom } from './may-refer.ts';
import type { ChosenDestination } from './outcome.ts';
import { meshParentHosts } from './route-list.ts';
import type { RuleOrigin } from './rule.ts';
import { isExportedTo } from './stand-ins.ts';
import { byVisibility } from './visibility.ts';
import type { World } from './world.ts';

/** The tls and tcp entries of a VirtualService, or what istiod makes of a TLSRoute or a TCPRoute for one parent. */
export interface ConnectionList {
  readonly namespace: string;
  readonly name: string;
  readonly resource: Resource;
  readonly hosts: readonly string[];
  readonly exportTo: readonly string[];
  /** `mesh`, Istio Gateways, or listeners. */
  readonly bindings: readonly string[];
  readonly semantics: 'istio' | 'gateway';
  readonly tls: readonly ConnectionEntry<istio.TLSRoute>[];
  readonly tcp: readonly ConnectionEntry<istio.TCPRoute>[];
}

export interface ConnectionEntry<Entry> {
  readonly entry: Entry;
  readonly origin: RuleOrigin;
}

/** One way a connection can take; without names it takes every connection. */
export interface ConnectionRule {
  readonly sniHosts: readonly string[] | undefined;
  /** At a gateway that ends TLS, what that asks of clients and shows them (listener-tls.ts). */
  readonly tls?: string | undefined;
  readonly destinations: readonly ChosenDestination[];
  readonly origin: RuleOrigin;
}

/** Gathers what VirtualServices, TLSRoutes and TCPRoutes say, the older first. */
export function connectionLists(
  resources: readonly AnyResource[],
  virtualServices: readonly ResolvedVirtualService[],
  servers: readonly GatewayServer[],
): readonly ConnectionList[] {
  const ofVirtualServices = virtualServices
    .filter(({ tls, tcp }) => tls.length + tcp.length > 0)
    .map(
      (vs): ConnectionList => ({
        namespace: vs.namespace,
        name: vs.name,
        resource: vs.resource,
        hosts: vs.hosts,
        exportTo: vs.exportTo,
        bindings: vs.gateways,
        semantics: 'istio',
        tls: vs.tls.map((entry, index) => ({ entry, origin: originOf(vs.resource, 'tls', index) })),
        tcp: vs.tcp.map((entry, index) => ({ entry, origin: originOf(vs.resource, 'tcp', index) })),
      }),
    );
  const entries = new Map(
    resources.filter(isType('istio.ServiceEntry')).map(entry => [`${entry.namespace}/${entry.name}`, entry]),
  );
  const hostsOf = (namespace: string, name: string) => entries.get(`${namespace}/${name}`)?.spec.hosts ?? [];
  const grants = grantsIn(resources);
  const hosts = hostNamespacesIn(resources);
  const routes = [
    ...resources.filter(isType('gateway.TLSRoute')),
    ...resources.filter(isType('gateway.TCPRoute')),
  ];
  return [
    ...ofVirtualServices,
    ...routes.flatMap(route => listsOfRoute(route, hostsOf, servers, mayReferFrom(route, grants, hosts))),
  ].sort(byAge);
}

/** Where to find lists without going through all of them. */
export interface ConnectionIndex {
  /** The positions of those bound to the mesh, by each host without a wildcard. */
  readonly byHost: ReadonlyMap<string, readonly number[]>;
  /** The positions of those bound to the mesh that have a wildcard among their hosts. */
  readonly wildcards: readonly number[];
  /** Those bound to a gateway, by its name. */
  readonly byBinding: ReadonlyMap<string, readonly ConnectionList[]>;
}

/** Makes the index of lists. */
export function indexConnections(lists: readonly ConnectionList[]): ConnectionIndex {
  const hostsAt = (position: number): readonly string[] => {
    const { bindings = [], hosts = [] } = lists[position] ?? {};
    return bindings.includes('mesh') ? hosts : [];
  };
  const positions = [...lists.keys()];
  return {
    byHost: groupByEach(positions, at => new Set(hostsAt(at).filter(host => !isWildcard(host)))),
    wildcards: positions.filter(at => hostsAt(at).some(isWildcard)),
    byBinding: groupByEach(lists, ({ bindings }) => new Set(bindings)),
  };
}

/** The lists that are bound to the mesh and speak of a host, in their order. */
export function meshListsFor(
  { connections, connectionIndex: { byHost, wildcards } }: Pick<World, 'connections' | 'connectionIndex'>,
  host: string,
): readonly ConnectionList[] {
  const speaksOf = ({ bindings, hosts }: ConnectionList) =>
    bindings.includes('mesh') && hosts.some(own => hostsOverlap(own, host));
  if (isWildcard(host)) return connections.filter(speaksOf);
  const positions = [...new Set([...(byHost.get(host) ?? []), ...wildcards])].sort((a, b) => a - b);
  return positions.flatMap(position => connections[position] ?? []).filter(speaksOf);
}

function originOf(resource: Resource, field: 'tls' | 'tcp' | 'rules', index: number): RuleOrigin {
  return { resource, path: ['spec', field, index], match: undefined };
}

type Layer4Route = Resource<'gateway.TLSRoute'> | Resource<'gateway.TCPRoute'>;

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/route_collections.go, TCPRouteCollection, TLSRouteCollection */
function listsOfRoute(
  route: Layer4Route,
  hostsOf: (namespace: string, name: string) => readonly string[],
  servers: readonly GatewayServer[],
  mayRefer: MayRefer,
): readonly ConnectionList[] {
  return (route.spec.parentRefs ?? []).flatMap((parent): readonly ConnectionList[] => {
    const mesh = meshParentHosts(parent, route.namespace, hostsOf);
    if (mesh.length > 0) return mesh.map(host => listFor(route, ['mesh'], [host], parent.port, () => true));
    const listening = servers.filter(server => acceptsConnections(server, parent, route));
    return listening.flatMap(server => {
      const hosts = hostnamesFor(server, route);
      return hosts.length === 0 ? [] : [listFor(route, [server.gateway], hosts, undefined, mayRefer)];
    });
  });
}

function listFor(
  route: Layer4Route,
  bindings: readonly string[],
  hosts: readonly string[],
  port: number | undefined,
  mayRefer: MayRefer,
): ConnectionList {
  const shared = {
    namespace: route.namespace,
    name: route.name,
    resource: route,
    hosts,
    exportTo: ['*'],
    bindings,
    semantics: 'gateway',
  } as const;
  const converted = (route.spec.rules ?? []).map((rule, index) => ({
    route: backendsOf(rule, route.namespace, mayRefer),
    origin: originOf(route, 'rules', index),
  }));
  if (route.type === 'gateway.TCPRoute') {
    const match = port === undefined ? {} : { match: [{ port }] };
    return {
      ...shared,
      tls: [],
      tcp: converted.map(({ route: to, origin }) => ({ entry: { ...match, route: to }, origin })),
    };
  }
  const sniHosts = bindings[0] === 'mesh' ? compatibleNames(route.spec.hostnames ?? hosts, hosts) : hosts;
  const match = [{ sniHosts, ...(port === undefined ? {} : { port }) }];
  return {
    ...shared,
    tls: converted.map(({ route: to, origin }) => ({ entry: { match, route: to }, origin })),
    tcp: [],
  };
}

/** Only those of several names that the parent has (conversion.go, compatibleRoutesForHost). */
function compatibleNames(hostnames: readonly string[], hosts: readonly string[]): readonly string[] {
  if (hostnames.length < 2) return hostnames;
  return hostnames.filter(name => hosts.some(host => hostsOverlap(host, name)));
}

function backendsOf(
  rule: gateway.Layer4RouteRule,
  namespace: string,
  mayRefer: MayRefer,
): readonly istio.RouteDestination[] {
  return (convertBackends(rule.backendRefs ?? [], namespace, mayRefer) ?? []).map(
    ({ destination, weight }) => ({
      destination,
      ...(weight === undefined ? {} : { weight }),
    }),
  );
}

function acceptsConnections(
  server: GatewayServer,
  parent: gateway.ParentReference,
  route: Layer4Route,
): boolean {
  if (!isListenerOfParent(server, parent, route.namespace)) return false;
  const listener = listenerOf(server);
  if (parent.port !== undefined && parent.port !== server.port) return false;
  if (parent.sectionName !== undefined && sectionOf(server, parent.sectionName) !== listener?.name)
    return false;
  const admitted = server.hosts.some(
    ({ namespaces }) => namespaces.includes('*') || namespaces.includes(route.namespace),
  );
  const fits =
    route.type === 'gateway.TLSRoute'
      ? server.protocol === 'tls'
      : server.protocol === 'tcp' || (server.protocol === 'tls' && !server.passthrough);
  return admitted && fits;
}

function hostnamesFor(server: GatewayServer, route: Layer4Route): readonly string[] {
  if (route.type === 'gateway.TCPRoute') return ['*'];
  const wanted = route.spec.hostnames ?? ['*'];
  return server.hosts.flatMap(({ host }) => wanted.flatMap(name => intersectHosts(host, name) ?? []));
}

/**
 * Whether a match is for a place. Gateways do not ask who the client is (gateway.go, l4SingleMatch), and waypoints do not
 * know (listener_waypoint.go, getTLSRouteMatch).
 *
 * @see istio.io/istio/pilot/pkg/networking/core/tls.go, matchTLS, matchTCP
 */
function applies(
  match: Pick<istio.L4MatchAttributes, 'gateways' | 'port' | 'sourceLabels' | 'sourceNamespace'>,
  binding: string,
  port: number,
  client: ConnectionPlace,
): boolean {
  if (match.gateways !== undefined && match.gateways.length > 0 && !match.gateways.includes(binding))
    return false;
  if (match.port !== undefined && match.port !== 0 && match.port !== port) return false;
  if (client.proxy === 'gateway') return true;
  if (
    Object.entries(match.sourceLabels ?? {}).some(([name, value]) => ownValue(client.labels, name) !== value)
  )
    return false;
  const namespace = client.proxy === 'waypoint' ? '' : client.namespace;
  return !match.sourceNamespace || match.sourceNamespace === namespace;
}

/** Where a connection is looked at. */
export interface ConnectionPlace {
  readonly proxy: 'sidecar' | 'waypoint' | 'gateway';
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The treatment of connections to a port of a Service by a mesh proxy; nothing where it passes them on to the Service.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/tls.go, buildSidecarOutboundTCPTLSFilterChainOpts
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, getWaypointTCPRoutes
 */
export function meshConnectionRules(
  world: World,
  place: ConnectionPlace,
  service: Pick<MeshService, 'host' | 'namespace'>,
  port: MeshPort,
): readonly ConnectionRule[] {
  const imports = place.proxy === 'sidecar' ? importsOf(world.mesh.sidecars, place, port.number) : undefined;
  const seen = meshListsFor(world, service.host).filter(
    list =>
      list.exportTo.some(to => to === '*' || to === place.namespace) &&
      imports?.list(list) !== false &&
      (place.proxy === 'sidecar' ||
        list.namespace === service.namespace ||
        list.namespace === place.namespace),
  );
  const lists = byVisibility(seen, place.namespace);
  const caller: Caller = { namespace: place.namespace, missingStatus: 503 };
  const compile = compiler(world, caller, port.number, service.host);
  const tls = lists.flatMap(list =>
    list.tls.flatMap(found => (found.entry.match ?? []).map(match => ({ found, match }))),
  );
  const byName = tls.filter(({ match }) => applies(match, 'mesh', port.number, place));
  if (place.proxy === 'waypoint') {
    const named = byName.find(
      ({ match }) => match.sniHosts?.length === 1 && match.sniHosts[0] === service.host,
    );
    if (named !== undefined) return [compile(named.found, undefined)];
  } else if (port.protocol === 'tls') {
    return byName.map(({ found, match }) => compile(found, match.sniHosts ?? []));
  }
  const tcp = lists.flatMap(list => list.tcp).find(({ entry }) => takes(entry, 'mesh', port.number, place));
  return tcp === undefined ? [] : [compile(tcp, undefined)];
}

function takes(entry: istio.TCPRoute, binding: string, port: number, place: ConnectionPlace): boolean {
  if ((entry.route ?? []).length === 0) return false;
  const matches = entry.match ?? [];
  return matches.length === 0 || matches.some(match => applies(match, binding, port, place));
}

/** @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayNetworkFiltersFromTCPRoutes */
export function gatewayConnectionRules(
  world: World,
  namespace: string,
  server: GatewayServer,
): readonly ConnectionRule[] {
  if (server.ignoresRoutes) return [];
  const place: ConnectionPlace = { proxy: 'gateway', namespace, labels: {} };
  const bound = world.connectionIndex.byBinding.get(server.gateway) ?? [];
  const seen = bound.filter(
    list =>
      isExportedTo(list, namespace, server) &&
      server.hosts.some(
        ({ namespaces, host }) =>
          (namespaces.includes('*') || namespaces.includes(list.namespace)) &&
          list.hosts.some(wanted => hostsOverlap(host, wanted)),
      ),
  );
  const lists = byVisibility(seen, namespace);
  const compile = compiler(world, { namespace, missingStatus: 503, proxy: 'gateway' }, server.port);
  if (server.passthrough) {
    const named = lists.flatMap(list =>
      list.tls.flatMap(found =>
        (found.entry.match ?? [])
          .filter(match => applies(match, server.gateway, server.port, place))
          .map(match => ({ ...compile(found, match.sniHosts ?? []), tls: connectionTls(server) })),
      ),
    );
    return withoutKnownNames(named);
  }
  for (const { tcp, tls, semantics } of lists) {
    const found =
      tcp.find(({ entry }) => takes(entry, server.gateway, server.port, place)) ??
      (semantics === 'gateway' ? tls[0] : undefined);
    if (found !== undefined) return [{ ...compile(found, undefined), tls: connectionTls(server) }];
  }
  return [];
}

/**
 * A match that repeats a name counts for nothing, the other names of it included.
 *
 * @see istio.io/istio/pilot/pkg/model/gateway.go, CheckDuplicates
 */
function withoutKnownNames(rules: readonly ConnectionRule[]): readonly ConnectionRule[] {
  const known = new Set<string>();
  return rules.filter(({ sniHosts = [] }) => {
    if (sniHosts.some(name => known.has(name))) return false;
    for (const name of sniHosts) known.add(name);
    return true;
  });
}

function compiler(world: World, caller: Caller, port: number, host?: string) {
  return (
    { entry, origin }: ConnectionEntry<istio.TLSRoute | istio.TCPRoute>,
    sniHosts: readonly string[] | undefined,
  ): ConnectionRule => {
    const asked = sniHosts?.find(name => !isWildcard(name)) ?? host;
    const routes = entry.route ?? [];
    const weighted = routes.length > 1;
    const chosen = weighted ? routes.filter(({ weight }) => (weight ?? 0) > 0) : routes;
    const weights = chosen.map(({ weight }) => (weighted ? (weight ?? 0) : 1));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const destinations = chosen.map(({ destination }, index): ChosenDestination => {
      const { key, label, trafficPolicy, nextHop } = findBackend(world, caller, destination, port, asked);
      return {
        backend: key,
        label,
        trafficPolicy,
        nextHop,
        weight: weights[index] ?? 0,
        total,
        authority: undefined,
        requestHeaders: {},
        responseHeaders: {},
      };
    });
    return { sniHosts, destinations, origin };
  };
}

/** @returns the rule that takes a connection: the closest name, of equal ones the first */
export function decideConnection(
  rules: readonly ConnectionRule[],
  sni: string | undefined,
): ConnectionRule | undefined {
  let best: ConnectionRule | undefined;
  let closeness = -1;
  for (const rule of rules) {
    const score =
      rule.sniHosts === undefined ? 0 : Math.max(-1, ...rule.sniHosts.map(name => nameCloseness(name, sni)));
    if (score > closeness) [best, closeness] = [rule, score];
  }
  return best;
}

function nameCloseness(name: string, sni: string | undefined): number {
  // istiod asks for no name at all (gateway.go, getSNIHosts), so that connections without one fit, too.
  if (name === '*') return 0;
  if (sni === undefined) return -1;
  if (name === sni) return Number.POSITIVE_INFINITY;
  return isWildcard(name) && sni.endsWith(name.slice(1)) ? name.length : -1;
}
