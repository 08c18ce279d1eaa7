import { canonicalJson } from '../3-link/canonical.ts';
import { hostsOverlap, isSubsetOfHost } from '../3-link/hostname.ts';
import { ownerOf } from '../3-link/ownership.ts';
import type { MeshPort, MeshService } from '../3-link/registry.ts';
import {
  type GatewayScope,
  gatewayScopes,
  isSeenByWaypoint,
  type MeshScope,
  meshHosts,
  type Scope,
} from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { waypointOf } from '../3-link/waypoints.ts';
import { type Place, placeOf } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { isOlder } from './claims.ts';
import { type EntryContext, needsVersion } from './context.ts';
import { translateDestination } from './destination.ts';
import type { Translation } from './virtual-service.ts';
import { reportSharedWaypoints } from './waypoint-connections.ts';

/** A TLSRoute or a TCPRoute to be: exactly one rule. */
export interface ConnectionPlan {
  readonly kind: 'tls' | 'tcp';
  readonly vs: ResolvedVirtualService;
  readonly namespace: string;
  readonly scopes: readonly Scope[];
  /** The names in the handshake; of a TCPRoute none. */
  readonly hostnames: readonly string[];
  readonly backendRefs: readonly gateway.BackendRef[];
  /** The entry it stems from. */
  readonly index: number;
}

/** The part of a match that both kinds of entries have. */
type ConnectionMatch = istio.L4MatchAttributes & istio.TLSMatchAttributes;

/**
 * Who sees to each field of a match; a field that is missing here does not compile.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#L4MatchAttributes
 */
const matchFields: Readonly<Record<keyof ConnectionMatch, 'scope' | 'name' | 'none' | 'ignored'>> = {
  port: 'scope',
  gateways: 'scope',
  sniHosts: 'name',
  destinationSubnets: 'none',
  sourceLabels: 'none',
  sourceNamespace: 'none',
  sourceSubnet: 'ignored',
};

/**
 * Writes the tls and tcp entries of a VirtualService as routes, one for each entry and set of ports that it sends alike.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#tcproutespec
 */
export function translateConnections(
  translation: Translation,
  vs: ResolvedVirtualService,
): readonly ConnectionPlan[] {
  if (vs.tls.length + vs.tcp.length === 0 || vs.exportTo.includes('~')) return [];
  if (!isServed(translation, vs) || !isForEverybody(translation, vs)) return [];
  const plans = new Map<string, ConnectionPlan>();
  const claimed = connectionClaims(translation, vs);
  for (const { scope, passesNames } of connectionScopes(translation, vs)) {
    for (const whole of plansFor(translation, vs, scope, passesNames)) {
      const plan = withoutLost(whole, scope, claimed, isAtWaypoint(translation, scope));
      if (plan === undefined) continue;
      reportMove(translation, vs, scope);
      const key = canonicalJson([
        plan.kind,
        plan.namespace,
        plan.hostnames,
        plan.backendRefs,
        scope.kind,
        plan.index,
      ]);
      const known = plans.get(key);
      plans.set(key, known === undefined ? plan : { ...known, scopes: [...known.scopes, scope] });
    }
  }
  const found = [...plans.values()];
  reportSharedWaypoints(translation, found);
  return found;
}

/** istiod takes TLSRoutes from Gateway API 1.5 on and TCPRoutes from 1.6 on (minimumversions.go). */
const served = [
  { field: 'tls', kind: 'TLSRoute', since: '1.5' },
  { field: 'tcp', kind: 'TCPRoute', since: '1.6' },
] as const;

function isServed({ facts, report }: Translation, vs: ResolvedVirtualService): boolean {
  const needed = served.filter(({ field }) => vs[field].length > 0);
  for (const { field, kind, since } of needed) {
    const place = placeOf(vs.resource, 'spec', field);
    if (facts.options.gatewayApi < since) report('route-kind-version', place, { field, kind, since });
    else needsVersion(report, place, kind, since);
  }
  return needed.every(({ since }) => facts.options.gatewayApi >= since);
}

/** On sidecars a TLSRoute or a TCPRoute is for clients of all namespaces, wherever it is (listener.go). */
function isForEverybody(translation: Translation, vs: ResolvedVirtualService): boolean {
  const { facts, report } = translation;
  if (facts.options.from === 'ambient' || vs.exportTo.includes('*')) return true;
  const isMesh = connectionScopes(translation, vs).some(({ scope }) => scope.kind === 'mesh');
  if (isMesh)
    report('connection-export-to', placeOf(vs.resource, 'spec', 'exportTo'), {
      namespaces: vs.exportTo.join(', '),
    });
  return !isMesh;
}

function reportMove({ report }: Translation, vs: ResolvedVirtualService, scope: Scope): void {
  if (scope.kind !== 'mesh' || scope.service.namespace === vs.namespace) return;
  const { host, name, namespace } = scope.service;
  const place = placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(host)));
  report('route-namespace-moved', place, { namespace, service: name });
}

/** A port that carries connections, and whether the name in a handshake can be read there. */
interface ConnectionScope {
  readonly scope: Scope;
  readonly passesNames: boolean;
}

/** Ports that carry connections: those of Services that are not known to carry HTTP, and servers that open none. */
function connectionScopes(
  { facts }: Pick<Translation, 'facts'>,
  vs: ResolvedVirtualService,
): readonly ConnectionScope[] {
  const services = vs.gateways.includes('mesh')
    ? meshHosts(facts, vs).flatMap(host => (host.kind === 'service' ? host.services : []))
    : [];
  const mesh = [...new Set(services)].flatMap(service => {
    const waypoint = waypointOf(facts.waypoints, service);
    if (facts.options.from === 'ambient' && !isSeenByWaypoint(vs, service, waypoint)) return [];
    return portsOf(service, vs).map(
      (port): ConnectionScope => ({
        scope: {
          kind: 'mesh',
          gateway: 'mesh',
          service,
          port,
          scheme: 'http',
          waypoint,
          audience: undefined,
        },
        passesNames: port.protocol === 'tls',
      }),
    );
  });
  return [...mesh, ...gatewayScopes(facts, vs, ['tcp', 'tls']).flatMap(scope => readings(vs, scope))];
}

/** Of a Gateway that nobody showed us, the entries tell what it passes on. */
function readings(vs: ResolvedVirtualService, scope: GatewayScope): readonly ConnectionScope[] {
  if (scope.servers.length > 0) {
    return [{ scope, passesNames: scope.servers.some(({ passthrough }) => passthrough) }];
  }
  const readingOf = (entries: readonly (istio.TLSRoute | istio.TCPRoute)[], passesNames: boolean) => {
    if (entries.length === 0) return [];
    const ports = entries
      .flatMap(({ match = [] }) => (match.length === 0 ? [{}] : match))
      .filter(
        ({ gateways = [] }: ConnectionMatch) => gateways.length === 0 || gateways.includes(scope.gateway),
      )
      .map(({ port }: ConnectionMatch) => (port === 0 ? undefined : port));
    const numbers = ports.includes(undefined) ? [undefined] : [...new Set(ports)];
    return numbers.map(port => ({ scope: { ...scope, port }, passesNames }));
  };
  return [...readingOf(vs.tls, true), ...readingOf(vs.tcp, false)];
}

function portsOf(service: MeshService, vs: ResolvedVirtualService): readonly MeshPort[] {
  const carrying = service.ports.filter(
    ({ protocol }) => protocol === 'tcp' || protocol === 'tls' || protocol === 'sniffed',
  );
  if (carrying.length > 0 || !service.assumed) return carrying;
  const named = [...vs.tls, ...vs.tcp].flatMap(({ match = [] }) => match.flatMap(({ port }) => port ?? []));
  const own = [...vs.tls, ...vs.tcp].flatMap(({ route = [] }) =>
    route.flatMap(({ destination }) =>
      destination.host === service.host ? (destination.port?.number ?? []) : [],
    ),
  );
  const protocol = vs.tls.length > 0 ? 'tls' : 'tcp';
  const numbers = named.length > 0 ? named : own.length > 0 ? own : service.ports.map(({ number }) => number);
  return [...new Set(numbers)].map(number => ({ number, protocol, targetPort: number }));
}

function plansFor(
  translation: Translation,
  vs: ResolvedVirtualService,
  scope: Scope,
  passesNames: boolean,
): readonly ConnectionPlan[] {
  const namespace = scope.kind === 'mesh' ? scope.service.namespace : vs.namespace;
  if (isAtWaypoint(translation, scope)) return waypointPlans(translation, vs, scope, namespace);
  return passesNames
    ? tlsPlans(translation, vs, scope, namespace)
    : tcpPlans(translation, vs, scope, namespace);
}

/**
 * A waypoint looks at the names first, whatever the port carries; of other names than that of the Service it takes none.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, getWaypointTCPRoutes
 */
function waypointPlans(
  translation: Translation,
  vs: ResolvedVirtualService,
  scope: MeshScope,
  namespace: string,
): readonly ConnectionPlan[] {
  const { host } = scope.service;
  const applying = vs.tls.map((entry, index) =>
    matchesOf(translation, vs, 'tls', index, entry.match ?? [], scope),
  );
  if (applying.includes('refused')) return [];
  const first = applying.findIndex(
    matches => matches !== 'refused' && matches.some(one => isNameOf(one, host)),
  );
  for (const [index, matches] of applying.entries()) {
    if (index === first || matches.length === 0) continue;
    const place = placeOf(vs.resource, 'spec', 'tls', index, 'match');
    translation.report('tls-names-ignored', place, { service: host });
  }
  const entry = vs.tls[first];
  if (entry === undefined) return tcpPlans(translation, vs, scope, namespace);
  const backendRefs = backendsOf(translation, vs, scope, namespace, 'tls', first, entry);
  return backendRefs === undefined
    ? []
    : [{ kind: 'tls', vs, namespace, scopes: [scope], hostnames: [host], backendRefs, index: first }];
}

function isNameOf({ sniHosts = [] }: ConnectionMatch, host: string): boolean {
  return sniHosts.length === 1 && sniHosts[0] === host;
}

/** Whether a waypoint takes an entry for the connections to a Service: its one name is that of the Service. */
function namesService({ match = [] }: istio.TLSRoute, scope: MeshScope): boolean {
  return match.some(
    one =>
      isNameOf(one, scope.service.host) &&
      isIn(one, scope) &&
      !isSet(one.sourceLabels) &&
      !isSet(one.sourceNamespace),
  );
}

function tcpPlans(
  translation: Translation,
  vs: ResolvedVirtualService,
  scope: Scope,
  namespace: string,
): readonly ConnectionPlan[] {
  // The first entry that applies takes every connection.
  for (const [index, entry] of vs.tcp.entries()) {
    const applies = matchesOf(translation, vs, 'tcp', index, entry.match ?? [], scope);
    if (applies === 'refused') return [];
    if (applies.length === 0 && (entry.match ?? []).length > 0) continue;
    const backendRefs = backendsOf(translation, vs, scope, namespace, 'tcp', index, entry);
    return backendRefs === undefined
      ? []
      : [{ kind: 'tcp', vs, namespace, scopes: [scope], hostnames: [], backendRefs, index }];
  }
  return [];
}

function tlsPlans(
  translation: Translation,
  vs: ResolvedVirtualService,
  scope: Scope,
  namespace: string,
): readonly ConnectionPlan[] {
  const taken = new Set<string>();
  return vs.tls.flatMap((entry, index): readonly ConnectionPlan[] => {
    const matches = matchesOf(translation, vs, 'tls', index, entry.match ?? [], scope);
    if (matches === 'refused') return [];
    const names = [
      ...new Set(matches.flatMap(({ sniHosts = [] }) => sniHosts.map(name => name.toLowerCase()))),
    ];
    const hostnames = names.filter(name => !taken.has(name));
    for (const name of names) taken.add(name);
    if (hostnames.length === 0) return [];
    const place = placeOf(vs.resource, 'spec', 'tls', index, 'match');
    if (hostnames.includes('*')) {
      translation.report('tls-any-name', place, {});
      return [];
    }
    const beyond = beyondServers(scope, hostnames);
    if (beyond !== undefined) {
      translation.report('sni-beyond-server', place, { name: beyond, gateway: scope.gateway });
      return [];
    }
    reportWaypoint(translation, scope, hostnames, place);
    const backendRefs = backendsOf(translation, vs, scope, namespace, 'tls', index, entry);
    if (backendRefs === undefined) return [];
    return namesTogether(scope, hostnames).map(names => ({
      kind: 'tls',
      vs,
      namespace,
      scopes: [scope],
      hostnames: names,
      backendRefs,
      index,
    }));
  });
}

/**
 * A name that no server of the gateway has. istiod lets it in all the same, as long as one of the hosts is served; a
 * TLSRoute only gets the names of its listeners.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayNetworkFiltersFromTLSRoutes
 */
function beyondServers(scope: Scope, names: readonly string[]): string | undefined {
  if (scope.kind !== 'gateway' || scope.servers.length === 0) return undefined;
  const served = scope.servers.flatMap(server => server.hosts.map(({ host }) => host));
  return names.find(name => !served.some(host => host === '*' || isSubsetOfHost(name, host)));
}

/** Of several names istiod takes only those of the Service; a sole one it takes as it is (compatibleRoutesForHost). */
function namesTogether(scope: Scope, names: readonly string[]): readonly (readonly string[])[] {
  if (scope.kind !== 'mesh' || names.length < 2) return [names];
  const own = names.filter(name => hostsOverlap(scope.service.host, name));
  const others = names.filter(name => !own.includes(name)).map(name => [name]);
  return own.length === 0 ? others : [own, ...others];
}

/** A waypoint takes a TLSRoute only where its one name is that of the Service (listener_waypoint.go, getTLSRouteMatch). */
function reportWaypoint(
  { report }: Translation,
  scope: Scope,
  hostnames: readonly string[],
  place: Place,
): void {
  if (scope.kind !== 'mesh' || (hostnames.length === 1 && hostnames[0] === scope.service.host)) return;
  report('tls-on-waypoint', place, { service: scope.service.host });
}

/** @returns the matches that apply in a scope; `refused`, after reports, where one asks for what no route can */
function matchesOf(
  { facts, report }: Translation,
  vs: ResolvedVirtualService,
  field: 'tls' | 'tcp',
  entry: number,
  matches: readonly ConnectionMatch[],
  scope: Scope,
): readonly ConnectionMatch[] | 'refused' {
  let refused = false;
  const applying = matches.filter((match, index) => {
    if (!isIn(match, scope)) return false;
    const odd = Object.keys(match).filter(
      key =>
        matchFields[key as keyof ConnectionMatch] === 'none' && isSet(match[key as keyof ConnectionMatch]),
    );
    const [first] = odd;
    if (first === undefined) return true;
    const place = placeOf(vs.resource, 'spec', field, entry, 'match', index, first);
    // A waypoint passes neither labels nor a namespace, so that such a match never holds.
    if (facts.options.from === 'ambient' && scope.kind === 'mesh' && first.startsWith('source')) {
      report('source-ignored', place, { field: `a match with ${first}` });
      return false;
    }
    report('connection-match', place, { field: first });
    refused = true;
    return false;
  });
  return refused ? 'refused' : applying;
}

/**
 * Finds the connections that an older VirtualService takes. Where the manifests do not tell which is older, that is
 * reported, and holds back.
 *
 * @returns their keys (claimKey)
 * @see istio.io/istio/pilot/pkg/networking/core/tls.go, buildSidecarOutboundTCPTLSFilterChainOpts
 */
function connectionClaims(translation: Translation, vs: ResolvedVirtualService): ReadonlySet<string> {
  const { facts, report } = translation;
  const own = claimsOf(translation, vs);
  const lost = new Set<string>();
  const said = new Set<string>();
  for (const rival of facts.virtualServices) {
    if (rival === vs || rival.tls.length + rival.tcp.length === 0 || ownerOf(rival.resource) !== undefined)
      continue;
    const theirs = claimsOf(translation, rival);
    for (const [key, host] of own) {
      if (!theirs.has(key)) continue;
      const isLost = isOlder(rival, vs);
      if (isLost === true) lost.add(key);
      const other = `${rival.namespace}/${rival.name}`;
      if (isLost === false || said.has(`${host} ${other}`)) continue;
      said.add(`${host} ${other}`);
      const code = isLost === undefined ? 'host-claimed-twice' : 'host-owned-by-another';
      const related =
        rival.resource.source === undefined
          ? []
          : [{ message: 'the other one', place: placeOf(rival.resource, 'metadata', 'name') }];
      report(
        code,
        placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(host))),
        { host, other },
        related,
      );
    }
  }
  return lost;
}

/** What a VirtualService takes, and the host to name for it: a whole port, or a name in the handshakes of one. */
function claimsOf(translation: Translation, vs: ResolvedVirtualService): ReadonlyMap<string, string> {
  const claims = new Map<string, string>();
  for (const { scope, passesNames } of connectionScopes(translation, vs)) {
    const host = scope.kind === 'mesh' ? scope.service.host : (vs.hosts[0] ?? '');
    if (isAtWaypoint(translation, scope)) {
      // One entry takes them all.
      if (vs.tls.some(entry => namesService(entry, scope)) || vs.tcp.some(entry => takesAll(entry, scope)))
        claims.set(claimKey(scope, undefined), host);
      continue;
    }
    if (!passesNames && vs.tcp.some(entry => takesAll(entry, scope)))
      claims.set(claimKey(scope, undefined), host);
    if (!passesNames) continue;
    const names = vs.tls.flatMap(({ match = [] }) =>
      match.filter(one => isIn(one, scope)).flatMap(({ sniHosts = [] }) => sniHosts),
    );
    for (const name of names) claims.set(claimKey(scope, name), host);
  }
  return claims;
}

function takesAll({ match = [] }: istio.TCPRoute, scope: Scope): boolean {
  return match.length === 0 || match.some(one => isIn(one, scope));
}

function isAtWaypoint({ facts }: Pick<Translation, 'facts'>, scope: Scope): scope is MeshScope {
  return facts.options.from === 'ambient' && scope.kind === 'mesh';
}

function claimKey(scope: Scope, name: string | undefined): string {
  const where =
    scope.kind === 'mesh'
      ? `mesh ${scope.service.host} ${scope.port?.number ?? ''}`
      : `${scope.gateway} ${scope.port ?? ''} ${canonicalJson(scope.servers.map(({ index }) => index))}`;
  return name === undefined ? where : `${where} ${name.toLowerCase()}`;
}

/** What is left of a plan when others take some of its connections. */
function withoutLost(
  plan: ConnectionPlan,
  scope: Scope,
  lost: ReadonlySet<string>,
  asWhole: boolean,
): ConnectionPlan | undefined {
  if (plan.kind === 'tcp' || asWhole) return lost.has(claimKey(scope, undefined)) ? undefined : plan;
  const hostnames = plan.hostnames.filter(name => !lost.has(claimKey(scope, name)));
  return hostnames.length === 0 ? undefined : { ...plan, hostnames };
}

/** Whether a match is for a gateway or the mesh, and for a port of it. */
function isIn({ gateways = [], port = 0 }: ConnectionMatch, scope: Scope): boolean {
  const listening = scope.kind === 'mesh' ? scope.port?.number : scope.port;
  return (
    (gateways.length === 0 || gateways.includes(scope.gateway)) &&
    (port === 0 || listening === undefined || port === listening)
  );
}

function isSet(value: ConnectionMatch[keyof ConnectionMatch]): boolean {
  if (value === undefined || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** Weights as in http entries: unset is 0 among several, and everything for a sole one. */
function backendsOf(
  { facts, report, declare }: Translation,
  vs: ResolvedVirtualService,
  scope: Scope,
  routeNamespace: string,
  field: 'tls' | 'tcp',
  entry: number,
  { route = [] }: istio.TLSRoute | istio.TCPRoute,
): readonly gateway.BackendRef[] | undefined {
  const origin = { resource: vs.resource, path: ['spec', field, entry] };
  const context: EntryContext = { facts, vs, scope, origin, routeNamespace, report, declare };
  const refs: gateway.BackendRef[] = [];
  for (const [index, { destination, weight }] of route.entries()) {
    const place = placeOf(vs.resource, 'spec', field, entry, 'route', index, 'destination');
    const backend = translateDestination(context, destination, place);
    if (backend === undefined) return undefined;
    if (route.length > 1 && weight === undefined)
      report('weight-unset', placeOf(vs.resource, 'spec', field, entry, 'route', index), {});
    refs.push({ ...backend, ...(route.length === 1 ? {} : { weight: weight ?? 0 }) });
  }
  return refs;
}
