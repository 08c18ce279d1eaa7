import { planeOfNamespace } from '../3-link/data-plane.ts';
import { type GatewayServer, listenerOf } from '../3-link/gateways/gateway-server.ts';
import { doorLabel, type GatewayProxy, onPodsOf } from '../3-link/gateways/gateway-servers.ts';
import { hostsOverlap, isSubsetOfHost, isWildcard } from '../3-link/hostname.ts';
import { findService } from '../3-link/registry.ts';
import { compareText } from '../3-link/virtual-services.ts';
import { waypointOf } from '../3-link/waypoints.ts';
import type { GatewayMapping, Options } from '../options.ts';
import { changedHosts, wasThere } from './changed-hosts.ts';
import type { Gateways, RouteConfiguration } from './gateway-lists.ts';
import { type GatewayPair, gatewayVantages } from './gateway-vantages.ts';
import { waypointInUse, waypointNamespaceOf } from './mesh.ts';
import { type MeshSides, meshVantages } from './mesh-vantages.ts';
import type { Vantage } from './vantage.ts';
import type { World } from './world.ts';

/** Where to look at two worlds. */
export interface Outlook {
  readonly gatewayMap: readonly GatewayMapping[];
  /** The proxies that apply the VirtualServices inside the mesh; undefined looks from sidecars and from waypoints. */
  readonly from?: Options['from'] | undefined;
  /** The same for each host. */
  readonly fromOf?: (host: string) => Options['from'] | undefined;
  /** Also looked at at every gateway, for it may be one that a wildcard covers. */
  readonly host?: string;
  /** Whether waypoints may take the place of the sidecars that decide today. */
  readonly moves?: boolean;
  /** Whether a Gateway stands in for one that was not found in the input; without it, one without a file does. */
  readonly isStandIn?: (gateway: GatewayServer['resource']) => boolean;
  /** Whether labels may differ, so that a waypoint can be new. */
  readonly comparesLabels?: boolean;
  /** Whether requests keep to their port, so that a gateway that listens at another one has lost them. */
  readonly keepsPorts?: boolean;
}

/** The objects that go, come or change, by what they are for. */
export interface Touched {
  /** Full names of hosts inside the mesh; a wildcard touches every host that it covers. */
  readonly meshHosts: Iterable<string>;
  /** Hosts at gateways. */
  readonly gatewayHosts: Iterable<string>;
  /** Istio Gateways and Gateways, by `NAMESPACE/NAME`. */
  readonly gateways: ReadonlySet<string>;
  /** Whether a host inside the mesh only depends on the objects: its own routes stay, and no waypoint takes the place of its sidecars. */
  readonly dependsOnly?: (host: string) => boolean;
}

/** The places from which two worlds can look different. */
export interface Places {
  readonly all: () => readonly Vantage[];
  /** Those that some objects can affect; what they cost does not depend on how large the worlds are. */
  readonly touchedBy: (touched: Touched) => Iterable<Vantage>;
}

/**
 * Every place from which two worlds can look different: all hosts inside the mesh that either side names or covers by a
 * wildcard, from sidecars and from waypoints, and all hosts at gateways. `convert` and `verify` look from the same places.
 */
export function placesBetween(before: World, after: World, outlook: Outlook): Places {
  let known: readonly GatewayPair[] | undefined;
  const pairs = () => {
    known ??= pairGateways(before, after, outlook);
    return known;
  };
  const ofMesh = (hosts: readonly string[]) =>
    hosts.flatMap(host => meshPlaces(before, after, host, outlook));
  return {
    all: () => [
      ...ofMesh(meshHosts(before, after)),
      ...pairs().flatMap(pair => [...gatewayVantages(before, after, pair)]),
    ],
    *touchedBy(touched) {
      for (const host of touchedHosts(before, after, touched.meshHosts))
        yield* meshPlaces(
          before,
          after,
          host,
          touched.dependsOnly?.(host) === true ? { ...outlook, moves: false } : outlook,
        );
      for (const pair of pairs()) {
        if (!pair.keys.some(key => touched.gateways.has(key))) continue;
        const hosts = touchedDomains(pair.hosts, touched.gatewayHosts);
        if (hosts.length > 0) yield* gatewayVantages(before, after, pair, hosts);
      }
    },
  };
}

/** A host inside the mesh, from sidecars, and from the waypoint where one decides. */
export function meshPlaces(before: World, after: World, host: string, outlook: Outlook): readonly Vantage[] {
  const { fromOf } = outlook;
  const from = fromOf === undefined ? outlook.from : fromOf(host);
  // Where waypoints decide already, they take no place of sidecars.
  const moves = outlook.moves === true && (fromOf === undefined || from === 'sidecar');
  const home = waypointHome([before, after], host);
  const sidecars: MeshSides = { before: 'sidecar', after: moves ? ['sidecar', 'waypoint'] : ['sidecar'] };
  const without = sideWithoutWaypoint(before, after, host, outlook.comparesLabels === true);
  const later = waypointHome([after, before], host);
  const waypoints: MeshSides = {
    before: 'waypoint',
    after: ['waypoint'],
    ...(without !== undefined && { without }),
    ...(later !== undefined && { later }),
  };
  return [
    ...(from === 'ambient' ? [] : meshVantages(before, after, host, sidecars, moves ? home : undefined)),
    ...(from === 'sidecar' && !isWaypointInUse(before, host)
      ? []
      : meshVantages(before, after, host, waypoints, home)),
  ];
}

/** Whether a Service asks for a waypoint that is there: clients in ambient mode come by it, whatever others do. */
function isWaypointInUse(world: World, host: string): boolean {
  const service = findService(world.registry, host);
  return service !== undefined && waypointInUse(world, service) !== undefined;
}

/**
 * The side on which requests to a Service that is behind a waypoint on the other side go on as they are: the waypoint that labels
 * ask for is not there, or the labels are not.
 *
 * @param comparesLabels whether a waypoint may be new
 */
function sideWithoutWaypoint(
  before: World,
  after: World,
  host: string,
  comparesLabels: boolean,
): 'before' | 'after' | undefined {
  const [old, now] = [isWaypointInUse(before, host), isWaypointInUse(after, host)];
  if (old === now) return undefined;
  if (old) return isWaypointNamed(after, host) || isLabelHolderIn(after, before, host) ? 'after' : undefined;
  const isAmbient = isNamespaceAmbient(before, host);
  return comparesLabels && isAmbient && isLabelHolderIn(before, after, host) ? 'before' : undefined;
}

/** Whether labels ask for a waypoint, be it there or not. */
function isWaypointNamed({ mesh, registry }: World, host: string): boolean {
  const service = findService(registry, host);
  const found = service === undefined ? undefined : waypointOf(mesh.waypoints, service);
  return found?.kind === 'found' && (found.by === 'label' || found.by === 'namespace');
}

/** Whether a world has the object whose label asks for the waypoint of a Service in another one, so that the label is not there. */
function isLabelHolderIn({ mesh, registry }: World, other: World, host: string): boolean {
  const [service, labelled] = [findService(registry, host), findService(other.registry, host)];
  if (service === undefined || labelled === undefined) return false;
  const found = waypointOf(other.mesh.waypoints, labelled);
  if (found.kind !== 'found') return false;
  return found.by === 'label' ? !service.assumed : mesh.waypoints.namespaces.has(service.namespace);
}

function isNamespaceAmbient({ mesh, registry }: World, host: string): boolean {
  const service = findService(registry, host);
  return service !== undefined && planeOfNamespace(mesh.waypoints, service.namespace) === 'ambient';
}

/** @returns where the waypoint of a host runs, by the first of some worlds that tells */
function waypointHome(worlds: readonly World[], host: string): string | undefined {
  for (const { mesh, registry } of worlds) {
    const service = findService(registry, host);
    const namespace = service === undefined ? undefined : waypointNamespaceOf(mesh, service);
    if (namespace !== undefined) return namespace;
  }
  return undefined;
}

/**
 * Hosts that lists name, the Services that their wildcards cover, and those that changed without any list; not those that are
 * new, since nobody sent requests there.
 */
function meshHosts(before: World, after: World): readonly string[] {
  const worlds = [before, after];
  const named = worlds.flatMap(({ mesh }) => [
    ...mesh.byHost.keys(),
    ...mesh.wildcards.flatMap(list => list.hosts.filter(isWildcard)),
  ]);
  return touchedHosts(before, after, new Set([...named, ...changedHosts(before, after)]));
}

/** Hosts by their names, and what the registries and lists of both sides have for them and for wildcards. */
export function touchedHosts(before: World, after: World, touched: Iterable<string>): readonly string[] {
  const hosts = new Set<string>();
  const registries = [before.registry, after.registry];
  const wildcards = [];
  for (const host of touched) {
    if (isWildcard(host)) wildcards.push(host);
    else for (const registry of registries) hosts.add(findService(registry, host)?.host ?? host);
  }
  if (wildcards.length > 0) {
    // Names of Services that are not found in the input are known by the lists that are for them.
    for (const { byHost } of [...registries, before.mesh, after.mesh])
      for (const host of byHost.keys())
        if (wildcards.some(wildcard => hostsOverlap(wildcard, host))) hosts.add(host);
  }
  return [...hosts].filter(host => wasThere(before, after, host)).sort(compareText);
}

/** The domains of a gateway that some hosts can have a say in. */
function touchedDomains(domains: readonly string[], touched: Iterable<string>): readonly string[] {
  const exact = new Set(touched);
  const wildcards = [...exact].filter(isWildcard);
  return domains.filter(
    domain => exact.has(domain) || wildcards.some(wildcard => hostsOverlap(wildcard, domain)),
  );
}

/** A gateway, by what objects bind to, and its route configurations. */
interface Door {
  readonly key: string;
  readonly label: string;
  readonly proxy: GatewayProxy;
  /** Those at its own ports. */
  readonly configurations: readonly RouteConfiguration[];
  /** Those at all ports of its pods, which others may share: requests arrive there all the same. */
  readonly ofPods: readonly RouteConfiguration[];
  readonly hosts: ReadonlySet<string>;
  /** Hosts that servers send to https, whether any list is for them or not. */
  readonly redirects: ReadonlySet<string>;
  readonly schemeFrom: ReturnType<Gateways['schemeFrom']>;
  /** The sole listener that is looked at. */
  readonly listener?: string;
}

/**
 * Gateways are compared host by host: with one of the same name, with one that a mapping names, or with the one that serves
 * most of their hosts. While an old gateway goes before a new one of its name, or one that it is mapped to, each host is at one
 * of the two.
 */
function pairGateways(
  before: World,
  after: World,
  { gatewayMap, host, isStandIn: isAssumed = isWithoutFile, keepsPorts = false }: Outlook,
): readonly GatewayPair[] {
  const [left, right] = [doorsOf(before), doorsOf(after)];
  const known = new Set(left.flatMap(({ hosts }) => [...hosts]));
  const taken = new Set<Door>();
  // The gateways of today by the pods that take their places.
  const replaced = new Map<GatewayProxy, Set<Door>>();
  const pairs = left.flatMap(door => {
    const mapping = gatewayMap.find(({ from }) => `${from.namespace}/${from.name}` === door.key);
    const wanted = mapping === undefined ? door.key : `${mapping.to.namespace}/${mapping.to.name}`;
    const alike = (wantedKey: string) =>
      onPodsOf(
        door,
        right.filter(({ key }) => key === wantedKey),
      );
    const named = alike(wanted);
    const listener = mapping?.to.sectionName;
    const staying = mapping === undefined ? [] : alike(door.key);
    const partners =
      named.length > 0
        ? [...named.map(one => atListener(one, listener)), ...staying]
        : mostAlike(door, right);
    const hosts = new Map<Door | undefined, string[]>(partners.map(partner => [partner, []]));
    for (const served of new Set([...door.hosts, ...door.redirects])) {
      const partner =
        partners.find(candidate => candidate.hosts.has(served)) ??
        partners.find(candidate => candidate.redirects.has(served)) ??
        partners[0];
      const there = hosts.get(partner);
      if (there === undefined) hosts.set(partner, [served]);
      else there.push(served);
    }
    return [...hosts].map(([partner, common]) => {
      const added = partner === undefined || isTaken(taken, partner) ? [] : [...partner.hosts];
      if (partner !== undefined) {
        taken.add(partner);
        replaced.set(partner.proxy, (replaced.get(partner.proxy) ?? new Set()).add(door));
      }
      // A closer name may have at the other gateway the requests that a wildcard has today.
      const closer = closerThan(common, partner?.hosts ?? [], door);
      const more = [
        ...added.filter(one => !known.has(one)),
        ...closer,
        ...(partner === undefined || runsOnPodsOfAService(partner)
          ? []
          : [door, partner].flatMap(one => closerThan(common, namesOf(one), one))),
      ];
      const isMapped = mapping !== undefined && partner?.key !== door.key;
      return pairOf(
        door,
        partner,
        [...new Set([...common, ...more])],
        host,
        isAssumed,
        keepsPorts && !isMapped,
      );
    });
  });
  const unpaired = right.flatMap(door => untaken(door, [...taken]));
  // A new Gateway on running pods: its requests arrive at these pods today.
  const onPodsBefore = (door: Door): Door | undefined => {
    if (!runsOnPodsOfAService(door)) return undefined;
    const running = [...(replaced.get(door.proxy) ?? [])];
    return mostAlike(door, running)[0] ?? running[0];
  };
  return [
    ...pairs,
    ...unpaired.map(door => pairOf(onPodsBefore(door), door, [...door.hosts], host, isAssumed)),
  ];
}

/** Those of some names that a door has no list for, and that are closer than a wildcard of some hosts. */
function closerThan(hosts: readonly string[], names: Iterable<string>, door: Door): readonly string[] {
  return [...names].filter(
    name => !door.hosts.has(name) && hosts.some(wide => isWildcard(wide) && isSubsetOfHost(name, wide)),
  );
}

/**
 * Names that other servers on the pods of a door have, whether any list is for them or not: behind TLS the server with the closest
 * one gets a connection, and a server that redirects to https does so for its names.
 */
function namesOf({ configurations, proxy }: Door): readonly string[] {
  return [...configurations.flatMap(({ names }) => names), ...redirectedBy(proxy.servers)];
}

/** A host that names its namespace is the name of nothing (gateway-lists.ts). */
function redirectedBy(servers: readonly GatewayServer[]): readonly string[] {
  return servers
    .filter(({ httpsRedirect }) => httpsRedirect)
    .flatMap(({ hosts }) => hosts.filter(({ namespaces }) => namespaces.includes('*')))
    .map(({ host }) => host);
}

/**
 * Whether a Gateway has no pods of its own: it names a Service by a Hostname among its addresses. Servers with closer names on
 * these pods stay as they are.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/deploymentcontroller.go, IsManaged
 */
function runsOnPodsOfAService({ key, proxy: { servers } }: Door): boolean {
  const gateway = servers.find(server => keyOf(server) === key)?.resource;
  return (
    gateway?.type === 'gateway.Gateway' &&
    (gateway.spec.addresses ?? []).some(({ type }) => type === 'Hostname')
  );
}

/** A door, as far as one listener of it goes: its port, and the hosts of its routes. */
function atListener(door: Door, listener: string | undefined): Door {
  return listener === undefined
    ? door
    : { ...narrowed(door, server => listenerOf(server)?.name === listener), listener };
}

function narrowed(door: Door, isIn: (server: GatewayServer) => boolean): Door {
  const servers = door.proxy.servers.filter(server => keyOf(server) === door.key && isIn(server));
  const configurations = door.configurations.filter(({ listensOn, scheme }) =>
    servers.some(server => server.listensOn === listensOn && server.protocol === scheme),
  );
  const hosts = [...door.hosts].filter(host =>
    configurations.some(({ virtualHosts }) =>
      (virtualHosts.get(host)?.lists ?? []).some(({ server }) => servers.includes(server)),
    ),
  );
  return { ...door, configurations, ofPods: configurations, hosts: new Set(hosts) };
}

function isTaken(taken: ReadonlySet<Door>, door: Door): boolean {
  return [...taken].some(
    other => isSameDoor(other, door) && (other.listener === undefined || other.listener === door.listener),
  );
}

function isSameDoor(a: Door, b: Door): boolean {
  return a.proxy === b.proxy && a.key === b.key;
}

/** The part of an entrance that is left where others were compared with some of its listeners only. */
function untaken(door: Door, taken: readonly Door[]): readonly Door[] {
  const own = taken.filter(other => isSameDoor(other, door));
  if (own.length === 0) return [door];
  if (own.some(({ listener }) => listener === undefined)) return [];
  const rest = narrowed(door, server => !own.some(({ listener }) => listener === listenerOf(server)?.name));
  return rest.hosts.size === 0 ? [] : [rest];
}

function doorsOf({ gateways }: World): readonly Door[] {
  return gateways.proxies.flatMap(proxy => {
    const keys = new Set(proxy.servers.map(keyOf));
    const schemeFrom = gateways.schemeFrom(proxy);
    return [...keys].flatMap(key => {
      // Gateways of one selector share their pods, and each listens on ports of its own.
      const ports = new Set(
        proxy.servers.filter(server => keyOf(server) === key).map(({ listensOn }) => listensOn),
      );
      const ofPods = gateways.configurations.get(proxy.id) ?? [];
      const configurations = ofPods.filter(({ listensOn }) => ports.has(listensOn));
      const hosts = new Set(
        configurations.flatMap(({ virtualHosts }) =>
          [...virtualHosts].flatMap(([host, { lists }]) =>
            lists.some(({ server }) => keyOf(server) === key) ? [host] : [],
          ),
        ),
      );
      const redirects = new Set(redirectedBy(proxy.servers.filter(server => keyOf(server) === key)));
      return hosts.size + redirects.size === 0
        ? []
        : [
            {
              key,
              label: doorLabel(proxy, key),
              proxy,
              configurations,
              ofPods,
              hosts,
              redirects,
              schemeFrom,
            },
          ];
    });
  });
}

function keyOf({ resource: { namespace, name } }: GatewayServer): string {
  return `${namespace}/${name}`;
}

function mostAlike(door: Door, candidates: readonly Door[]): readonly Door[] {
  const scored = candidates.map(candidate => ({
    candidate,
    shared: [...door.hosts].filter(host => candidate.hosts.has(host)).length,
  }));
  const best = scored.filter(({ shared }) => shared > 0).sort((a, b) => b.shared - a.shared)[0];
  return best === undefined ? [] : [best.candidate];
}

function pairOf(
  before: Door | undefined,
  after: Door | undefined,
  common: readonly string[],
  host: string | undefined,
  isAssumed: (resource: GatewayServer['resource']) => boolean,
  keepsPorts = false,
): GatewayPair {
  const isStandIn = (door: Door | undefined) =>
    door?.proxy.servers.every(({ resource }) => isAssumed(resource)) ?? false;
  const served = new Set(common);
  if (host !== undefined && [...served].some(other => hostsOverlap(other, host))) served.add(host);
  const hosts = [...served].sort(compareText);
  const schemes = ['http', 'https'] as const;
  const schemeFrom: GatewayPair['schemeFrom'] = {
    before: before?.schemeFrom ?? (() => 'listener'),
    after: after?.schemeFrom ?? (() => 'listener'),
  };
  const entrancesOf = (isCertain: boolean) =>
    schemes.flatMap(scheme => {
      const [mine, theirs] = [portsOf(before, scheme), portsOf(after, scheme)];
      // The ports of a gateway that is not found in the input are not known: only those of the other side count. Nor is it
      // known whether it sends plain HTTP to https.
      if (!isCertain && isStandIn(before) && theirs.length === 0) return [];
      if (
        !isCertain &&
        isStandIn(after) &&
        (mine.length === 0 || (theirs.length === 0 && onlyRedirects(before, scheme)))
      )
        return [];
      const ports = mine.length > 0 ? mine : theirs;
      const isSure = keepsPorts && !isStandIn(before) && !isStandIn(after);
      return ports.map(port => ({
        scheme,
        before: port,
        after: isSure || theirs.includes(port) ? port : (theirs[0] ?? port),
      }));
    });
  const likely = entrancesOf(false);
  // Requests that arrive today arrive somewhere.
  const entrances = likely.length > 0 || before === undefined ? likely : entrancesOf(true);
  const label =
    before?.label === after?.label
      ? (before?.label ?? '')
      : [before?.label ?? 'no gateway', after?.label ?? 'no gateway'].join(', then ');
  return {
    label,
    keys: [...new Set([before, after].flatMap(door => door?.proxy.servers.map(keyOf) ?? []))],
    elsewhere: [...new Set([before, after].flatMap(door => door?.proxy.elsewhere ?? []))],
    before: before?.ofPods ?? [],
    after: after?.ofPods ?? [],
    hosts,
    entrances,
    schemeFrom,
  };
}

function portsOf(door: Door | undefined, scheme: 'http' | 'https'): readonly number[] {
  return [
    ...new Set(
      (door?.configurations ?? []).filter(found => found.scheme === scheme).flatMap(({ ports }) => ports),
    ),
  ];
}

function onlyRedirects(door: Door | undefined, scheme: 'http' | 'https'): boolean {
  return (door?.configurations ?? [])
    .filter(found => found.scheme === scheme)
    .every(({ virtualHosts }) => [...virtualHosts.values()].every(({ httpsRedirect }) => httpsRedirect));
}

function isWithoutFile({ source }: GatewayServer['resource']): boolean {
  return source === undefined;
}
