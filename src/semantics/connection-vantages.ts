import { type GatewayServer, listenerOf } from '../3-link/gateways/gateway-server.ts';
import { doorLabel, type GatewayProxy, onPodsOf } from '../3-link/gateways/gateway-servers.ts';
import { groupBy } from '../3-link/group-by.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { findService, type MeshPort, type MeshService } from '../3-link/registry.ts';
import { usedByClient } from '../3-link/same-host.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import { rulesInAnyNamespace } from '../3-link/subsets/destination-rules.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type { GatewayMapping } from '../options.ts';
import type { ConnectionList } from './connection-lists.ts';
import {
  type ConnectionPlace,
  type ConnectionRule,
  gatewayConnectionRules,
  hasListener,
  meshConnectionRules,
  meshListsFor,
} from './connections.ts';
import { waypointNamespaceOf } from './mesh.ts';
import { type Outlook, type Touched, touchedHosts } from './places.ts';
import { connectionsDependOnPods, withPodsIn } from './pods-elsewhere.ts';
import type { World } from './world.ts';

/** A place from which connections are opened, and what becomes of them in each of two worlds. */
export interface ConnectionVantage {
  /** `sidecar in bookinfo`, `waypoint of db.bookinfo`, `gateway infra/edge`. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  /** Inside the mesh, the Service that the connections are for. */
  readonly service?: MeshService;
  /** The namespace of the sidecar that opens them; at waypoints and gateways nobody knows. */
  readonly client?: string | undefined;
  /** At a gateway, the Istio Gateways and Gateways on either side, by `NAMESPACE/NAME`. */
  readonly gateways?: readonly string[];
  /** At a gateway whose pods may run in several namespaces, the one that is looked at besides the assumed one. */
  readonly podsIn?: string;
  /** Whether a connection gets here, by its name and by what becomes of it before. */
  readonly concerns: (sni: string | undefined, before: ConnectionRule | undefined) => boolean;
  readonly before: readonly ConnectionRule[];
  readonly after: readonly ConnectionRule[];
}

/** The places from which the connections of two worlds can look different. */
export interface ConnectionPlaces {
  readonly all: () => readonly ConnectionVantage[];
  /** Those that some objects can affect. */
  readonly touchedBy: (touched: Touched) => readonly ConnectionVantage[];
}

/**
 * Every place from which the connections of two worlds can look different: all hosts inside the mesh that either side names or
 * covers by a wildcard, and all ports of gateways that pass connections on. `convert` and `verify` look from the same places.
 */
export function connectionPlacesBetween(before: World, after: World, outlook: Outlook): ConnectionPlaces {
  const { gatewayMap } = outlook;
  const ofMesh = (hosts: readonly string[]) =>
    hosts.flatMap(host => meshConnections(before, after, host, outlook));
  let known: readonly ConnectionVantage[] | undefined;
  const ofGateways = () => {
    known ??= gatewayConnections(before, after, gatewayMap);
    return known;
  };
  return {
    all: () => [...ofMesh(connectedHosts(before, after)), ...ofGateways()],
    touchedBy: ({ meshHosts, gatewayHosts, gateways }) => {
      const names = [...gatewayHosts];
      // Other names at a port of a gateway are those of others.
      const concerns = (sni: string | undefined) =>
        sni === undefined || names.some(name => hostsOverlap(name, sni));
      return [
        ...ofMesh(touchedHosts(before, after, meshHosts)),
        ...ofGateways()
          .filter(({ gateways: keys = [] }) => keys.some(key => gateways.has(key)))
          .map(vantage => ({
            ...vantage,
            concerns: (sni: string | undefined, old: ConnectionRule | undefined) =>
              vantage.concerns(sni, old) && concerns(sni),
          })),
      ];
    },
  };
}

function connectedHosts(before: World, after: World): readonly string[] {
  const named = [before, after].flatMap(({ connections }) =>
    connections.filter(({ bindings }) => bindings.includes('mesh')).flatMap(({ hosts }) => hosts),
  );
  return touchedHosts(before, after, new Set(named));
}

/** The ports of a host inside the mesh that need not carry HTTP, from sidecars, or from its waypoint. */
export function meshConnections(
  before: World,
  after: World,
  host: string,
  { from, fromOf }: Outlook,
): readonly ConnectionVantage[] {
  const own = fromOf === undefined ? from : fromOf(host);
  const isSeen = ({ proxy }: ConnectionPlace) =>
    own === undefined || (proxy === 'waypoint') === (own === 'ambient');
  const service = findService(before.registry, host) ?? findService(after.registry, host);
  if (service === undefined) return [];
  const lists = [before, after].flatMap(world => meshListsFor(world, service.host));
  if (lists.length === 0) return [];
  const name = service.kind === 'Service' ? `${service.name}.${service.namespace}` : host;
  const alike = [before, after].flatMap(({ registry }) => registry.ofSameHost.get(service.host) ?? []);
  const namespaces = [
    ...[before, after].flatMap(world => connectingNamespaces(world, service, lists)),
    ...alike.map(({ namespace }) => namespace),
  ];
  const home =
    waypointNamespaceOf(before.mesh, service) ??
    waypointNamespaceOf(after.mesh, service) ??
    service.namespace;
  const places: readonly { readonly label: string; readonly place: ConnectionPlace }[] = [
    ...[...new Set(namespaces)].sort(compareText).map(namespace => ({
      label: `sidecar in ${namespace}`,
      place: { proxy: 'sidecar', namespace, labels: {} } as const,
    })),
    {
      label: `waypoint of ${name}`,
      place: { proxy: 'waypoint', namespace: home, labels: {} },
    },
  ];
  const ports = new Map(
    [service, ...alike].flatMap(one => portsOf(one, lists)).map(port => [port.number, port] as const),
  );
  // A client uses one of several objects with the host, or the ports of some.
  const hasPort = ({ registry }: World, { proxy, namespace }: ConnectionPlace, port: MeshPort): boolean =>
    (proxy === 'sidecar' ? usedByClient(registry, namespace, service) : [service]).some(used =>
      portsOf(used, lists).some(({ number }) => number === port.number),
    );
  return [...ports.values()].flatMap(port =>
    places
      .filter(
        ({ place }) =>
          isSeen(place) &&
          [before, after].some(
            world => hasPort(world, place, port) && hasListener(world, place, service, port.number),
          ),
      )
      .map(({ label, place }) => ({
        label,
        host: name,
        service,
        port: port.number,
        client: place.proxy === 'sidecar' ? place.namespace : undefined,
        concerns: () => true,
        before: meshConnectionRules(before, place, service, port),
        after: meshConnectionRules(after, place, service, port),
      })),
  );
}

/**
 * The namespaces whose clients can be told apart: by a list from elsewhere or one that is not for everybody, by whether they see
 * the Service, or by the DestinationRules that they see for a destination.
 */
export function connectingNamespaces(
  world: World,
  service: MeshService,
  lists: readonly ConnectionList[],
): readonly string[] {
  const destinations = lists.flatMap(({ tls, tcp }) =>
    [...tls, ...tcp].flatMap(({ entry }) => (entry.route ?? []).map(({ destination }) => destination.host)),
  );
  const rules = [...new Set(destinations)].flatMap(host => {
    const home = findService(world.registry, host)?.namespace;
    return rulesInAnyNamespace(world.destinationRules, host).filter(
      ({ namespace, spec }) => namespace !== home || spec.exportTo !== undefined,
    );
  });
  const { sidecars } = world.mesh;
  const seenFrom = findService(world.registry, service.host)?.exportTo ?? ['*'];
  const named = [
    ...[...lists, ...rules, ...sidecars.all].map(({ namespace }) => namespace),
    ...seenFrom.filter(to => to !== '*' && to !== '~'),
  ];
  // Routes come before VirtualServices for clients of their own namespace, and by age for all others.
  const isAlike =
    new Set(meshListsFor(world, service.host).map(({ semantics }) => semantics)).size < 2 &&
    seenFrom.includes('*') &&
    lists.every(({ namespace, exportTo }) => namespace === service.namespace && exportTo.includes('*'));
  const others = isAlike && rules.length + sidecars.all.length === 0 ? [] : ['elsewhere'];
  return [...new Set([service.namespace, ...named, ...others])].sort(compareText);
}

/** Ports that need not carry HTTP; of a Service that nobody showed us those that its lists name. */
function portsOf(service: MeshService, lists: readonly ConnectionList[]): readonly MeshPort[] {
  if (!service.assumed)
    return service.ports.filter(({ protocol }) => protocol === 'sniffed' || !carriesHttp(protocol));
  const named = (entries: readonly ConnectionList['tcp' | 'tls'][number][]) =>
    entries.flatMap(({ entry }) => (entry.match ?? []).flatMap(({ port }) => port ?? []));
  const ports = new Map<number, MeshPort>();
  for (const list of lists) {
    for (const number of named(list.tcp)) ports.set(number, { number, protocol: 'tcp', targetPort: number });
    for (const number of named(list.tls)) ports.set(number, { number, protocol: 'tls', targetPort: number });
  }
  return ports.size > 0 ? [...ports.values()] : service.ports;
}

/** The servers at one port that pass connections on, of the Gateways of one name. */
export interface Door {
  readonly key: string;
  readonly label: string;
  readonly port: number;
  /** One for each proxy: an Istio Gateway that stays and the Gateway of its name have pods of their own. */
  readonly parts: readonly DoorPart[];
}

type DoorPart = Pick<GatewayProxy, 'namespace' | 'elsewhere' | 'servers'>;

function serversOf({ parts }: Door): readonly GatewayServer[] {
  return parts.flatMap(({ servers }) => servers);
}

function gatewayConnections(
  before: World,
  after: World,
  gatewayMap: readonly GatewayMapping[],
): readonly ConnectionVantage[] {
  const [left, right] = [doorsOf(before), doorsOf(after)];
  const taken = new Set<Door>();
  const pairs = left.map(door => {
    const mapping = gatewayMap.find(({ from }) => `${from.namespace}/${from.name}` === door.key);
    const partner = partnerOf(door, right, mapping);
    if (partner !== undefined) taken.add(partner);
    return [door, atListener(partner, mapping?.to.sectionName)] as const;
  });
  const added = right.filter(door => !taken.has(door)).map(door => [undefined, door] as const);
  return [...pairs, ...added].flatMap(([old, now]) => {
    const door = old ?? now;
    // A connection that comes to a Gateway from one that is mapped to it is compared with that one.
    const isTarget =
      old !== undefined && pairs.some(([other, partner]) => other !== old && partner?.key === old.key);
    if (door === undefined) return [];
    const { label } = door;
    const place = {
      host: serversOf(door).flatMap(({ hosts }) => hosts.map(({ host }) => host))[0] ?? '*',
      port: door.port,
      gateways: [...new Set([old, now].flatMap(one => one?.key ?? []))],
      concerns: (_sni: string | undefined, rule: ConnectionRule | undefined) =>
        !isTarget || rule !== undefined,
    };
    const depends = dependOnPods(before, old) || dependOnPods(after, now);
    const parts = [old, now].flatMap(one => one?.parts ?? []);
    const others = depends ? parts.flatMap(part => part.elsewhere) : [];
    return [
      { ...place, label, before: rulesAt(before, old), after: rulesAt(after, now) },
      ...[...new Set(others)].map(podsIn => ({
        ...place,
        label: withPodsIn(label, podsIn),
        podsIn,
        before: rulesAt(before, withPods(old, podsIn)),
        after: rulesAt(after, withPods(now, podsIn)),
      })),
    ];
  });
}

function withPods(door: Door | undefined, namespace: string): Door | undefined {
  if (door === undefined) return undefined;
  const parts = door.parts.map(part => (part.elsewhere.includes(namespace) ? { ...part, namespace } : part));
  return { ...door, parts };
}

/** Whether the namespace of pods whose Services are not among the resources decides about connections. */
function dependOnPods(world: World, door: Door | undefined): boolean {
  const { byBinding } = world.connectionIndex;
  return (door?.parts ?? []).some(
    ({ namespace, elsewhere, servers }) =>
      elsewhere.length > 0 &&
      servers.some(({ gateway }) =>
        (byBinding.get(gateway) ?? []).some(list => connectionsDependOnPods(world, list, namespace)),
      ),
  );
}

/**
 * The door of the same port at the Gateway of the same name or the one that a mapping names, else one that serves a host of it;
 * the port of a gateway that nobody showed us is a guess. A listener that a mapping names may have any port.
 */
function partnerOf(
  door: Door,
  candidates: readonly Door[],
  mapping: GatewayMapping | undefined,
): Door | undefined {
  const wanted = mapping === undefined ? door.key : `${mapping.to.namespace}/${mapping.to.name}`;
  const named = onPodsOf(
    door,
    candidates.filter(({ key }) => key === wanted),
  );
  const listener = mapping?.to.sectionName;
  const atPort = candidates.filter(({ port }) => port === door.port);
  if (listener !== undefined && named.length > 0) {
    const mapped = named.find(one => serversOf(one).some(server => isListener(server, listener)));
    return mapped ?? atPort.find(({ key }) => key === door.key);
  }
  return (
    named.find(({ port }) => port === door.port) ??
    atPort.find(other => haveHostInCommon(door, other)) ??
    named.find(other => (isStandIn(door) || isStandIn(other)) && speaksLike(door, other))
  );
}

/** Whether a server is the listener of a name. */
export function isListener(server: GatewayServer, name: string): boolean {
  return listenerOf(server)?.name === name;
}

/** One that nobody mapped stays whole. */
function atListener(door: Door | undefined, name: string | undefined): Door | undefined {
  if (door === undefined || name === undefined) return door;
  const parts = door.parts.flatMap(part => {
    const servers = part.servers.filter(server => isListener(server, name));
    return servers.length === 0 ? [] : [{ ...part, servers }];
  });
  return parts.length === 0 ? door : { ...door, parts };
}

function isStandIn(door: Door): boolean {
  return serversOf(door).every(({ resource }) => resource.source === undefined);
}

function speaksLike(a: Door, b: Door): boolean {
  return serversOf(a).some(({ protocol }) => serversOf(b).some(other => other.protocol === protocol));
}

function haveHostInCommon(a: Door, b: Door): boolean {
  const hostsOf = (door: Door) => serversOf(door).flatMap(({ hosts }) => hosts.map(({ host }) => host));
  return hostsOf(a).some(host => hostsOf(b).some(other => hostsOverlap(host, other)));
}

function doorsOf({ gateways }: World): readonly Door[] {
  const doors = new Map<string, Omit<Door, 'parts'> & { readonly parts: DoorPart[] }>();
  for (const proxy of gateways.proxies) {
    const { namespace, elsewhere, servers } = proxy;
    const passing = servers.filter(({ protocol }) => protocol === 'tcp' || protocol === 'tls');
    const keyOf = ({ resource }: GatewayServer) => `${resource.namespace}/${resource.name}`;
    for (const [id, own] of groupBy(passing, server => `${doorLabel(proxy, keyOf(server))}:${server.port}`)) {
      const part = { namespace, elsewhere, servers: own };
      const known = doors.get(id);
      const [first] = own;
      if (known !== undefined) known.parts.push(part);
      else if (first !== undefined) {
        const key = keyOf(first);
        doors.set(id, { key, label: doorLabel(proxy, key), port: first.port, parts: [part] });
      }
    }
  }
  return [...doors.values()];
}

/**
 * The outcome of connections at a port of a gateway. Connections behind TLS that a server opens itself are for the names of
 * that server.
 */
export function rulesAt(
  world: World,
  door: { readonly parts: readonly Pick<DoorPart, 'namespace' | 'servers'>[] } | undefined,
): readonly ConnectionRule[] {
  return (door?.parts ?? []).flatMap(({ namespace, servers }) =>
    servers.flatMap(server => {
      const rules = gatewayConnectionRules(world, namespace, server);
      const names = server.hosts.map(({ host }) => host);
      if (server.protocol !== 'tls' || names.includes('*')) return rules;
      return rules.map(rule => (rule.sniHosts === undefined ? { ...rule, sniHosts: names } : rule));
    }),
  );
}
