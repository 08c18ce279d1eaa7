import { planeOfNamespace } from '../3-link/data-plane.ts';
import { foreignPorts, isAppliedAtForeignPort, isVisible, nameAlone } from '../3-link/foreign-ports.ts';
import { hostsOverlap, isSubsetOfHost, isWildcard, mostSpecificHost } from '../3-link/hostname.ts';
import { findPort, findService, type MeshService } from '../3-link/registry.ts';
import { usedByClient } from '../3-link/same-host.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import { type SidecarClient, selectorOf } from '../3-link/sidecars.ts';
import { exportToOfRule, rulesInAnyNamespace } from '../3-link/subsets/destination-rules.ts';
import { httpDestinations } from '../3-link/subsets/destinations.ts';
import type { SchemeFrom } from '../3-link/trusted-proxies.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import type { Action } from './action.ts';
import { findBackend, isSpreadByHash } from './backend.ts';
import { compileRetries } from './compile-entry.ts';
import { type Table, withSchemeOf } from './decide.ts';
import { virtualHostFor, virtualHostRules } from './gateway.ts';
import type { RouteConfiguration } from './gateway-lists.ts';
import { appliesHere, type MeshProxy, meshRules, waypointInUse } from './mesh.ts';
import type { ChosenDestination } from './outcome.ts';
import { dependsOnPods, withPodsIn } from './pods-elsewhere.ts';
import type { Address } from './request.ts';
import { withoutHash } from './route-hash.ts';
import type { RouteList } from './route-list.ts';
import type { World } from './world.ts';

/** A place from which requests are sent, and what happens to them in each of two worlds. */
export interface Vantage {
  /** For people: `sidecar in bookinfo`, `waypoint of reviews.bookinfo`, `gateway infra/edge`. */
  readonly label: string;
  /** The full name of the Service inside the mesh, or the domain at a gateway, that the tables are for. */
  readonly host: string;
  /** At a gateway, the Istio Gateways and Gateways on the pods of either side, by `NAMESPACE/NAME`. */
  readonly gateways?: readonly string[];
  /** At a gateway whose pods may run in several namespaces, the one that is looked at besides the assumed one. */
  readonly podsIn?: string;
  readonly address: Address;
  /** Whether a request that names an authority gets here, and to no other virtual host. */
  readonly isName: (authority: string) => boolean;
  /** The namespace of the sidecar that sends; at waypoints and gateways nobody knows. */
  readonly client: string | undefined;
  /** Whether another proxy decides afterwards: the waypoint instead of the sidecar. */
  readonly moves: boolean;
  /** Whether it moves to a waypoint that nothing in the input names: no request takes this way. */
  readonly isImagined?: true;
  readonly before: Table;
  readonly after: Table;
}

type MeshProxyKind = MeshProxy['kind'];

/** The proxies of the two sides that are compared inside the mesh. */
export interface MeshSides {
  readonly before: MeshProxyKind;
  /** Each is compared with the one before. */
  readonly after: readonly MeshProxyKind[];
  /** The side on which there is no waypoint, so that requests go on as they are. */
  readonly without?: 'before' | 'after';
  /** Where the waypoint of the side after runs, if it may be elsewhere. */
  readonly later?: string;
}

/**
 * Looks at one host inside the mesh from everywhere it can look different: every port that carries HTTP, every namespace
 * and every set of client labels that some list asks for.
 */
export function meshVantages(
  before: World,
  after: World,
  host: string,
  sides: MeshSides,
  waypointNamespace?: string,
): readonly Vantage[] {
  const isImagined = waypointNamespace === undefined;
  const [old, now] = [findService(before.registry, host), findService(after.registry, host)];
  const service = old ?? now;
  if (service === undefined) return [];
  const lists = [...listsFor(before, service), ...listsFor(after, service)];
  // A port that only the side after has is a new one; one that carries HTTP on one side only is the same port.
  const common = now === undefined || now === old ? [] : portsOf(now, lists);
  const foreign = sides.before === 'sidecar' ? foreignPortsOf([before, after], service, lists) : [];
  const alike = [before, after].flatMap(({ registry }) => registry.ofSameHost.get(service.host) ?? []);
  const ports = new Set([
    ...portsOf(service, lists),
    ...alike.flatMap(one => portsOf(one, lists)),
    ...common.filter(port => findPort(service, port) !== undefined),
    ...foreign.map(({ number }) => number),
  ]);
  const portsByName = sides.before === 'sidecar' ? namedPortsOf([before, after], service, lists) : noPorts;
  const namespaces =
    sides.before === 'sidecar'
      ? clientNamespaces(
          [before, after],
          service,
          lists,
          foreign.flatMap(({ of }) => of),
          alike,
        )
      : [waypointNamespace ?? service.namespace];
  const usedBy = ({ registry, mesh }: World, client: SidecarClient, port: number) =>
    alike.length === 0 || sides.before === 'waypoint'
      ? [service]
      : usedByClient(registry, client.namespace, service, one => isVisible(mesh.sidecars, client, one, port));
  const proxy = (kind: MeshProxyKind, namespace: string, labels: Labels): MeshProxy =>
    kind === 'sidecar'
      ? { kind, namespace, labels }
      : { kind, namespace: waypointNamespace ?? service.namespace };
  const ambientSide = (namespace: string) =>
    sides.before === 'sidecar' ? sideInAmbientMode(before, after, namespace) : undefined;
  const tableOn = (side: Side, world: World, caller: MeshProxy, used: MeshService, port: number) => {
    if (caller.kind === 'sidecar' && ambientSide(caller.namespace) === side)
      return ambientTable(world, caller, used, port);
    return sides.without === side
      ? untouched(world, caller, used, port)
      : meshTable(world, caller, used, port);
  };
  const clients = [...new Set([...ports, ...portsByName])].flatMap(port =>
    namespaces.flatMap(namespace =>
      clientLabels([before, after], lists, sides)
        .flatMap(labels => usedBy(before, { namespace, labels }, port).map(used => ({ labels, used })))
        .map(({ labels, used }) => ({
          labels,
          used,
          isKnown: sides.before === 'waypoint' || sees(before, { namespace, labels }, used, port),
        }))
        .filter(({ isKnown }) => (isKnown ? ports : portsByName).has(port))
        .map(({ labels, used, isKnown }) => ({
          port,
          namespace,
          labels,
          used,
          isKnown,
          table: tableOn('before', before, proxy(sides.before, namespace, labels), used, port),
        })),
    ),
  );
  return sides.after.flatMap(kind =>
    clients.flatMap(({ port, namespace, labels, used, isKnown, table }): readonly Vantage[] => {
      // A client that calls a name alone, or another object of that host, does not move to a waypoint with clients of the Service.
      const isOfService = isKnown && used.namespace === service.namespace;
      if (!isOfService && kind !== sides.before) return [];
      const caller = proxy(kind, namespace, labels);
      const later = usedBy(after, { namespace, labels }, port);
      const now = later.find(one => one.namespace === used.namespace) ?? later[0] ?? used;
      const tableAfter = tableOn(
        'after',
        after,
        kind === 'waypoint' && sides.later !== undefined ? { ...caller, namespace: sides.later } : caller,
        now,
        port,
      );
      // For a name that no list is applied to there is no request to try.
      if (!isKnown && table.rules.length + tableAfter.rules.length === 0) return [];
      return [
        {
          label: `${labelOf(sides.before, kind, namespace, service, labels)}${changeOf(sides.without, ambientSide(namespace))}`,
          host: service.host,
          address: { scheme: 'http', host: nameInMesh(service), port },
          isName: authority => isNameOf(service, withoutPort(authority)),
          client: sides.before === 'sidecar' ? namespace : undefined,
          moves: kind !== sides.before,
          ...(kind !== sides.before && isImagined && { isImagined }),
          before: table,
          after: tableAfter,
        },
      ];
    }),
  );
}

type Side = 'before' | 'after';

/** The side on which the labels of a Namespace put its clients in ambient mode, where they have sidecars on the other one. */
function sideInAmbientMode(before: World, after: World, namespace: string): Side | undefined {
  const [old, now] = [before, after].map(({ mesh }) => planeOfNamespace(mesh.waypoints, namespace));
  if (old === undefined || now === undefined || old === now) return undefined;
  return now === 'ambient' ? 'after' : 'before';
}

/** Clients in ambient mode leave it to the waypoint of the Service, if it has one. */
function ambientTable(world: World, caller: MeshProxy, service: MeshService, port: number): Table {
  const home = waypointInUse(world, service);
  return home === undefined
    ? untouched(world, caller, service, port)
    : meshTable(world, { kind: 'waypoint', namespace: home }, service, port);
}

/** Requests that no proxy looks at. */
function untouched(world: World, caller: MeshProxy, service: MeshService, port: number): Table {
  return { rules: [], fallback: passThrough(world, caller, service, port), httpsRedirect: false };
}

function changeOf(without: Side | undefined, ambient: Side | undefined): string {
  if (without !== undefined) return without === 'after' ? ', then no waypoint' : ', before no waypoint';
  if (ambient === undefined) return '';
  return ambient === 'after' ? ', then in ambient mode' : ', before in ambient mode';
}

const noPorts: ReadonlySet<number> = new Set();

/** Where a list is for the name of a Service for clients that do not know the Service. */
function namedPortsOf(
  worlds: readonly World[],
  service: MeshService,
  lists: readonly RouteList[],
): ReadonlySet<number> {
  const isKnownToAll =
    (service.exportTo?.includes('*') ?? true) && worlds.every(({ mesh }) => mesh.sidecars.all.length === 0);
  return isKnownToAll
    ? noPorts
    : new Set(foreignPortsOf(worlds, nameAlone(service), lists).map(({ number }) => number));
}

function foreignPortsOf(
  worlds: readonly World[],
  service: MeshService,
  lists: readonly RouteList[],
): ReturnType<typeof foreignPorts> {
  return worlds.flatMap(({ httpPorts }) => lists.flatMap(list => foreignPorts(httpPorts, service, list)));
}

/** A client that does not see a Service has no virtual host for its names, but for what a list is applied to by name. */
function sees({ mesh }: World, client: SidecarClient, service: MeshService, port: number): boolean {
  return isVisible(mesh.sidecars, client, service, port);
}

type Labels = Readonly<Record<string, string>>;

function labelOf(
  before: MeshProxyKind,
  after: MeshProxyKind,
  namespace: string,
  service: MeshService,
  labels: Labels,
): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const own = pairs.length === 0 ? '' : ` with ${pairs.join(' and ')}`;
  const place = (kind: MeshProxyKind) =>
    kind === 'sidecar' ? `sidecar in ${namespace}${own}` : `waypoint of ${service.name}.${service.namespace}`;
  return before === after ? place(after) : `${place(before)}, then ${place(after)}`;
}

/** All lists that name a Service or cover it by a wildcard, whoever sees them. */
function listsFor({ mesh }: World, { host }: MeshService): readonly RouteList[] {
  const covering = mesh.wildcards.filter(({ hosts }) =>
    hosts.some(wildcard => isWildcard(wildcard) && hostsOverlap(wildcard, host)),
  );
  return [...new Set([...(mesh.byHost.get(host) ?? []), ...covering])];
}

/** A Service that nobody showed us has the ports that somebody names; without any, one that stands for all. */
function portsOf(service: MeshService, lists: readonly RouteList[]): readonly number[] {
  const known = service.ports.filter(({ protocol }) => carriesHttp(protocol)).map(({ number }) => number);
  if (!service.assumed) return known;
  const named = new Set<number>();
  for (const { entries } of lists) for (const { http } of entries) addPorts(named, http, service.host);
  if (named.size > 0) return [...named].sort((a, b) => a - b);
  return known.length > 0 ? known : [80];
}

/** Adds the ports that matches and destinations of a host name. */
function addPorts(ports: Set<number>, { match = [], route = [] }: istio.HTTPRoute, host: string): void {
  for (const { port = 0 } of match) if (port > 0) ports.add(port);
  for (const { destination } of route) {
    const port = destination.host === host ? (destination.port?.number ?? 0) : 0;
    if (port > 0) ports.add(port);
  }
}

/**
 * The Service's own namespace, those of others of its host, those that lists, Sidecar objects and DestinationRules of either side name (the root
 * namespace like any other), and where they differ by namespace, one that nobody names.
 */
function clientNamespaces(
  worlds: readonly World[],
  service: MeshService,
  lists: readonly RouteList[],
  foreign: readonly MeshService[],
  alike: readonly MeshService[],
): readonly string[] {
  const named = new Set([service, ...alike].map(({ namespace }) => namespace));
  for (const { exportTo = [] } of alike)
    for (const to of exportTo) if (to !== '*' && to !== '~') named.add(to);
  // A client that knows a Service with the port has a listener there.
  for (const { exportTo = [] } of foreign)
    for (const to of exportTo) if (to !== '*' && to !== '~') named.add(to);
  const sidecars = worlds.flatMap(({ mesh }) => mesh.sidecars.all);
  for (const to of service.exportTo ?? []) if (to !== '*' && to !== '~') named.add(to);
  // Routes come before VirtualServices for clients of their own namespace, and by age for all others.
  let differs =
    !(service.exportTo?.includes('*') ?? true) ||
    sidecars.length > 0 ||
    worlds.some(world => isMixed(listsFor(world, service)));
  for (const { namespace } of sidecars) named.add(namespace);
  // A request that no list takes goes to the Service itself, with its settings.
  const destinations = new Set([service.host]);
  for (const list of lists) {
    if (list.namespace !== service.namespace) named.add(list.namespace);
    for (const to of list.exportTo) if (to !== '*' && to !== '~') named.add(to);
    for (const { http } of list.entries) {
      for (const { sourceNamespace } of http.match ?? []) if (sourceNamespace) named.add(sourceNamespace);
      for (const { host } of httpDestinations(http)) destinations.add(host);
    }
    differs ||= list.namespace !== service.namespace || !list.exportTo.includes('*');
  }
  for (const { destinationRules, registry } of worlds) {
    for (const host of destinations) {
      const rules = rulesInAnyNamespace(destinationRules, host);
      const found = findService(registry, host);
      const home = found?.namespace;
      // Clients that do not see a destination have no cluster for it: a VirtualService returns 503 there, and a route 500.
      const seenFrom = found?.exportTo ?? ['*'];
      if (!seenFrom.includes('*')) differs = true;
      for (const to of seenFrom) if (to !== '*' && to !== '~') named.add(to);
      for (const rule of rules) {
        const exportTo = exportToOfRule(destinationRules, rule);
        for (const to of exportTo) if (to !== '*' && to !== '~') named.add(to);
        // Everybody sees a rule of the root namespace, unless it is private.
        if (rule.namespace === destinationRules.rootNamespace && exportTo.includes('*')) continue;
        named.add(rule.namespace);
        differs ||= !exportTo.includes('*') || rule.namespace !== home;
      }
    }
  }
  if (differs || named.size > 1) named.add('elsewhere');
  return [...named].sort(compareText);
}

function isMixed(lists: readonly RouteList[]): boolean {
  return new Set(lists.map(({ semantics }) => semantics)).size > 1;
}

/** No labels, and every set that some match or some Sidecar object asks for. */
function clientLabels(
  worlds: readonly World[],
  lists: readonly RouteList[],
  sides: MeshSides,
): readonly Readonly<Record<string, string>>[] {
  if (sides.before === 'waypoint') return [{}];
  const asked = lists.flatMap(({ entries }) =>
    entries.flatMap(({ http }) =>
      (http.match ?? []).flatMap(({ sourceLabels }) => (sourceLabels === undefined ? [] : [sourceLabels])),
    ),
  );
  const sidecars = new Set(worlds.flatMap(({ mesh }) => mesh.sidecars.all));
  const selected = [...sidecars].map(selectorOf).filter(labels => Object.keys(labels).length > 0);
  const unique = new Map([...asked, ...selected].map(labels => [JSON.stringify(labels), labels]));
  return [{}, ...unique.values()];
}

/** The rules of a proxy inside the mesh for the requests to one port of a host. */
export function meshTable(world: World, proxy: MeshProxy, service: MeshService, port: number): Table {
  const isKnown = proxy.kind === 'waypoint' || sees(world, proxy, service, port);
  const reading = isKnown ? readingOf(world, service, port) : 'nothing';
  if (reading !== 'requests') {
    const action =
      reading === 'nothing' &&
      proxy.kind === 'sidecar' &&
      reachesSomebody(findService(world.registry, service.host), port)
        ? asAddressed(service, port)
        : passThrough(world, proxy, service, port);
    if (reading === 'nothing' && proxy.kind === 'sidecar') {
      const { httpPorts, mesh } = world;
      const named = isKnown ? service : nameAlone(service);
      const isAsked = isAppliedAtForeignPort(httpPorts, mesh.sidecars, proxy, named, port);
      const rules = meshRules(world, proxy, service, port, isAsked);
      if (rules.some(appliesHere)) return { rules, fallback: undefined, httpsRedirect: false };
    }
    return { rules: [], fallback: reading === 'nothing' ? action : unread(action), httpsRedirect: false };
  }
  const rules = meshRules(world, proxy, service, port);
  const fallback = rules.some(appliesHere) ? undefined : passThrough(world, proxy, service, port);
  return { rules, fallback, httpsRedirect: false };
}

/**
 * How a proxy reads what is sent to a port: a port that is not declared to carry HTTP has a listener for connections, to which
 * no http entry and no rule applies (listener.go, buildSidecarOutboundListener); one that does not exist has none.
 */
function readingOf(
  { registry }: World,
  used: MeshService,
  port: number,
): 'requests' | 'connections' | 'nothing' {
  const service = registry.ofSameHost.has(used.host) ? used : findService(registry, used.host);
  const found = service === undefined ? undefined : findPort(service, port);
  if (found === undefined) return 'nothing';
  return carriesHttp(found.protocol) ? 'requests' : 'connections';
}

/**
 * Whether somebody may be behind the address and port that a client asked for itself: behind the address of a Service only at its
 * ports, behind those of pods and of hosts outside the mesh at any.
 */
function reachesSomebody(service: MeshService | undefined, port: number): boolean {
  if (service === undefined) return false;
  const { kind, resource, externalName, assumed } = service;
  if (assumed) return false;
  if (kind === 'ServiceEntry' || externalName !== undefined) return true;
  const isHeadless = resource?.type === 'core.Service' && resource.spec?.clusterIP === 'None';
  return isHeadless || findPort(service, port) !== undefined;
}

/** Without a listener or a route a sidecar sends on what it is sent, to where it was sent (PassthroughCluster). */
function asAddressed({ host }: MeshService, port: number): Action {
  return toOne(
    {
      backend: 'cluster PassthroughCluster',
      label: `${host}:${port} as it was addressed, past all routes`,
      trafficPolicy: '{}',
    },
    'none',
  );
}

/** All requests go to one destination as they are. */
function toOne(
  destination: Pick<ChosenDestination, 'backend' | 'label' | 'trafficPolicy' | 'nextHop'>,
  retries: string,
): Action {
  return {
    kind: 'forward',
    path: { kind: 'none' },
    destinations: [
      {
        ...destination,
        weight: 1,
        total: 1,
        authority: undefined,
        requestHeaders: {},
        responseHeaders: {},
      },
    ],
    mirrors: [],
    timeout: 0,
    retries,
    cors: '',
    fault: '',
  };
}

/** Connections are passed on as they are: nothing of a request is tried again. */
function unread(action: Action): Action {
  if (action.kind !== 'forward') return action;
  const destinations = action.destinations.map(one => ({
    ...one,
    label: `${one.label} as connections, since the port does not carry HTTP`,
  }));
  return { ...action, destinations, retries: 'none' };
}

/** Without any list the requests go to the Service itself (httproute.go, buildSidecarVirtualHostForService). */
function passThrough(world: World, proxy: MeshProxy, service: MeshService, port: number): Action {
  const caller = { namespace: proxy.namespace, missingStatus: 503 } as const;
  const backend = findBackend(
    world,
    caller,
    { host: service.host, port: { number: port } },
    port,
    nameInMesh(service),
  );
  const { key, label, nextHop } = backend;
  // By itself a waypoint takes the hash of the host and not that of a port (httproute.go, buildSidecarInboundHTTPRouteConfig).
  const isHashed = proxy.kind !== 'waypoint' || isSpreadByHash(world, caller, { host: service.host });
  const trafficPolicy = isHashed ? backend.trafficPolicy : withoutHash(backend.trafficPolicy);
  return toOne({ backend: key, label, trafficPolicy, nextHop }, compileRetries(undefined));
}

/** The name of a Service for clients in other namespaces. */
function nameInMesh({ kind, name, namespace, host }: MeshService): string {
  return kind === 'Service' ? `${name}.${namespace}` : sampleOf(host);
}

/** Whether a host that is asked for is a Service's; it has short names, too (httproute.go, generateAltVirtualHosts). */
export function isNameOf({ kind, name, namespace, host }: MeshService, authority: string): boolean {
  if (kind !== 'Service') return isSubsetOfHost(authority, host);
  return [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, host].includes(authority);
}

function withoutPort(authority: string): string {
  return authority.toLowerCase().replace(/:[0-9]+$/, '');
}

/** A host that a pattern stands for. */
export function sampleOf(host: string): string {
  if (host === '*') return 'any.example';
  return isWildcard(host) ? `any${host.slice(1)}` : host;
}

/** A gateway of each side, and the ports at which they are compared. */
export interface GatewayPair {
  readonly label: string;
  /** The Istio Gateways and Gateways on the pods of either side, by `NAMESPACE/NAME`. */
  readonly keys: readonly string[];
  /** Where the pods of either side may run besides. */
  readonly elsewhere: readonly string[];
  readonly before: readonly RouteConfiguration[];
  readonly after: readonly RouteConfiguration[];
  readonly hosts: readonly string[];
  readonly entrances: readonly {
    readonly scheme: 'http' | 'https';
    readonly before: number;
    readonly after: number;
  }[];
  readonly schemeFrom: {
    readonly [side in 'before' | 'after']: (listener: 'http' | 'https', host: string) => SchemeFrom;
  };
}

/**
 * Looks at gateways: every host at every port, one after the other, so that one pair of tables is there at a time.
 *
 * @param looked the hosts that are looked at, of those of the pair
 */
export function* gatewayVantages(
  before: World,
  after: World,
  pair: GatewayPair,
  looked: readonly string[] = pair.hosts,
): Generator<Vantage, void, undefined> {
  const hosts = new Set(pair.hosts);
  for (const { scheme, before: portBefore, after: portAfter } of pair.entrances)
    for (const host of looked) {
      const entrance = { scheme, portBefore, portAfter, host };
      const place = {
        label: pair.label,
        host,
        gateways: pair.keys,
        address: { scheme, host: sampleOf(host), port: portBefore },
        isName: (authority: string) => mostSpecificHost(withoutPort(authority), hosts) === host,
        client: undefined,
        moves: false,
      };
      yield { ...place, ...sidesAt(before, after, pair, entrance) };
      if (!dependOnPods(before, after, pair, entrance)) continue;
      for (const podsIn of pair.elsewhere) {
        const seen = {
          ...pair,
          before: pair.before.map(one => seenFrom(one, podsIn)),
          after: pair.after.map(one => seenFrom(one, podsIn)),
        };
        const label = withPodsIn(pair.label, podsIn);
        yield { ...place, label, podsIn, ...sidesAt(before, after, seen, entrance) };
      }
    }
}

function seenFrom(configuration: RouteConfiguration, namespace: string): RouteConfiguration {
  return configuration.proxy.elsewhere.includes(namespace)
    ? configuration.seenFrom(namespace)
    : configuration;
}

/** Whether the namespace of pods whose Services are not among the resources decides about a host. */
function dependOnPods(
  before: World,
  after: World,
  { before: left, after: right, elsewhere }: GatewayPair,
  { scheme, portBefore, portAfter, host }: Entrance,
): boolean {
  if (elsewhere.length === 0) return false;
  const depends = (world: World, configurations: readonly RouteConfiguration[], port: number) => {
    const found = virtualHostFor(configurations, port, scheme, sampleOf(host));
    if (found === undefined || found.configuration.proxy.elsewhere.length === 0) return false;
    const { namespace } = found.configuration.proxy;
    return found.virtualHost.lists.some(({ list }) => dependsOnPods(world, list, namespace));
  };
  return depends(before, left, portBefore) || depends(after, right, portAfter);
}

interface Entrance {
  readonly scheme: 'http' | 'https';
  readonly portBefore: number;
  readonly portAfter: number;
  readonly host: string;
}

function sidesAt(
  before: World,
  after: World,
  pair: GatewayPair,
  { scheme, portBefore, portAfter, host }: Entrance,
): Pick<Vantage, 'before' | 'after'> {
  const [old, now] = [pair.schemeFrom.before(scheme, host), pair.schemeFrom.after(scheme, host)];
  const left = {
    ...gatewayTable(before, pair.before, portBefore, scheme, sampleOf(host)),
    schemeFrom: old,
  };
  const right = { ...gatewayTable(after, pair.after, portAfter, scheme, sampleOf(host)), schemeFrom: now };
  // A proxy that one side trusts says to the other side, which does not, nothing.
  return {
    before: old === 'listener' && now !== 'listener' ? withSchemeOf(left, scheme) : left,
    after: now === 'listener' && old === 'proxy' ? withSchemeOf(right, scheme) : right,
  };
}

/** The rules of a gateway for the requests for one host at one of its ports. */
export function gatewayTable(
  world: World,
  configurations: readonly RouteConfiguration[],
  port: number,
  scheme: 'http' | 'https',
  host: string,
): Table {
  const found = virtualHostFor(configurations, port, scheme, host);
  if (found === undefined) return { rules: [], fallback: undefined, httpsRedirect: false };
  const { configuration, virtualHost } = found;
  return {
    rules: virtualHostRules(world, configuration, virtualHost.lists, host),
    fallback: undefined,
    httpsRedirect: virtualHost.httpsRedirect,
    tls: configuration.tls,
  };
}
