import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import {
  type GatewayServer,
  isListenerOfParent,
  listenerOf,
  sectionOf,
} from '../3-link/gateways/gateway-server.ts';
import { serverAdmits } from '../3-link/gateways/gateway-servers.ts';
import { grantsIn } from '../3-link/grants.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { hostsOverlap, isWildcard, namesInCommon } from '../3-link/hostname.ts';
import { virtualServiceExportToOf } from '../3-link/mesh-config.ts';
import { byAge, type ResolvedVirtualService, resolveExportTo } from '../3-link/virtual-services.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { convertBackends, type MayRefer } from './http-route.ts';
import { hostNamespacesIn, mayReferFrom } from './may-refer.ts';
import { meshParentHosts } from './route-list.ts';
import type { RuleOrigin } from './rule.ts';

/** The tls and tcp entries of a VirtualService, or what istiod makes of a TLSRoute or a TCPRoute for one parent. */
export interface ConnectionList {
  readonly namespace: string;
  readonly name: string;
  readonly resource: Resource;
  readonly hosts: readonly string[];
  /** Those of a VirtualService that are written with capitals, by the names without. */
  readonly capitals?: ReadonlyMap<string, string>;
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

/** @returns every destination of the connections of a list */
export function connectionDestinations({
  tls,
  tcp,
}: Pick<ConnectionList, 'tls' | 'tcp'>): readonly istio.Destination[] {
  return [...tls, ...tcp].flatMap(({ entry }) => (entry.route ?? []).map(({ destination }) => destination));
}

/** Envoy compares the names of TLS connections in lower case (filter_chain_manager_impl.cc, setupFilterChainMatcher). */
function inLowerCase(entry: istio.TLSRoute): istio.TLSRoute {
  const { match = [] } = entry;
  const isLower = (name: string) => name === name.toLowerCase();
  if (match.every(({ sniHosts = [] }) => sniHosts.every(isLower))) return entry;
  return {
    ...entry,
    match: match.map(one => ({ ...one, sniHosts: (one.sniHosts ?? []).map(name => name.toLowerCase()) })),
  };
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
        ...(vs.capitals === undefined ? {} : { capitals: vs.capitals }),
        exportTo: vs.exportTo,
        bindings: vs.gateways,
        semantics: 'istio',
        tls: vs.tls.map((entry, index) => ({
          entry: inLowerCase(entry),
          origin: originOf(vs.resource, 'tls', index),
        })),
        tcp: vs.tcp.map((entry, index) => ({ entry, origin: originOf(vs.resource, 'tcp', index) })),
      }),
    );
  const entries = new Map(
    resources.filter(isType('istio.ServiceEntry')).map(entry => [`${entry.namespace}/${entry.name}`, entry]),
  );
  const hostsOf = (namespace: string, name: string) => entries.get(`${namespace}/${name}`)?.spec.hosts ?? [];
  const grants = grantsIn(resources);
  const hosts = hostNamespacesIn(resources);
  const exportTo = virtualServiceExportToOf(resources);
  const routes = [
    ...resources.filter(isType('gateway.TLSRoute')),
    ...resources.filter(isType('gateway.TCPRoute')),
  ];
  return [
    ...ofVirtualServices,
    ...routes.flatMap(route =>
      listsOfRoute(route, hostsOf, servers, mayReferFrom(route, grants, hosts), exportTo),
    ),
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
  exportTo: readonly string[] | undefined,
): readonly ConnectionList[] {
  return (route.spec.parentRefs ?? []).flatMap((parent): readonly ConnectionList[] => {
    const mesh = meshParentHosts(parent, route.namespace, hostsOf);
    if (mesh.length > 0)
      return mesh.map(host => listFor(route, ['mesh'], [host], parent.port, () => true, exportTo));
    const listening = servers.filter(server => acceptsConnections(server, parent, route));
    return listening.flatMap(server => {
      const hosts = hostnamesFor(server, route);
      return hosts.length === 0
        ? []
        : [listFor(route, [server.gateway], hosts, undefined, mayRefer, exportTo)];
    });
  });
}

function listFor(
  route: Layer4Route,
  bindings: readonly string[],
  hosts: readonly string[],
  port: number | undefined,
  mayRefer: MayRefer,
  exportTo: readonly string[] | undefined,
): ConnectionList {
  const shared = {
    namespace: route.namespace,
    name: route.name,
    resource: route,
    hosts,
    exportTo: resolveExportTo(undefined, route.namespace, exportTo),
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

type Destinations = readonly istio.RouteDestination[];

/** Every field of a rule, and where connections go by it. */
const ruleReaders: Readonly<
  Record<
    keyof gateway.Layer4RouteRule,
    (rule: gateway.Layer4RouteRule, namespace: string, mayRefer: MayRefer) => Destinations
  >
> = {
  name: () => [],
  backendRefs: ({ backendRefs = [] }, namespace, mayRefer) =>
    (convertBackends(backendRefs, namespace, mayRefer) ?? []).map(({ destination, weight }) => ({
      destination,
      ...(weight === undefined ? {} : { weight }),
    })),
};

function backendsOf(rule: gateway.Layer4RouteRule, namespace: string, mayRefer: MayRefer): Destinations {
  return Object.values(ruleReaders).flatMap(read => read(rule, namespace, mayRefer));
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
  const admitted = server.hosts.some(served => serverAdmits(served, route.namespace));
  const fits =
    route.type === 'gateway.TLSRoute'
      ? server.protocol === 'tls'
      : server.protocol === 'tcp' || (server.protocol === 'tls' && !server.passthrough);
  return admitted && fits;
}

function hostnamesFor(server: GatewayServer, route: Layer4Route): readonly string[] {
  if (route.type === 'gateway.TCPRoute') return ['*'];
  const wanted = route.spec.hostnames ?? ['*'];
  return namesInCommon(server.hosts, wanted);
}
