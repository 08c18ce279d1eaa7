import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import { hostsOverlap, isSubsetOfHost } from '../3-link/hostname.ts';
import type { MeshScope, Scope } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import {
  type ConnectionMatch,
  type ConnectionScope,
  isAtWaypoint,
  isIn,
  isNameOf,
  isSet,
} from './connection-scopes.ts';
import { type EntryContext, ofEntry } from './context.ts';
import { translateDestination } from './destination.ts';
import type { Translation } from './translation.ts';

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

/**
 * The function that translates each field of a match; a field that is missing here does not compile.
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

/** @returns the routes that the entries of a VirtualService become at one port, after reports where one has no form */
export function plansFor(
  translation: Translation,
  vs: ResolvedVirtualService,
  { scope, passesNames }: ConnectionScope,
): readonly ConnectionPlan[] {
  const namespace = scope.kind === 'mesh' ? scope.service.namespace : vs.namespace;
  if (isAtWaypoint(scope)) return waypointPlans(translation, vs, scope, namespace);
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
    const common = commonListener(translation.facts, scope, hostnames);
    if (common !== undefined) {
      translation.report('tls-names-at-one-listener', place, { ...common, gateway: scope.gateway });
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

/**
 * A host of the gateway that is under a wildcard of some names and under other names of VirtualServices as well. Its listener
 * takes TLSRoutes for both, and the older one has the connections that the closer name has today.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, constrainTLSRoutesToListenerHost
 */
function commonListener(
  { virtualServices }: Facts,
  scope: Scope,
  names: readonly string[],
): { readonly name: string; readonly other: string; readonly host: string } | undefined {
  if (scope.kind !== 'gateway') return undefined;
  const hosts = scope.servers.flatMap(server => server.hosts.map(({ host }) => host));
  if (hosts.length < 2) return undefined;
  const claimed = new Set(
    virtualServices
      .filter(({ gateways, tls }) => tls.length > 0 && gateways.includes(scope.gateway))
      .flatMap(({ tls }) => tls)
      .flatMap(({ match = [] }) => match.filter(one => isIn(one, scope)))
      .flatMap(({ sniHosts = [] }) => sniHosts.map(name => name.toLowerCase())),
  );
  for (const name of names)
    for (const host of hosts.filter(one => isSubsetOfHost(one, name))) {
      const other = [...claimed].find(one => one !== name && isSubsetOfHost(host, one));
      if (other !== undefined) return { name, other, host };
    }
  return undefined;
}

/** istiod takes only the names of the Service from several; a sole one it takes as it is (compatibleRoutesForHost). */
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
  { report }: Translation,
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
    if (isAtWaypoint(scope) && first.startsWith('source')) {
      report('field-without-effect', place, {
        field: `this match, because of its ${first},`,
        reason: 'at a waypoint it matches no connection',
      });
      return false;
    }
    report('connection-match', place, { field: first });
    refused = true;
    return false;
  });
  return refused ? 'refused' : applying;
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
  const own = ofEntry(declare, origin);
  // Without a cluster connections are closed, be it by a VirtualService or by a route.
  const assume = () => undefined;
  const context: EntryContext = { facts, vs, scope, origin, routeNamespace, report, declare: own, assume };
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
