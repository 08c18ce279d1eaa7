import type { AnyResource } from '../../src/2-decode/resource.ts';
import type { MeshPort, MeshService } from '../../src/3-link/registry.ts';
import { carriesHttp } from '../../src/3-link/service-protocol.ts';
import { egressImports } from '../../src/3-link/sidecars.ts';
import { sampleOf } from '../../src/semantics/asked-host.ts';
import { findBackend } from '../../src/semantics/backend.ts';
import { rulesAt } from '../../src/semantics/connection-vantages.ts';
import {
  type ConnectionRule,
  decideConnection,
  hasListener,
  meshConnectionRules,
} from '../../src/semantics/connections.ts';
import type { ChosenDestination, Outcome } from '../../src/semantics/outcome.ts';
import type { Request } from '../../src/semantics/request.ts';
import type { World } from '../../src/semantics/world.ts';
import { type ConnectionVerdict, connectionVerdict } from '../envoy/connection-chain.ts';
import type { Listener, ProxyAnswer } from '../envoy/proxy-answer.ts';
import { toOutcome } from '../envoy/to-outcome.ts';
import { addressesOf } from './addresses.ts';
import { type KnownProxy, portOfPods, waypointOf } from './places.ts';

/** Where connections are looked at: a port of a Service that need not carry HTTP, or of a gateway. */
export interface ConnectionSpot {
  /** The same on both sides of a conversion. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly proxy: KnownProxy;
  readonly names: ReadonlySet<string | undefined>;
  /** Whether any route of ours says something of it. */
  readonly isRouted: boolean;
  readonly ours: (sni: string | undefined) => Outcome;
  readonly verdict: (sni: string | undefined) => ConnectionVerdict;
  readonly theirs: (sni: string | undefined) => Outcome;
}

/** What our model says of connections at a place. */
export interface OurConnections {
  readonly rules: readonly ConnectionRule[];
  readonly decide: (sni: string | undefined) => Outcome;
}

/** Pairs what our model says of connections with the filter chains that istiod makes. */
export function connectionSpots(
  world: World,
  resources: readonly AnyResource[],
  proxies: readonly KnownProxy[],
  answers: Readonly<Record<string, ProxyAnswer>>,
): readonly ConnectionSpot[] {
  // Where the address inside the mesh decides, no route has a form; such entries are held back.
  if (resources.some(asksForAddresses)) return [];
  return proxies.flatMap(proxy => {
    const answer = answers[proxy.request.id];
    if (answer === undefined) return [];
    return proxy.request.kind === 'gateway'
      ? gatewaySpots(world, proxy, answer)
      : meshSpots(world, resources, proxy, answer);
  });
}

function asksForAddresses(resource: AnyResource): boolean {
  if (resource.type !== 'istio.VirtualService') return false;
  const { tls = [], tcp = [] } = resource.spec;
  return [...tls, ...tcp].some(({ match = [] }) =>
    match.some(({ destinationSubnets = [] }) => destinationSubnets.length > 0),
  );
}

function meshSpots(
  world: World,
  resources: readonly AnyResource[],
  proxy: KnownProxy,
  answer: ProxyAnswer,
): readonly ConnectionSpot[] {
  return [...world.registry.byHost.values()].flatMap(service => {
    const addresses = service.externalName === undefined ? addressesOf(service.resource) : undefined;
    if (addresses === undefined || !isAt(proxy, resources, service)) return [];
    const { kind, namespace, labels = {} } = proxy.request;
    const isSeen = (port: number) =>
      kind === 'waypoint' || hasListener(world, { proxy: 'sidecar', namespace, labels }, service, port);
    // A listener of a Sidecar object for one port says its protocol itself, so that nothing is sniffed there.
    const listens = (port: number) =>
      kind === 'sidecar' &&
      (egressImports(world.mesh.sidecars, { namespace, labels }) ?? []).some(one => one.port === port);
    return (
      service.ports
        .filter(({ number }) => isSeen(number))
        .filter(({ number, protocol }) => protocol !== 'sniffed' || !listens(number))
        .filter(({ protocol }) => protocol !== 'udp' && (protocol === 'sniffed' || !carriesHttp(protocol)))
        // Without an address only the name of the handshake tells Services of one port apart.
        .filter(
          ({ protocol }) => proxy.request.kind === 'waypoint' || addresses.length > 0 || protocol === 'tls',
        )
        .map(port => meshSpot(world, proxy, answer, service, port, addresses[0]))
    );
  });
}

function isAt(
  { request: { kind, namespace, name } }: KnownProxy,
  resources: readonly AnyResource[],
  service: MeshService,
): boolean {
  if (kind === 'sidecar') return true;
  const waypoint = waypointOf(resources, service);
  return waypoint !== undefined && waypoint.name === name && waypoint.namespace === namespace;
}

function meshSpot(
  world: World,
  proxy: KnownProxy,
  answer: ProxyAnswer,
  service: MeshService,
  port: MeshPort,
  address: string | undefined,
): ConnectionSpot {
  const { kind, namespace } = proxy.request;
  const { rules, decide } = ourConnections(world, proxy, service.host, port.number);
  const listener =
    kind === 'waypoint'
      ? waypointListener(answer, service.host, port.number)
      : sidecarListener(answer, address, port);
  const own = service.host.startsWith('*') ? sampleOf(service.host) : service.host;
  const isShared = kind === 'sidecar' && address === undefined;
  const verdict = verdictAt(answer, listener, address);
  return {
    label: `${proxy.label} ${service.host}:${port.number}`,
    host: service.host,
    port: port.number,
    proxy,
    names: isShared ? new Set([own]) : namesOf(rules, listener, [own]),
    isRouted: rules.length > 0,
    ours: decide,
    verdict,
    theirs: sni => connectionOutcome(world, namespace, verdict(sni)),
  };
}

/** @param host of a Service; at a gateway its port alone counts */
export function ourConnections(world: World, proxy: KnownProxy, host: string, port: number): OurConnections {
  const { kind, namespace, labels = {} } = proxy.request;
  if (kind === 'gateway') {
    const known = world.gateways.proxies.find(({ id }) => id === proxy.gatewayId);
    const servers = (known?.servers ?? []).filter(
      server => server.port === port && (server.protocol === 'tcp' || server.protocol === 'tls'),
    );
    const rules = rulesAt(world, { parts: [{ namespace, servers }] });
    return { rules, decide: sni => outcomeOf(decideConnection(rules, sni)) };
  }
  const service = world.registry.byHost.get(host);
  const known = service?.ports.find(({ number }) => number === port);
  if (service === undefined || known === undefined) throw new Error(`no port ${port} of ${host}`);
  const rules = meshConnectionRules(world, { proxy: kind, namespace, labels }, service, known);
  return {
    rules,
    decide: sni =>
      rules.length === 0
        ? forward([serviceItself(world, namespace, host, port)])
        : outcomeOf(decideConnection(rules, sni)),
  };
}

/** A listener of its own for an address; without one, all Services of a port share theirs. */
function sidecarListener(
  { listeners }: ProxyAnswer,
  address: string | undefined,
  { number }: MeshPort,
): Listener | undefined {
  return (
    listeners.find(({ name }) => name === `${address}_${number}`) ??
    listeners.find(({ name }) => name === `0.0.0.0_${number}`)
  );
}

function waypointListener({ listeners }: ProxyAnswer, host: string, port: number): Listener | undefined {
  const main = listeners.find(({ name }) => name === 'main_internal');
  if (main === undefined) return undefined;
  const own = main.filterChains.filter(chain => chain.host === host && chain.port === port);
  return { ...main, filterChains: own };
}

function gatewaySpots(world: World, proxy: KnownProxy, answer: ProxyAnswer): readonly ConnectionSpot[] {
  const known = world.gateways.proxies.find(({ id }) => id === proxy.gatewayId);
  const servers = (known?.servers ?? []).filter(({ protocol }) => protocol === 'tcp' || protocol === 'tls');
  return [...new Set(servers.map(({ port }) => port))].map((port): ConnectionSpot => {
    const { rules, decide } = ourConnections(world, proxy, '', port);
    const listening = portOfPods(world, proxy, port);
    const listener = answer.listeners.find(candidate => candidate.port === listening);
    const hosts = servers
      .filter(server => server.port === port)
      .flatMap(server => server.hosts.map(({ host }) => sampleOf(host)));
    const verdict = verdictAt(answer, listener, undefined);
    return {
      label: `${proxy.label} :${port}`,
      host: hosts[0] ?? '*',
      port,
      proxy,
      names: namesOf(rules, listener, hosts),
      isRouted: rules.length > 0,
      ours: decide,
      verdict,
      theirs: sni => connectionOutcome(world, proxy.request.namespace, verdict(sni)),
    };
  });
}

/** Every name that either side tells apart, one that nobody mentions, and none. */
function namesOf(
  rules: readonly ConnectionRule[],
  listener: Listener | undefined,
  hosts: readonly string[],
): ReadonlySet<string | undefined> {
  const ours = rules.flatMap(({ sniHosts }) => sniHosts ?? []);
  const theirs = (listener?.filterChains ?? []).flatMap(({ match }) => match?.serverNames ?? []);
  const mentioned = [...ours, ...theirs].map(name => sampleOf(name.toLowerCase()));
  return new Set([...mentioned, ...hosts, 'unmentioned.example', undefined]);
}

function verdictAt(
  answer: ProxyAnswer,
  listener: Listener | undefined,
  address: string | undefined,
): ConnectionSpot['verdict'] {
  const clusters = new Set(answer.clusters);
  return sni => connectionVerdict(listener, { address, sni }, cluster => clusters.has(cluster));
}

/** Puts a verdict in the terms of the model. */
export function connectionOutcome(world: World, namespace: string, verdict: ConnectionVerdict): Outcome {
  if (verdict.kind === 'nowhere') return { kind: 'no-route' };
  // No route is there that could have a hash or none.
  const rest = { mirrors: [], timeout: 0, retries: '', cors: '', fault: '', hash: '', path: '' };
  return toOutcome(
    { kind: 'forward', clusters: verdict.clusters, ...rest, missingStatus: 503 },
    world,
    namespace,
  );
}

function outcomeOf(rule: ConnectionRule | undefined): Outcome {
  return rule === undefined ? { kind: 'no-route' } : forward(rule.destinations);
}

function forward(destinations: readonly ChosenDestination[]): Outcome {
  return {
    kind: 'forward',
    destinations,
    path: '',
    mirrors: [],
    timeout: 0,
    retries: '',
    cors: '',
    fault: '',
  };
}

function serviceItself(world: World, namespace: string, host: string, port: number): ChosenDestination {
  const { key, label, trafficPolicy } = findBackend(
    world,
    { namespace, missingStatus: 503 },
    { host, port: { number: port } },
    port,
  );
  return {
    backend: key,
    label,
    trafficPolicy,
    weight: 1,
    total: 1,
    authority: undefined,
    requestHeaders: {},
    responseHeaders: {},
  };
}

/** Stands for a connection where requests are told of. */
export function asRequest(
  { host, port }: Pick<ConnectionSpot, 'host' | 'port'>,
  sni: string | undefined,
): Request {
  return {
    scheme: 'https',
    host: sni ?? host,
    port,
    method: sni === undefined ? 'TCP' : 'TLS',
    path: '',
    headers: {},
    queryParams: {},
  };
}
