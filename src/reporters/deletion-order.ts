import { type AnyResource, isType } from '../2-decode/resource.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import { mergeDelegates } from '../3-link/delegates.ts';
import { completeHost, lowerCaseHost, resolveGateway } from '../3-link/host.ts';
import { hostsOverlap, intersectHosts, isWildcard } from '../3-link/hostname.ts';
import { delegatesByName } from '../3-link/resolve-virtual-services.ts';
import {
  byAge,
  isDelegate,
  resolveEntry,
  resolveExportTo,
  type VirtualService,
} from '../3-link/virtual-services.ts';
import type { Conversion } from '../conversion.ts';
import type * as istio from '../istio/index.ts';

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
  readonly carriesRequests: boolean;
  readonly carriesConnections: boolean;
  /** The action of its entry for every request, as text; undefined where it has none. */
  readonly rest: string | undefined;
  /** Whether entries for some requests only come before that one. */
  readonly takesSome: boolean;
}

/**
 * VirtualServices in an order in which each can go by itself: first those that others come before today, so that whoever is
 * left decides as before, or the routes do. The younger ones go before the older, and what everybody sees before what some
 * namespaces see; a delegate goes after all who name it.
 *
 * @param going the VirtualServices
 * @param resources all of the conversion
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, SelectVirtualServices
 */
export function inOrderOfDeletion(
  going: readonly AnyResource[],
  resources: Conversion['resources'],
): readonly AnyResource[] {
  const all = resources.map(({ resource }) => resource);
  const delegates = delegatesByName(all.filter(isType('istio.VirtualService')));
  const served = servedHosts(all);
  const left = going
    .map(resource => goingOf(resource, delegates, served))
    .toSorted(
      (a, b) =>
        a.rank - b.rank ||
        shortestWildcard(a) - shortestWildcard(b) ||
        Number(restOfGateway(b)) - Number(restOfGateway(a)) ||
        byAge(b, a),
    );
  const result: AnyResource[] = [];
  while (left.length > 0) {
    const free = left.findIndex(one => left.every(other => other === one || !waitsFor(one, other)));
    result.push(...left.splice(Math.max(0, free), 1).map(({ resource }) => resource));
  }
  return result;
}

function goingOf(
  resource: AnyResource,
  delegates: ReadonlyMap<string, VirtualService>,
  served: ReadonlyMap<string, readonly string[]>,
): Going {
  const { name, namespace } = resource;
  const named = { resource, name, namespace };
  if (resource.type !== 'istio.VirtualService' || isDelegate(resource))
    return {
      ...named,
      rank: 2,
      domains: new Set(),
      isInMesh: false,
      meshHosts: new Set(),
      carriesRequests: false,
      carriesConnections: false,
      rest: undefined,
      takesSome: false,
    };
  const { exportTo, gateways = ['mesh'], hosts = [], http = [], tcp = [], tls = [] } = resource.spec;
  const entries = entriesOf(resource, delegates);
  const whole = entries.findIndex(isForAll);
  const rest = entries[whole];
  return {
    ...named,
    rank: resolveExportTo(exportTo, namespace).includes('*') ? 0 : 1,
    domains: domainsOf(resource, served),
    isInMesh: gateways.includes('mesh'),
    meshHosts: new Set(gateways.includes('mesh') ? hosts.map(host => fullName(host, namespace)) : []),
    carriesRequests: http.length > 0,
    carriesConnections: tcp.length + tls.length > 0,
    rest: rest === undefined ? undefined : actionOf(rest),
    takesSome: whole > 0,
  };
}

/** Whether one may go only when another is gone. */
function waitsFor(one: Going, other: Going): boolean {
  if (one.rank !== other.rank) return false;
  if (one.carriesRequests && other.carriesRequests)
    return one.isInMesh || other.isInMesh
      ? isUnderWildcard(one.meshHosts, other.meshHosts)
      : waitsAtGateway(one, other);
  // The oldest list that fits takes a connection (gateway.go, buildGatewayNetworkFiltersFromTCPRoutes).
  return one.carriesConnections && other.carriesConnections && byAge(one, other) < 0;
}

/**
 * At gateways the lists of a domain are one, and in it an entry for every request is the last (route.go, SortVHostRoutes): what
 * others matched would be left to it. A wildcard would take the requests of a closer domain that is gone.
 */
function waitsAtGateway(one: Going, other: Going): boolean {
  for (const domain of one.domains) {
    if (!other.domains.has(domain)) continue;
    if (takesTheRest(one) !== takesTheRest(other)) return takesTheRest(other);
    // Where both do the same with the rest, the one with nothing else leaves all as it is.
    if (takesTheRest(one) && one.rest === other.rest && one.takesSome !== other.takesSome)
      return one.takesSome;
    return byAge(one, other) < 0;
  }
  return isUnderWildcard(one.domains, other.domains);
}

/** Whether a host of one is closer than a wildcard of another that covers it: it would be left to that. */
function isUnderWildcard(hosts: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  const wildcards = [...others].filter(isWildcard);
  return (
    wildcards.length > 0 &&
    [...hosts].some(host =>
      wildcards.some(wildcard => wildcard.length < host.length && hostsOverlap(wildcard, host)),
    )
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

function restOfGateway(one: Going): boolean {
  return takesTheRest(one) && !one.isInMesh;
}

function takesTheRest({ rest }: Going): boolean {
  return rest !== undefined;
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

function isForAll({ match = [] }: istio.HTTPRoute): boolean {
  return match.length === 0 || match.some(takesAll);
}

function actionOf({ match: _match, name: _name, ...action }: istio.HTTPRoute): string {
  return canonicalJson(action);
}

function takesAll({ uri, name: _name, ...conditions }: istio.HTTPMatchRequest): boolean {
  const isEverywhere = uri === undefined || uri.prefix === '/' || Object.keys(uri).length === 0;
  return Object.keys(conditions).length === 0 && isEverywhere;
}
