import { includesNamespace } from '../3-link/export-to.ts';
import { isVisible } from '../3-link/foreign-ports.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import { hostsOverlap, isWildcard } from '../3-link/hostname.ts';
import { findService, type MeshPort, type MeshService } from '../3-link/registry.ts';
import { sharesHost } from '../3-link/scopes.ts';
import { importsOf } from '../3-link/sidecars.ts';
import { byVisibility } from '../3-link/visibility.ts';
import type * as istio from '../istio/index.ts';
import { ownValue } from '../yaml/own-value.ts';
import { type Caller, findBackend } from './backend.ts';
import type { ConnectionEntry, ConnectionList } from './connection-lists.ts';
import { connectionTls } from './listener-tls.ts';
import type { ChosenDestination } from './outcome.ts';
import type { RuleOrigin } from './rule.ts';
import { isExportedTo } from './stand-ins.ts';
import type { World } from './world.ts';
/** One way a connection can take; without names it takes every connection. */
export interface ConnectionRule {
  readonly sniHosts: readonly string[] | undefined;
  /** At a gateway that ends TLS, what that asks of clients and shows them (listener-tls.ts). */
  readonly tls?: string | undefined;
  readonly destinations: readonly ChosenDestination[];
  readonly origin: RuleOrigin;
}

/** The lists that are bound to the mesh and speak of a host, in their order. */
export function meshListsFor(
  { connections, connectionIndex: { byHost, wildcards } }: Pick<World, 'connections' | 'connectionIndex'>,
  host: string,
): readonly ConnectionList[] {
  // Connections are told by hosts as they are written (tls.go, getConfigsForHost).
  const speaksOf = ({ bindings, hosts, capitals }: ConnectionList) =>
    bindings.includes('mesh') && hosts.some(own => hostsOverlap(capitals?.get(own) ?? own, host));
  if (isWildcard(host)) return connections.filter(speaksOf);
  const positions = [...new Set([...(byHost.get(host) ?? []), ...wildcards])].sort((a, b) => a - b);
  return positions.flatMap(position => connections[position] ?? []).filter(speaksOf);
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

/** A client that does not see a Service, by a Sidecar or by exportTo of the Service, has no listener for it. */
export function hasListener(
  { registry, mesh }: World,
  place: ConnectionPlace,
  { host }: Pick<MeshService, 'host'>,
  port: number,
): boolean {
  const service = findService(registry, host);
  return place.proxy !== 'sidecar' || service === undefined || isVisible(mesh.sidecars, place, service, port);
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
  service: Pick<MeshService, 'host' | 'namespace' | 'labels'>,
  port: MeshPort,
): readonly ConnectionRule[] {
  const imports = place.proxy === 'sidecar' ? importsOf(world.mesh.sidecars, place, port.number) : undefined;
  if (!hasListener(world, place, service, port.number)) return [];
  const seen = meshListsFor(world, service.host).filter(
    list =>
      includesNamespace(list.exportTo, place.namespace) &&
      imports?.list(list) !== false &&
      (place.proxy === 'sidecar' ||
        list.namespace === service.namespace ||
        list.namespace === place.namespace),
  );
  const lists = byVisibility(seen, place.namespace);
  const { namespace, labels } = place;
  const proxy =
    place.proxy === 'waypoint'
      ? { kind: place.proxy, namespace }
      : { kind: 'sidecar' as const, namespace, labels };
  const compile = (
    list: ConnectionList,
    found: ConnectionEntry<istio.TLSRoute | istio.TCPRoute>,
    sniHosts: readonly string[] | undefined,
  ) => {
    const hasCluster = world.clusters.of(proxy, service, list.hosts);
    const caller: Caller = {
      namespace,
      missingStatus: 503,
      ...(place.proxy === 'waypoint' && { proxy: place.proxy }),
      ...(hasCluster && { hasCluster }),
    };
    return compiler(world, caller, port.number, service.host)(found, sniHosts);
  };
  const tls = lists.flatMap(list =>
    list.tls.flatMap(found => (found.entry.match ?? []).map(match => ({ list, found, match }))),
  );
  const byName = tls.filter(({ match }) => applies(match, 'mesh', port.number, place));
  if (place.proxy === 'waypoint') {
    const named = byName.find(
      ({ match }) => match.sniHosts?.length === 1 && match.sniHosts[0] === service.host,
    );
    if (named !== undefined) return [compile(named.list, named.found, undefined)];
  } else if (port.protocol === 'tls') {
    return byName.map(({ list, found, match }) => compile(list, found, match.sniHosts ?? []));
  }
  const tcp = lists
    .flatMap(list => list.tcp.map(found => ({ list, found })))
    .find(({ found }) => takes(found.entry, 'mesh', port.number, place));
  return tcp === undefined ? [] : [compile(tcp.list, tcp.found, undefined)];
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
  const seen = bound.filter(list => isExportedTo(list, namespace, server) && sharesHost(server, list));
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
