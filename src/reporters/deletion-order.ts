import { type AnyResource, isType, nameKey } from '../2-decode/resource.ts';
import { completeHost, lowerCaseHost } from '../3-link/host.ts';
import { isSubsetOfHost, isWildcard } from '../3-link/hostname.ts';
import { byAge, isDelegate, resolveExportTo } from '../3-link/virtual-services.ts';
import type { Conversion } from '../conversion.ts';
import { missingGateways } from '../semantics/stand-ins.ts';
import { buildWorld } from '../semantics/world.ts';
import { changesOnTheWay, type Interval, orderAtOldPods, type Turns } from './deletion-at-gateways.ts';
import { type Arrival, arrivalsAtOldPods } from './old-pods.ts';

/** A VirtualService that goes, and where it has a say. */
interface Going {
  readonly resource: AnyResource;
  readonly name: string;
  readonly namespace: string;
  /** Later ones are kept for longer, whatever else is so. */
  readonly rank: number;
  /** The wildcards at gateways; none inside the mesh. */
  readonly wildcards: readonly string[];
  readonly isInMesh: boolean;
  /** Full names; none at gateways alone. */
  readonly meshHosts: ReadonlySet<string>;
  /** The hosts of Services whose waypoint decides, by name or under a wildcard. */
  readonly waypointHosts: ReadonlySet<string>;
  readonly carriesRequests: boolean;
  readonly carriesTcp: boolean;
  /** The names that connections with TLS are taken for. */
  readonly sniHosts: ReadonlySet<string>;
  /** Where it goes among those that have a say at old pods about the same requests, and which these are. */
  readonly turn: Turn | undefined;
}

interface Turn {
  readonly among: Turns;
  readonly number: number;
}

/** VirtualServices in the order in which they are deleted. */
export interface DeletionOrder {
  readonly resources: readonly AnyResource[];
  /** The requests that old pods treat otherwise on the way, although this order changes the fewest. */
  readonly changes: readonly Interval[];
}

/**
 * VirtualServices in an order in which each can go by itself: first those that others come before today, so that whoever is
 * left decides as before, or the routes do. The younger ones go before the older, and what everybody sees before what some
 * namespaces see; a delegate goes after all who name it.
 *
 * At old pods, where hosts are shared, each state on the way is tried out on requests and connections.
 *
 * @param going the VirtualServices
 * @param conversion what it was made of, and the routes that it makes
 * @param usesRunningPods whether the new Gateways are served by the old pods: then Istio Gateways go first
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, SelectVirtualServices
 */
export function inOrderOfDeletion(
  going: readonly AnyResource[],
  conversion: Conversion,
  usesRunningPods: boolean,
): DeletionOrder {
  const behindWaypoints = new Set(
    conversion.outputs.flatMap(({ scopes = [] }) =>
      scopes.flatMap(scope =>
        scope.kind === 'mesh' && scope.dataPlane === 'ambient' ? [scope.service.host] : [],
      ),
    ),
  );
  const sorted = going
    .map(resource => goingOf(resource, behindWaypoints))
    .toSorted((a, b) => a.rank - b.rank || shortestWildcard(a) - shortestWildcard(b) || byAge(b, a));
  const arrivals = arrivalsOf(going, conversion, usesRunningPods);
  const known = new Map(sorted.map(one => [one.resource, one]));
  const groups = orderAtOldPods(
    arrivals,
    sorted.map(({ resource }) => resource),
    (first, second) => {
      const [one, other] = [known.get(first), known.get(second)];
      return one !== undefined && other !== undefined && comesAfterInMesh(one, other);
    },
  );
  const turns = new Map(
    groups.flatMap(among => among.map((resource, number) => [resource, { among, number }] as const)),
  );
  const left = sorted.map(one => ({ ...one, turn: turns.get(one.resource) }));
  const resources: AnyResource[] = [];
  while (left.length > 0) {
    const free = left.findIndex(one => left.every(other => other === one || !waitsFor(one, other)));
    resources.push(...left.splice(Math.max(0, free), 1).map(({ resource }) => resource));
  }
  return { resources, changes: changesOnTheWay(arrivals, resources) };
}

/** Where several VirtualServices have a say at old pods, with all that is there when the first of them goes. */
function arrivalsOf(
  going: readonly AnyResource[],
  { resources, surroundings, outputs, removed }: Conversion,
  usesRunningPods: boolean,
): readonly Arrival[] {
  if (!going.some(isAtGateway)) return [];
  const isGone = ({ type, namespace, name }: { type: string; namespace: string; name: string }) =>
    usesRunningPods && gatewaysGone.has(`${type} ${namespace}/${name}`);
  const gatewaysGone = new Set(
    [...removed].flatMap(({ type, namespace, name }) =>
      type === 'istio.Gateway' ? [`${type} ${namespace}/${name}`] : [],
    ),
  );
  const all = [...resources.map(({ resource }) => resource), ...surroundings, ...going];
  const made = usesRunningPods ? outputs.map(({ resource }) => resource) : [];
  // Environments have objects of the same name; those that go by it count.
  const there = [...new Map([...all, ...made].map(one => [nameKey(one), one])).values()].filter(
    one => !isGone(one),
  );
  const absent = missingGateways(there, (type, key) => usesRunningPods && gatewaysGone.has(`${type} ${key}`));
  const leaving = new Set(going);
  return arrivalsAtOldPods(buildWorld([...there, ...absent], { otherSide: there }), resource =>
    leaving.has(resource),
  );
}

function isAtGateway(resource: AnyResource): boolean {
  return (
    isType('istio.VirtualService')(resource) &&
    (resource.spec.gateways ?? []).some(gateway => gateway !== 'mesh')
  );
}

function goingOf(resource: AnyResource, behindWaypoints: ReadonlySet<string>): Going {
  const { name, namespace } = resource;
  const named = { resource, name, namespace, turn: undefined };
  if (resource.type !== 'istio.VirtualService' || isDelegate(resource))
    return {
      ...named,
      rank: 2,
      wildcards: [],
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
    wildcards: gateways.includes('mesh') ? [] : hosts.map(lowerCaseHost).filter(isWildcard),
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
  return !isForOthersInMesh(one, other) && waitsInMesh(one, other);
}

function isDelegateOf({ rank }: Going): boolean {
  return rank === 2;
}

/**
 * Inside the mesh the one that everybody sees goes first, unless it has a name that a wildcard of the other one covers: that would be
 * left to the wildcard.
 */
function isForOthersInMesh(one: Going, other: Going): boolean {
  if (one.rank === other.rank || !one.isInMesh || !other.isInMesh) return false;
  return !isUnderWildcard(one.meshHosts, other.meshHosts) && !isUnderWildcard(other.meshHosts, one.meshHosts);
}

/** Whether one may go only when another is gone, of those that have a say about the same requests at old pods. */
function comesAfterInMesh(one: Going, other: Going): boolean {
  if (!one.isInMesh || !other.isInMesh) return false;
  if (isForOthersInMesh(one, other)) return one.rank > other.rank;
  return takesPrecedence(one, other) || waitsInMesh(one, other);
}

function waitsInMesh(one: Going, other: Going): boolean {
  if (!one.isInMesh || !other.isInMesh) return false;
  const isForRequests = (first: Going, second: Going) =>
    first.carriesRequests && second.carriesRequests && waitsForRequests(first, second);
  return isForRequests(one, other) || (!isForRequests(other, one) && waitsForConnections(one, other));
}

/** A sidecar gives a wildcard what no closer name has; a waypoint asks all lists, the older first (listener_waypoint.go). */
function waitsForRequests(one: Going, other: Going): boolean {
  const atWaypoints = [one, other].map(({ waypointHosts }) => waypointHosts);
  const [own, others] = atWaypoints;
  if (own !== undefined && others !== undefined && [...own].some(host => others.has(host)))
    return byAge(one, other) < 0;
  if (isUnderWildcard(one.meshHosts, other.meshHosts)) return true;
  return takesPrecedence(one, other) && !isUnderWildcard(other.meshHosts, one.meshHosts);
}

/** The older one has precedence for a host that both have, so that the younger one does nothing there. */
function takesPrecedence(one: Going, other: Going): boolean {
  return byAge(one, other) < 0 && [...one.meshHosts].some(host => other.meshHosts.has(host));
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

/** The length of the shortest wildcard of a VirtualService of gateways alone, which goes first. */
function shortestWildcard({ wildcards }: Going): number {
  return Math.min(Number.MAX_SAFE_INTEGER, ...wildcards.map(({ length }) => length));
}
