import { type AnyResource, isType } from '../../src/2-decode/resource.ts';
import { isVisible } from '../../src/3-link/foreign-ports.ts';
import { isWildcard } from '../../src/3-link/hostname.ts';
import type { MeshService } from '../../src/3-link/registry.ts';
import { usedByClient } from '../../src/3-link/same-host.ts';
import { carriesHttp } from '../../src/3-link/service-protocol.ts';
import { importsOf, selectorOf } from '../../src/3-link/sidecars.ts';
import { compareText } from '../../src/3-link/virtual-services.ts';
import { classRole } from '../../src/3-link/waypoints.ts';
import { sampleOf } from '../../src/semantics/asked-host.ts';
import type { Table } from '../../src/semantics/decide.ts';
import type { RouteConfiguration } from '../../src/semantics/gateway-lists.ts';
import { gatewayTable } from '../../src/semantics/gateway-vantages.ts';
import { meshTable } from '../../src/semantics/mesh-table.ts';
import type { Address } from '../../src/semantics/request.ts';
import type { World } from '../../src/semantics/world.ts';
import type { ProxyAnswer } from '../envoy/proxy-answer.ts';
import { type ProxyTables, readProxyTables } from '../envoy/proxy-tables.ts';
import { RefusedByEnvoy } from '../envoy/route.ts';
import type { RouteTable } from '../envoy/virtual-host.ts';
import type { ProxyRequest } from './judge.ts';

/** A proxy, and what it is to the model. */
export interface KnownProxy {
  readonly request: ProxyRequest;
  /** The same on both sides of a conversion: `sidecar bookinfo`, `waypoint bookinfo/waypoint`, `gateway infra/edge`. */
  readonly label: string;
  /** Of a gateway proxy: its id in the model. */
  readonly gatewayId?: string;
}

/** Where requests of one host and port arrive. */
export interface Spot {
  readonly proxy: KnownProxy;
  readonly address: Address;
  /** The host whose lists decide: of a Service inside the mesh. */
  readonly service?: string;
}

/** Where requests are looked at. */
export interface Place extends Spot {
  /** The same on both sides of a conversion. */
  readonly label: string;
  readonly ours: Table;
  readonly theirs: RouteTable;
}

/** Sidecars of every namespace that is spoken of and of one that is not, with every set of labels that a match asks for. */
function sidecars(resources: readonly AnyResource[]): readonly KnownProxy[] {
  const named = resources
    .filter(resource => resource.type !== 'core.Namespace' && resource.namespace !== '')
    .map(({ namespace }) => namespace);
  const exported = resources.flatMap(resource =>
    resource.type === 'istio.VirtualService' || resource.type === 'istio.DestinationRule'
      ? (resource.spec.exportTo ?? []).filter(to => /^[a-z]/.test(to))
      : [],
  );
  const asked = resources
    .filter(isType('istio.VirtualService'))
    .flatMap(({ spec }) =>
      (spec.http ?? []).flatMap(({ match = [] }) =>
        match.flatMap(({ sourceNamespace }) => sourceNamespace || []),
      ),
    );
  const namespaces = new Set([...named, ...exported, ...asked, 'elsewhere']);
  return [...namespaces].sort(compareText).flatMap(namespace =>
    labelSets(resources).map(labels => ({
      request: { id: '', kind: 'sidecar' as const, namespace, labels },
      label: ['sidecar', namespace, ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)].join(
        ' ',
      ),
    })),
  );
}

function labelSets(resources: readonly AnyResource[]): readonly Readonly<Record<string, string>>[] {
  const asked = resources
    .filter(isType('istio.VirtualService'))
    .flatMap(({ spec }) =>
      (spec.http ?? []).flatMap(({ match = [] }) =>
        match.flatMap(({ sourceLabels }) => (sourceLabels === undefined ? [] : [sourceLabels])),
      ),
    );
  const selected = resources
    .filter(isType('istio.Sidecar'))
    .map(selectorOf)
    .filter(labels => Object.keys(labels).length > 0);
  return [{}, ...new Map([...asked, ...selected].map(labels => [JSON.stringify(labels), labels])).values()];
}

/** The waypoint that a Service uses: by its label, its namespace's, else the one that stands alone, or one made for it. */
export function waypointOf(
  resources: readonly AnyResource[],
  { labels, namespace }: Pick<MeshService, 'labels' | 'namespace'>,
): { readonly namespace: string; readonly name: string } | undefined {
  const read = (from: Readonly<Record<string, string>>) => {
    const name = from['istio.io/use-waypoint'];
    return name === undefined
      ? undefined
      : { name, namespace: from['istio.io/use-waypoint-namespace'] ?? namespace };
  };
  const ofNamespace = resources.filter(isType('core.Namespace')).find(({ name }) => name === namespace);
  const labelled = read(labels) ?? read(ofNamespace?.metadata.labels ?? {});
  if (labelled !== undefined) return labelled.name === 'none' ? undefined : labelled;
  const used = resources.some(
    resource =>
      resource.namespace === namespace && resource.metadata.labels?.['istio.io/use-waypoint'] !== undefined,
  );
  if (used) return undefined;
  const own = resources
    .filter(isType('gateway.Gateway'))
    .filter(gateway => gateway.namespace === namespace)
    .filter(({ spec }) => classRole(spec.gatewayClassName, resources) === 'waypoint')
    .filter(({ metadata }) =>
      ['service', 'all'].includes(metadata.labels?.['istio.io/waypoint-for'] ?? 'service'),
    );
  return { namespace, name: own[0]?.name ?? 'waypoint' };
}

function waypoints(resources: readonly AnyResource[]): readonly KnownProxy[] {
  const services = resources.filter(isType('core.Service'));
  const entries = resources.filter(isType('istio.ServiceEntry'));
  const found = new Map<string, KnownProxy>();
  for (const { metadata, namespace } of [...services, ...entries]) {
    const waypoint = waypointOf(resources, { labels: metadata.labels ?? {}, namespace });
    if (waypoint === undefined) continue;
    const label = `waypoint ${waypoint.namespace}/${waypoint.name}`;
    found.set(label, { request: { id: '', kind: 'waypoint', ...waypoint }, label });
  }
  return [...found.values()];
}

function gateways(world: World, resources: readonly AnyResource[]): readonly KnownProxy[] {
  return world.gateways.proxies.flatMap(({ id, namespace, servers, podLabels }): readonly KnownProxy[] => {
    const [first] = servers;
    if (first === undefined) return [];
    const { resource } = first;
    if (resource.type === 'istio.Gateway') {
      const labels = podLabels ?? resource.spec.selector ?? {};
      const own = Object.keys(labels).length === 0 ? { istio: 'ingressgateway' } : labels;
      return [{ request: { id: '', kind: 'gateway', namespace, labels: own }, label: id, gatewayId: id }];
    }
    if (classRole(resource.spec.gatewayClassName, resources) !== 'gateway') return [];
    return [
      { request: { id: '', kind: 'gateway', namespace, gateway: resource.name }, label: id, gatewayId: id },
    ];
  });
}

/** @returns every proxy at which a cluster is looked at, with ids of its own */
export function proxiesOf(world: World, resources: readonly AnyResource[]): readonly KnownProxy[] {
  const all = [...sidecars(resources), ...waypoints(resources), ...gateways(world, resources)];
  return all.map((proxy, index) => ({ ...proxy, request: { ...proxy.request, id: `p${index}` } }));
}

/** @returns what we say happens to requests */
export function ourTable(world: World, { proxy: { request, gatewayId }, address, service }: Spot): Table {
  const { kind, namespace, labels = {} } = request;
  const { port, scheme, host } = address;
  if (kind === 'gateway') {
    const configurations = world.gateways.configurations.get(gatewayId ?? '') ?? [];
    return gatewayTable(world, configurations, port, scheme, host);
  }
  const known = world.registry.byHost.get(service ?? '');
  if (known === undefined) throw new Error(`no Service ${service}`);
  if (kind === 'waypoint') return meshTable(world, { kind, namespace }, known, port);
  const client = { namespace, labels };
  const [used = known] = usedByClient(world.registry, namespace, known, one =>
    isVisible(world.mesh.sidecars, client, one, port),
  );
  return meshTable(world, { kind, ...client }, used, port);
}

/** A place that istiod has nothing for. */
export interface Missing {
  readonly label: string;
  readonly reason: string;
}

/**
 * Pairs our tables with istiod's.
 *
 * @returns places, and those where istiod has no table though we have
 */
export function placesOf(
  world: World,
  resources: readonly AnyResource[],
  proxies: readonly KnownProxy[],
  answers: Readonly<Record<string, ProxyAnswer>>,
): { readonly places: readonly Place[]; readonly missing: readonly Missing[] } {
  const places: Place[] = [];
  const missing: Missing[] = [];
  for (const proxy of proxies) {
    const answer = answers[proxy.request.id];
    if (answer === undefined) continue;
    const tables = readProxyTables(answer);
    try {
      const found =
        proxy.request.kind === 'gateway'
          ? gatewayPlaces(world, proxy, tables, answer)
          : meshPlaces(world, resources, proxy, tables, missing);
      places.push(...found);
    } catch (error) {
      if (!(error instanceof RefusedByEnvoy)) throw error;
      missing.push({ label: proxy.label, reason: `Envoy refuses ${error.message}` });
    }
  }
  return { places, missing };
}

function meshPlaces(
  world: World,
  resources: readonly AnyResource[],
  proxy: KnownProxy,
  tables: ProxyTables,
  missing: Missing[],
): readonly Place[] {
  const { kind, namespace, name, labels = {} } = proxy.request;
  return [...world.registry.byHost.values()].flatMap(service => {
    if (service.externalName !== undefined) return [];
    if (kind === 'waypoint') {
      const waypoint = waypointOf(resources, service);
      if (waypoint === undefined || waypoint.name !== name || waypoint.namespace !== namespace) return [];
    }
    const isSeen = (port: number) =>
      kind === 'waypoint' || importsOf(world.mesh.sidecars, { namespace, labels }, port).service(service);
    return service.ports
      .filter(({ protocol, number }) => carriesHttp(protocol) && isSeen(number))
      .flatMap(({ number }): readonly Place[] => {
        const label = `${proxy.label} ${service.host}:${number}`;
        const theirs =
          kind === 'waypoint'
            ? tables.atWaypoint(service.host, number)
            : tables.toService(service.host, number);
        if (theirs === undefined) {
          missing.push({ label, reason: 'istiod sends no routes' });
          return [];
        }
        const host = isWildcard(service.host) ? sampleOf(service.host) : service.host;
        const spot: Spot = { proxy, address: { scheme: 'http', host, port: number }, service: service.host };
        return [{ ...spot, label, ours: ourTable(world, spot), theirs }];
      });
  });
}

/** A host that no configuration knows. */
const stranger = 'nobody.invalid';

function gatewayPlaces(
  world: World,
  proxy: KnownProxy,
  tables: ProxyTables,
  answer: ProxyAnswer,
): readonly Place[] {
  const configurations = world.gateways.configurations.get(proxy.gatewayId ?? '') ?? [];
  return entrancesOf(configurations).flatMap(({ port, scheme }) => {
    const theirs = theirHosts(answer, portOfPods(world, proxy, port));
    return [...new Set([...gatewayHosts(configurations, port, scheme), ...theirs])].map(host =>
      gatewayPlace(world, proxy, tables, { scheme, host, port }),
    );
  });
}

/** Where the pods of a gateway get what clients send to a port; a port that has a name has the number of its Service's. */
export function portOfPods(world: World, { gatewayId }: KnownProxy, port: number): number {
  const ways = world.gateways.proxies.find(({ id }) => id === gatewayId)?.ways ?? [];
  const leadsTo = ways.find(way => way.port === port)?.leadsTo;
  return typeof leadsTo === 'number' ? leadsTo : port;
}

function entrancesOf(
  configurations: readonly RouteConfiguration[],
): readonly Pick<Address, 'port' | 'scheme'>[] {
  const entrances = configurations.flatMap(({ ports, scheme }) => ports.map(port => ({ port, scheme })));
  return [...new Map(entrances.map(entrance => [`${entrance.port}/${entrance.scheme}`, entrance])).values()];
}

/** A name for every virtual host and every name of a handshake, and one that is neither. */
function gatewayHosts(
  configurations: readonly RouteConfiguration[],
  port: number,
  scheme: 'http' | 'https',
): readonly string[] {
  const here = configurations.filter(found => found.ports.includes(port) && found.scheme === scheme);
  const domains = here.flatMap(({ virtualHosts, names }) => [...virtualHosts.keys(), ...names]);
  return [...new Set([...domains.map(sampleOf), stranger])];
}

/** A name for every virtual host that istiod has. */
function theirHosts({ routes }: ProxyAnswer, port: number): readonly string[] {
  return (
    routes
      .filter(configuration => configuration.port === port)
      .flatMap(({ virtualHosts }) => virtualHosts ?? [])
      .flatMap(virtualHost => (virtualHost as { readonly domains?: readonly string[] }).domains ?? [])
      // Of a host that names its namespace istiod makes a domain that nobody can ask for.
      .filter(domain => !domain.includes('/'))
      .map(domain => sampleOf(domain.toLowerCase()))
  );
}

/** @returns what a gateway does with requests for a host, whether anything there knows it or not */
export function gatewayPlace(world: World, proxy: KnownProxy, tables: ProxyTables, address: Address): Place {
  const { port, scheme, host } = address;
  return {
    label: `${proxy.label} ${scheme}://${host}:${port}`,
    proxy,
    address,
    ours: ourTable(world, { proxy, address }),
    theirs: tables.atGateway(portOfPods(world, proxy, port), scheme, host) ?? {
      verdict: () => ({ kind: 'no-route' }),
      mentions: () => [],
      mentionsByRoute: () => [],
      indexOf: () => -1,
      virtualHosts: [],
    },
  };
}
