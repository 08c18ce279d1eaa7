import { groupBy } from '../3-link/group-by.ts';
import { mostSpecificHost } from '../3-link/hostname.ts';
import { isOfUnknownAge } from '../3-link/newest.ts';
import type { SchemeFrom } from '../3-link/trusted-proxies.ts';
import { sampleOf, withoutPort } from './asked-host.ts';
import { type Table, withSchemeOf } from './decide.ts';
import { virtualHostFor, virtualHostRules } from './gateway.ts';
import type { RouteConfiguration, VirtualHost } from './gateway-lists.ts';
import { dependsOnPods, withPodsIn } from './pods-elsewhere.ts';
import type { Vantage } from './vantage.ts';
import type { World } from './world.ts';

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
      const sides = sidesAt(before, after, pair, entrance);
      yield { ...place, ...sides };
      for (const { before: was, after: is } of otherOrders(before, after, pair, entrance))
        yield {
          ...place,
          isOtherOrder: true,
          before: { ...sides.before, ...was },
          after: { ...sides.after, ...is },
        };
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

export function seenFrom(configuration: RouteConfiguration, namespace: string): RouteConfiguration {
  return configuration.proxy.elsewhere.includes(namespace)
    ? configuration.seenFrom(namespace)
    : configuration;
}

/**
 * The rules of a host that new routes have as several lists, in the other orders that these may come in:
 *
 * - by several hostnames, as where a wildcard and a name share the listener of the name: istiod puts those of one hostname after all
 *   those of another by the age of the routes, which nobody knows before they are created
 * - by several Gateways on pods that are kept: istiod puts those of the Gateway that is created first before the others
 *
 * Where nobody knows which of several Istio Gateways on the same pods is older, the lists of today have other orders, too.
 *
 * Any list may be the first that matches a request. So each of them is the first once.
 *
 * @returns nothing where the order is known, or routes were there before
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/route_collections.go, mergeHTTPRoutes
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
function otherOrders(
  before: World,
  after: World,
  { before: left, after: right }: GatewayPair,
  { scheme, portBefore, portAfter, host }: Entrance,
): readonly { readonly [side in 'before' | 'after']?: Pick<Table, 'rules'> }[] {
  const name = sampleOf(host);
  const made = virtualHostFor(right, portAfter, scheme, name);
  if (made === undefined) return [];
  const { lists } = made.virtualHost;
  const isNew = ({ list: { semantics, resource } }: ServedList) =>
    semantics === 'gateway' && isOfUnknownAge(resource);
  if (lists.length === 0 || !lists.every(isNew)) return [];
  const found = virtualHostFor(left, portBefore, scheme, name);
  const today = found?.virtualHost.lists ?? [];
  if (today.some(({ list }) => list.semantics === 'gateway')) return [];
  const ofRoutes = eachFirst(lists.map(list => [list])).map(order => ({
    after: { rules: virtualHostRules(after, made.configuration, order, name) },
  }));
  const gateways = [...groupBy(today, ({ server }) => server.gateway).values()];
  if (found === undefined || areAgesKnown(gateways)) return ofRoutes;
  const ofToday = eachFirst(gateways).map(order => ({
    before: { rules: virtualHostRules(before, found.configuration, order, name) },
  }));
  return [...ofRoutes, ...ofToday];
}

type ServedList = VirtualHost['lists'][number];

/** @returns orders in which each part but the first, which is so already, comes before all others */
function eachFirst(parts: readonly (readonly ServedList[])[]): readonly (readonly ServedList[])[] {
  return parts.slice(1).map(first => [first, ...parts.filter(part => part !== first)].flat());
}

function areAgesKnown(gateways: readonly (readonly ServedList[])[]): boolean {
  const ages = gateways.map(([one]) => one?.server.resource.metadata.creationTimestamp);
  return gateways.length < 2 || ages.every(age => age !== undefined);
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
