import { type AnyResource, isType } from '../2-decode/resource.ts';
import { mergeDelegates } from '../3-link/delegates.ts';
import { completeHost, lowerCaseHost, resolveGateway } from '../3-link/host.ts';
import { intersectHosts, isSubsetOfHost, isWildcard } from '../3-link/hostname.ts';
import { delegatesByName } from '../3-link/resolve-virtual-services.ts';
import {
  byAge,
  compareText,
  isDelegate,
  resolveEntry,
  resolveExportTo,
  type VirtualService,
} from '../3-link/virtual-services.ts';
import type { Conversion } from '../conversion.ts';
import type * as istio from '../istio/index.ts';
import { type OrderedLists, orderAtGateways } from './deletion-at-gateways.ts';
import { hostsAtGateways } from './gateway-hosts.ts';

/** A VirtualService that goes, and where it has a say. */
interface Going {
  readonly resource: AnyResource;
  readonly name: string;
  readonly namespace: string;
  /** Later ones are kept for longer, whatever else is so. */
  readonly rank: number;
  /** The domains at gateways; none inside the mesh. */
  readonly domains: ReadonlySet<string>;
  readonly isInMesh: boolean;
  /** Full names; none at gateways alone. */
  readonly meshHosts: ReadonlySet<string>;
  /** The hosts of Services whose waypoint decides, by name or under a wildcard. */
  readonly waypointHosts: ReadonlySet<string>;
  readonly carriesRequests: boolean;
  readonly carriesTcp: boolean;
  /** The names that connections with TLS are taken for. */
  readonly sniHosts: ReadonlySet<string>;
  /** Where it goes among those that have hosts of gateways in common with it, and which these are. */
  readonly turn: Turn | undefined;
}

interface Turn {
  readonly among: OrderedLists;
  readonly number: number;
}

/** VirtualServices in the order in which they are deleted. */
export interface DeletionOrder {
  readonly resources: readonly AnyResource[];
  /** Hosts of gateways of which the old pods treat some requests otherwise on the way, whatever the order. */
  readonly changing: readonly string[];
}

/**
 * VirtualServices in an order in which each can go by itself: first those that others come before today, so that whoever is
 * left decides as before, or the routes do. The younger ones go before the older, and what everybody sees before what some
 * namespaces see; a delegate goes after all who name it.
 *
 * @param going the VirtualServices
 * @param conversion its resources, and the routes that it makes
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, SelectVirtualServices
 */
export function inOrderOfDeletion(
  going: readonly AnyResource[],
  { resources, outputs }: Pick<Conversion, 'resources' | 'outputs'>,
): DeletionOrder {
  const all = resources.map(({ resource }) => resource);
  const served = servedHosts(all);
  const behindWaypoints = new Set(
    outputs.flatMap(({ scopes = [] }) =>
      scopes.flatMap(scope =>
        scope.kind === 'mesh' && scope.dataPlane === 'ambient' ? [scope.service.host] : [],
      ),
    ),
  );
  const sorted = going
    .map(resource => goingOf(resource, served, behindWaypoints))
    .toSorted((a, b) => a.rank - b.rank || shortestWildcard(a) - shortestWildcard(b) || byAge(b, a));
  const groups = orderOf(sorted, all);
  const turns = new Map(
    groups.flatMap(among =>
      among.lists.map(({ resource }, number) => [resource as AnyResource, { among, number }] as const),
    ),
  );
  const left = sorted.map(one => ({ ...one, turn: turns.get(one.resource) }));
  const result: AnyResource[] = [];
  while (left.length > 0) {
    const free = left.findIndex(one => left.every(other => other === one || !waitsFor(one, other)));
    result.push(...left.splice(Math.max(0, free), 1).map(({ resource }) => resource));
  }
  const changing = new Set(groups.flatMap(group => group.changing));
  return { resources: result, changing: [...changing].sort(compareText) };
}

/** Where VirtualServices have hosts of gateways in common, the order of those that go. */
function orderOf(going: readonly Going[], all: readonly AnyResource[]): readonly OrderedLists[] {
  const virtualServices = all.filter(isType('istio.VirtualService'));
  const delegates = delegatesByName(virtualServices);
  const lists = new Map(
    virtualServices
      .filter(({ spec }) => (spec.hosts ?? []).length > 0 && (spec.http ?? []).length > 0)
      .filter(({ spec }) => (spec.gateways ?? []).some(gateway => gateway !== 'mesh'))
      .map(
        resource => [resource as AnyResource, { resource, entries: entriesOf(resource, delegates) }] as const,
      ),
  );
  const known = new Map(going.map(one => [one.resource, one]));
  return orderAtGateways(
    hostsAtGateways([...lists.values()], all),
    going.flatMap(({ resource }) => lists.get(resource) ?? []),
    (first, second) => {
      const [one, other] = [known.get(first.resource), known.get(second.resource)];
      return one !== undefined && other !== undefined && comesAfter(one, other);
    },
  );
}

function goingOf(
  resource: AnyResource,
  served: ReadonlyMap<string, readonly string[]>,
  behindWaypoints: ReadonlySet<string>,
): Going {
  const { name, namespace } = resource;
  const named = { resource, name, namespace, turn: undefined };
  if (resource.type !== 'istio.VirtualService' || isDelegate(resource))
    return {
      ...named,
      rank: 2,
      domains: new Set(),
      isInMesh: false,
      meshHosts: new Set(),
      waypointHosts: new Set(),
      carriesRequests: false,
      carriesTcp: false,
      sniHosts: new Set(),
    };
  const { exportTo, gateways = ['mesh'], hosts = [], http = [], tcp = [], tls = [] } = resource.spec;
  const meshHosts = gateways.includes('mesh') ? hosts.map(host => fullName(host, namespace)) : [];
  return {
    ...named,
    rank: resolveExportTo(exportTo, namespace).includes('*') ? 0 : 1,
    domains: domainsOf(resource, served),
    isInMesh: gateways.includes('mesh'),
    meshHosts: new Set(meshHosts),
    waypointHosts: new Set(
      [...behindWaypoints].filter(behind => meshHosts.some(host => isSubsetOfHost(behind, host))),
    ),
    carriesRequests: http.length > 0,
    carriesTcp: tcp.length > 0,
    sniHosts: new Set(
      tls.flatMap(({ match = [] }) => match.flatMap(({ sniHosts = [] }) => sniHosts.map(lowerCaseHost))),
    ),
  };
}

/** Whether one may go only when another is gone. */
function waitsFor(one: Going, other: Going): boolean {
  if (isDelegateOf(one) !== isDelegateOf(other)) return isDelegateOf(one);
  if (one.turn !== undefined && one.turn.among === other.turn?.among)
    return one.turn.number > other.turn.number;
  return !isForOthersInMesh(one, other) && waitsElsewhere(one, other);
}

function isDelegateOf({ rank }: Going): boolean {
  return rank === 2;
}

/**
 * Inside the mesh the one that everybody sees goes first, unless it has a name that a wildcard of the other one covers: that would be
 * left to the wildcard. At gateways exportTo is no reason.
 */
function isForOthersInMesh(one: Going, other: Going): boolean {
  if (one.rank === other.rank || !one.isInMesh || !other.isInMesh) return false;
  return !isUnderWildcard(one.meshHosts, other.meshHosts) && !isUnderWildcard(other.meshHosts, one.meshHosts);
}

/** The same for reasons that have nothing to do with a host that both have at gateways. */
function comesAfter(one: Going, other: Going): boolean {
  if (isForOthersInMesh(one, other)) return one.rank > other.rank;
  // Inside the mesh the older one has precedence, so that the younger one does nothing.
  const isOlder = byAge(one, other) < 0;
  if (isOlder && [...one.meshHosts].some(host => other.meshHosts.has(host))) return true;
  return waitsElsewhere(one, other);
}

function waitsElsewhere(one: Going, other: Going): boolean {
  const isInMesh = one.isInMesh || other.isInMesh;
  const isForRequests = (first: Going, second: Going) =>
    first.carriesRequests &&
    second.carriesRequests &&
    (isInMesh ? waitsInMesh(first, second) : isUnderWildcard(first.domains, second.domains));
  return isForRequests(one, other) || (!isForRequests(other, one) && waitsForConnections(one, other));
}

/** A sidecar gives a wildcard what no closer name has; a waypoint asks all lists, the older first (listener_waypoint.go). */
function waitsInMesh(one: Going, other: Going): boolean {
  const atWaypoints = [one, other].map(({ waypointHosts }) => waypointHosts);
  const [own, others] = atWaypoints;
  if (own !== undefined && others !== undefined && [...own].some(host => others.has(host)))
    return byAge(one, other) < 0;
  return isUnderWildcard(one.meshHosts, other.meshHosts);
}

/**
 * The closest name takes a connection with TLS, and of lists that have it in common the oldest; without TLS the oldest list
 * (gateway.go, buildGatewayNetworkFiltersFromTLSRoutes and buildGatewayNetworkFiltersFromTCPRoutes).
 */
function waitsForConnections(one: Going, other: Going): boolean {
  const isAlike =
    (one.carriesTcp && other.carriesTcp) || [...one.sniHosts].some(name => other.sniHosts.has(name));
  if (isUnderWildcard(one.sniHosts, other.sniHosts)) return true;
  return isAlike && !isUnderWildcard(other.sniHosts, one.sniHosts) && byAge(one, other) < 0;
}

/** Whether a host of one, which the other has not got, is closer than a wildcard of that: it would be left to it. */
function isUnderWildcard(hosts: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  const wildcards = [...others].filter(isWildcard);
  return (
    wildcards.length > 0 &&
    [...hosts].some(host => !others.has(host) && wildcards.some(wildcard => isSubsetOfHost(host, wildcard)))
  );
}

function fullName(host: string, namespace: string): string {
  return lowerCaseHost(completeHost(host, namespace));
}

/** The hosts of each Istio Gateway, by `NAMESPACE/NAME`. */
function servedHosts(resources: readonly AnyResource[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    resources
      .filter(isType('istio.Gateway'))
      .map(({ namespace, name, spec }) => [
        `${namespace}/${name}`,
        (spec.servers ?? []).flatMap(({ hosts }) =>
          hosts.map(host => lowerCaseHost(host.replace(/^.*\//, ''))),
        ),
      ]),
  );
}

function domainsOf(
  { spec, namespace }: VirtualService,
  served: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const { gateways = ['mesh'], hosts = [] } = spec;
  const own = hosts.map(lowerCaseHost);
  const domains = gateways.flatMap(gateway => {
    if (gateway === 'mesh') return [];
    const there = served.get(resolveGateway(gateway, namespace));
    return there === undefined
      ? own
      : there.flatMap(server => own.flatMap(host => intersectHosts(server, host) ?? []));
  });
  return new Set(domains);
}

/** The length of the shortest wildcard of a VirtualService of gateways alone, which goes first. */
function shortestWildcard({ domains, isInMesh }: Going): number {
  const lengths = isInMesh ? [] : [...domains].filter(isWildcard).map(({ length }) => length);
  return Math.min(Number.MAX_SAFE_INTEGER, ...lengths);
}

/**
 * The entries of a VirtualService. An entry that names a delegate is what the delegate makes of it: nothing, where the delegate is
 * not exported to it.
 */
function entriesOf(
  resource: VirtualService,
  delegates: ReadonlyMap<string, VirtualService>,
): readonly istio.HTTPRoute[] {
  return (resource.spec.http ?? []).flatMap((entry, index) =>
    entry.delegate === undefined
      ? [resolveEntry(entry, resource.namespace)]
      : mergeDelegates(
          resource,
          { http: entry, origin: { resource, path: ['spec', 'http', index] } },
          entry.delegate,
          delegates,
        ).map(merged => merged.http),
  );
}
