import type * as istio from '../istio/index.ts';
import type { GatewayMapping } from '../options.ts';
import type { DataPlane } from './data-plane.ts';
import { includesNamespace } from './export-to.ts';
import type { Facts, ForeignRoute } from './facts.ts';
import type { GatewayServer, ServerProtocol } from './gateways/gateway-server.ts';
import { serverAdmits } from './gateways/gateway-servers.ts';
import { isIpAddress, serviceNameOf } from './host.ts';
import { servedName } from './hostname.ts';
import { findService, type MeshPort, type MeshService } from './registry.ts';
import { ofNamespace } from './same-host.ts';
import { carriesHttp } from './service-protocol.ts';
import { isOf, writtenVersions } from './subsets/written-versions.ts';
import type { ResolvedVirtualService, VirtualService } from './virtual-services.ts';
import { type WaypointOf, waypointOf } from './waypoints.ts';
import { haveCommonClients } from './who-sees.ts';

/** One place where a VirtualService applies: everything in a scope is decided by the same list. */
export type Scope = MeshScope | GatewayScope;

/** A Service inside the mesh, and one of its ports; without a port, all of them. */
export interface MeshScope {
  readonly kind: 'mesh';
  readonly gateway: 'mesh';
  readonly service: MeshService;
  readonly port: MeshPort | undefined;
  readonly scheme: 'http';
  readonly waypoint: WaypointOf;
  /** The proxies that apply the VirtualService there. */
  readonly dataPlane: DataPlane;
  /** The namespace whose clients it is for; undefined is everybody who has no scope of their own. */
  readonly audience: string | undefined;
}

/** A gateway, and one of its ports; without a port, all of them. */
export interface GatewayScope {
  readonly kind: 'gateway';
  /** `NAMESPACE/NAME` of the Istio Gateway that the VirtualService is bound to. */
  readonly gateway: string;
  /** The Istio Gateway whose place the target takes: the same one, or one on its pods that has the hosts as well. */
  readonly replaced: string;
  /** Nothing when nobody showed us the Gateway, and no match names a port. */
  readonly port: number | undefined;
  readonly scheme: 'http' | 'https' | undefined;
  /** The servers of the port; empty when nobody showed us the Gateway. */
  readonly servers: readonly GatewayServer[];
  readonly target: GatewayTarget;
}

/** The Gateway of the Gateway API to attach to. */
export interface GatewayTarget {
  readonly namespace: string;
  readonly name: string;
  readonly sectionName?: string;
  /** `converted`: made from the Istio Gateway. `mapped`: named by `--gateway`. `same-name`: taken to exist. */
  readonly origin: 'converted' | 'mapped' | 'same-name';
}

/** The meaning of a host of a VirtualService inside the mesh. */
export type MeshHost =
  | { readonly kind: 'service'; readonly index: number; readonly services: readonly MeshService[] }
  /** A name with a dot that is no full one matches no Service. */
  | {
      readonly kind: 'inert' | 'ip' | 'unknown' | 'everything' | 'no-services';
      readonly index: number;
      readonly host: string;
    };

/** Tells what each host of a mesh VirtualService stands for; a wildcard stands for every Service it covers. */
export function meshHosts(facts: Facts, vs: ResolvedVirtualService): readonly MeshHost[] {
  return vs.hosts.map((host, index): MeshHost => {
    if (host === '*') return { kind: 'everything', index, host };
    if (isIpAddress(host)) return { kind: 'ip', index, host };
    if (host.startsWith('*')) {
      const exact = facts.registry.byHost.get(host);
      const covered = servicesCoveredBy(facts, vs, host).filter(
        // A wildcard leaves no connections to closer names.
        service => vs.http.length === 0 || leavesTo(facts, vs, host, service) === undefined,
      );
      const services =
        exact === undefined ? covered : [exact, ...covered.filter(service => service !== exact)];
      return services.length === 0
        ? { kind: 'no-services', index, host }
        : { kind: 'service', index, services };
    }
    const service = ofNamespace(facts.registry, host, vs.namespace) ?? findService(facts.registry, host);
    if (service !== undefined) return { kind: 'service', index, services: [service] };
    return { kind: looksLikeService(facts, vs, host) ? 'inert' : 'unknown', index, host };
  });
}

/**
 * `reviews.bookinfo` and `reviews.bookinfo.svc` look like a Service and are none; `example.org` is taken for a name of the
 * world as long as nothing speaks of a namespace `org`.
 */
function looksLikeService({ namespaces }: Facts, vs: ResolvedVirtualService, host: string): boolean {
  const [, namespace, svc] = /^[a-z0-9-]+\.([a-z0-9-]+)(\.svc)?$/.exec(host) ?? [];
  if (namespace === undefined || serviceNameOf(host) !== undefined) return false;
  if (svc !== undefined || namespace === vs.namespace) return true;
  return namespaces.has(namespace);
}

/**
 * The Services whose names a wildcard covers, also those that are not found in the input and that a VirtualService has as hosts.
 * A narrower wildcard of a ServiceEntry is covered, too.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, getVirtualServiceForWaypoint
 */
export function servicesUnder(
  { registry, virtualServices }: Facts,
  wildcard: string,
): readonly MeshService[] {
  const isCovered = (host: string) => host !== wildcard && host.endsWith(wildcard.slice(1));
  const isUnder = (host: string) => isCovered(host) && !host.startsWith('*');
  const shown = [...registry.byHost.values()].filter(({ host }) => isCovered(host));
  const named = virtualServices.flatMap(({ gateways, hosts }) =>
    gateways.includes('mesh') ? hosts.filter(host => isUnder(host) && !registry.byHost.has(host)) : [],
  );
  const assumed = [...new Set(named)].flatMap(host => findService(registry, host) ?? []);
  return [...shown, ...assumed.filter(service => service.assumed)];
}

/** The Services under a wildcard host without those that an earlier stage wrote for subsets of the VirtualService. */
function servicesCoveredBy(
  facts: Facts,
  vs: ResolvedVirtualService,
  wildcard: string,
): readonly MeshService[] {
  const written = writtenVersions(facts, vs);
  return servicesUnder(facts, wildcard).filter(({ host }) => !written.has(host));
}

/**
 * Whom a wildcard leaves a Service to on sidecars: the VirtualService that names it, or has a longer wildcard, or the routes
 * attached to it. A waypoint asks them all, one after the other.
 *
 * @returns `routes`, or the VirtualServices
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, computeWildcardHostVirtualServiceIndex
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, getVirtualServiceForWaypoint
 */
function leavesTo(
  facts: Facts,
  vs: ResolvedVirtualService,
  wildcard: string,
  service: MeshService,
): readonly ResolvedVirtualService[] | 'routes' | undefined {
  if (facts.dataPlanes.of(service) === 'ambient') return undefined;
  const closer = namedCloser(facts, vs, wildcard, service.host);
  if (closer.length > 0) return closer;
  return routesBeside(facts, vs, service).length > 0 ? 'routes' : undefined;
}

/** The VirtualServices that have a closer claim to a Service than a wildcard. */
function namedCloser(
  facts: Facts,
  vs: ResolvedVirtualService,
  wildcard: string,
  host: string,
): readonly ResolvedVirtualService[] {
  return facts.virtualServices.filter(
    other =>
      other !== vs &&
      other.gateways.includes('mesh') &&
      haveCommonClients(other, vs) &&
      other.hosts.some(
        candidate =>
          candidate === host ||
          (candidate.startsWith('*') &&
            candidate.length > wildcard.length &&
            host.endsWith(candidate.slice(1))),
      ),
  );
}

/**
 * The Services that a wildcard of a VirtualService may decide for some client. Where everybody sees a VirtualService that is
 * closer, it has the Service to itself.
 */
export function coveredServices(
  facts: Facts,
  vs: ResolvedVirtualService,
  wildcard: string,
): readonly MeshService[] {
  return servicesCoveredBy(facts, vs, wildcard).filter(service => {
    const others = leavesTo(facts, vs, wildcard, service);
    if (others === undefined || others === 'routes') return others === undefined;
    return facts.sidecars.all.length > 0 || !others.some(({ exportTo }) => exportTo.includes('*'));
  });
}

/**
 * The routes that are attached to a Service and are not of this VirtualService: they name the Service itself, which is closer than
 * any wildcard.
 *
 * @returns none where the Service has ports for which there is none
 */
function routesBeside(
  { resources }: Facts,
  vs: ResolvedVirtualService,
  service: MeshService,
): readonly ForeignRoute[] {
  const ports = service.ports.filter(({ protocol }) => carriesHttp(protocol)).map(({ number }) => number);
  const routed = resources.flatMap(route => {
    if (route.type !== 'gateway.HTTPRoute' && route.type !== 'gateway.GRPCRoute') return [];
    if (route.namespace !== service.namespace || isOf(vs, route)) return [];
    return (route.spec.parentRefs ?? [])
      .filter(
        ({ kind, name, namespace = route.namespace }) =>
          kind === 'Service' && name === service.name && namespace === service.namespace,
      )
      .map(({ port }) => ({ route, port }));
  });
  const isWhole = routed.some(({ port }) => port === undefined);
  const isComplete = isWhole || ports.every(number => routed.some(({ port }) => port === number));
  return isComplete ? [...new Set(routed.map(({ route }) => route))] : [];
}

/** @returns the objects that name a Service more closely than a wildcard, so that the wildcard becomes no route for it */
export function closerClaims(
  facts: Facts,
  vs: ResolvedVirtualService,
  wildcard: string,
  service: MeshService,
): readonly (ForeignRoute | VirtualService)[] {
  const others = leavesTo(facts, vs, wildcard, service);
  if (others === 'routes') return routesBeside(facts, vs, service);
  return (others ?? []).map(({ resource }) => resource);
}

/** The Services that a VirtualService is about inside the mesh, each once. */
export function meshServices(facts: Facts, vs: ResolvedVirtualService): readonly MeshService[] {
  if (!vs.gateways.includes('mesh')) return [];
  return [...new Set(meshHosts(facts, vs).flatMap(host => (host.kind === 'service' ? host.services : [])))];
}

/**
 * The Services whose connections a VirtualService may take: a wildcard those of every Service that it covers, whoever names one of
 * them more closely.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/tls.go, getConfigsForHost
 */
export function connectionServices(facts: Facts, vs: ResolvedVirtualService): readonly MeshService[] {
  if (!vs.gateways.includes('mesh')) return [];
  const covered = vs.hosts.flatMap(host => (/^\*./.test(host) ? servicesCoveredBy(facts, vs, host) : []));
  return [...new Set([...meshServices(facts, vs), ...covered])];
}

/** The mesh scopes of http entries: every port of a Service that carries HTTP. */
export function meshScopes(facts: Facts, vs: ResolvedVirtualService): readonly MeshScope[] {
  return meshServices(facts, vs).flatMap(service => {
    const waypoint = waypointOf(facts.waypoints, service);
    const ports = portsOf(vs, service);
    return audiencesOf(facts, vs, service, waypoint).flatMap(audience =>
      ports.map(
        (port): MeshScope => ({
          kind: 'mesh',
          gateway: 'mesh',
          service,
          port,
          scheme: 'http',
          waypoint,
          dataPlane: facts.dataPlanes.of(service),
          audience,
        }),
      ),
    );
  });
}

function portsOf(vs: ResolvedVirtualService, service: MeshService): readonly (MeshPort | undefined)[] {
  if (service.ports.length > 0 && !(service.assumed && namesOwnPort(vs, service.host)))
    return service.ports.filter(({ protocol }) => carriesHttp(protocol));
  const named = namedPorts(vs, 'mesh');
  if (named === 'all') return [undefined];
  return named.map(number => ({ number, protocol: 'sniffed', targetPort: number }));
}

/**
 * Whose requests a VirtualService decides for a Service: those of everybody, or those of clients in some namespaces, which
 * see a route in theirs instead of the one beside the Service. A waypoint takes part of nothing: it sees a VirtualService,
 * or it does not.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, VirtualServicesForGateway
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, getVirtualServiceForWaypoint
 */
function audiencesOf(
  { dataPlanes }: Facts,
  vs: ResolvedVirtualService,
  service: MeshService,
  waypoint: WaypointOf,
): readonly (string | undefined)[] {
  if (dataPlanes.of(service) === 'ambient') {
    return isSeenByWaypoint(vs, service, waypoint) ? [undefined] : [];
  }
  const isShared = includesNamespace(vs.exportTo, service.namespace);
  if (!isShared) return vs.exportTo.filter(namespace => namespace !== '~');
  const named = clientNamespaces(vs).filter(
    namespace => namespace !== service.namespace && includesNamespace(vs.exportTo, namespace),
  );
  return [undefined, ...named];
}

/** Whether the waypoint of a Service takes a VirtualService at all. */
export function isSeenByWaypoint(
  vs: ResolvedVirtualService,
  service: Pick<MeshService, 'namespace'>,
  waypoint: WaypointOf,
): boolean {
  const of = waypointNamespace(waypoint, service);
  const isShown = includesNamespace(vs.exportTo, of);
  return isShown && (vs.namespace === service.namespace || vs.namespace === of);
}

/** Where the waypoint of a Service runs; one that is not known counts as beside it. */
export function waypointNamespace(waypoint: WaypointOf, service: Pick<MeshService, 'namespace'>): string {
  return waypoint.kind === 'found' ? waypoint.waypoint.namespace : service.namespace;
}

/** The namespaces that matches inside the mesh ask for. */
function clientNamespaces({ http }: ResolvedVirtualService): readonly string[] {
  const matches = http.flatMap(entry => entry.http.match ?? []);
  return [
    ...new Set(
      matches.flatMap(({ sourceNamespace, gateways = [] }) =>
        sourceNamespace && gateways.length === 0 ? [sourceNamespace] : [],
      ),
    ),
  ];
}

/** Whether entries send requests for a Service on to a port of it: then a port that is only assumed says nothing. */
function namesOwnPort(vs: ResolvedVirtualService, host: string): boolean {
  return vs.http.some(({ http }) =>
    (http.route ?? []).some(
      ({ destination }) => destination.host === host && destination.port?.number !== undefined,
    ),
  );
}

/** The ports that the matches for a gateway name; `all` when some entry applies whatever the port. */
function namedPorts(vs: ResolvedVirtualService, gateway: string): readonly number[] | 'all' {
  const matches = vs.http.flatMap(({ http }) =>
    http.match === undefined || http.match.length === 0 ? [{}] : http.match,
  );
  const ports = matches
    .filter(
      (match: istio.HTTPMatchRequest) => match.gateways === undefined || match.gateways.includes(gateway),
    )
    .map((match: istio.HTTPMatchRequest) => match.port ?? 0);
  return ports.length === 0 || ports.includes(0) ? 'all' : [...new Set(ports)];
}

/** The gateway scopes of http entries: every port of a Gateway whose servers share a host with the VirtualService. */
export function gatewayScopes(
  facts: Facts,
  vs: ResolvedVirtualService,
  protocols: readonly ServerProtocol[] = ['http', 'https'],
): readonly GatewayScope[] {
  return [...new Set(vs.gateways)]
    .filter(gateway => gateway !== 'mesh')
    .flatMap(gateway => {
      const target = targetOf(facts, gateway);
      const known = facts.istioGateways.get(gateway);
      if (known === undefined) {
        if (protocols.includes('http') && vs.http.length === 0) return [];
        const ports = protocols.includes('http') ? namedPorts(vs, gateway) : 'all';
        const scope = (port: number | undefined): GatewayScope => ({
          kind: 'gateway',
          gateway,
          replaced: gateway,
          port,
          scheme: port === 443 ? 'https' : port === 80 ? 'http' : undefined,
          servers: [],
          target,
        });
        return ports === 'all' ? [scope(undefined)] : ports.map(scope);
      }
      const servers = known.servers.filter(
        server =>
          protocols.includes(server.protocol) &&
          !server.httpsRedirect &&
          !server.ignoresRoutes &&
          sharesHost(server, vs),
      );
      const byPort = groupByPort(servers);
      return [...byPort.values()].map(ofPort => ({
        kind: 'gateway' as const,
        gateway,
        replaced: gateway,
        port: ofPort[0]?.port,
        scheme: ofPort[0]?.protocol === 'https' ? ('https' as const) : ('http' as const),
        servers: ofPort,
        target,
      }));
    });
}

function groupByPort(servers: readonly GatewayServer[]): ReadonlyMap<string, readonly GatewayServer[]> {
  const groups = new Map<string, GatewayServer[]>();
  for (const server of servers) {
    const key = `${server.port}/${server.protocol}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [server]);
    else known.push(server);
  }
  return groups;
}

/** Whether a server serves a host of a VirtualService, for its namespace. */
export function sharesHost(
  server: GatewayServer,
  { namespace, hosts, capitals }: Pick<ResolvedVirtualService, 'namespace' | 'hosts' | 'capitals'>,
): boolean {
  return server.hosts.some(
    served =>
      serverAdmits(served, namespace) &&
      hosts.some(wanted => servedName(served, wanted, capitals) !== undefined),
  );
}

/** @returns the Gateway that stands in for an Istio Gateway */
export function targetOf(facts: Facts, gateway: string): GatewayTarget {
  const [namespace = '', name = ''] = gateway.split('/');
  const mapping = facts.options.gatewayMap.find(
    ({ from }: GatewayMapping) => from.namespace === namespace && from.name === name,
  );
  if (mapping !== undefined) return { ...mapping.to, origin: 'mapped' };
  const converts = facts.istioGateways.get(gateway)?.isInput === true && facts.options.gateways === 'convert';
  if (!converts) return { namespace, name, origin: 'same-name' };
  // A Gateway that reuses running pods has to be in the namespace of their Service.
  return { namespace: facts.options.gatewayService?.split('/')[0] ?? namespace, name, origin: 'converted' };
}
