import { mostSpecificHost } from '../3-link/hostname.ts';
import type { SchemeFrom } from '../3-link/trusted-proxies.ts';
import { sampleOf, withoutPort } from './asked-host.ts';
import { type Table, withSchemeOf } from './decide.ts';
import { virtualHostFor, virtualHostRules } from './gateway.ts';
import type { RouteConfiguration } from './gateway-lists.ts';
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
      const turned = inOtherOrder(after, pair, entrance);
      if (turned !== undefined)
        yield { ...place, before: sides.before, after: { ...sides.after, ...turned } };
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
 * The rules of a host that new routes have by several hostnames, as where a wildcard and a name share the listener of the name: istiod
 * puts those of one hostname after all those of another by the age of the routes, which nobody knows before they are created.
 *
 * @returns the rules in the other order; undefined where the order is known, or routes were there before
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/route_collections.go, mergeHTTPRoutes
 */
function inOtherOrder(
  after: World,
  { before: left, after: right }: GatewayPair,
  { scheme, portBefore, portAfter, host }: Entrance,
): Pick<Table, 'rules'> | undefined {
  const found = virtualHostFor(right, portAfter, scheme, sampleOf(host));
  if (found === undefined) return undefined;
  const { lists } = found.virtualHost;
  const isNew = ({ list: { semantics, resource } }: (typeof lists)[number]) =>
    semantics === 'gateway' && resource.metadata.creationTimestamp === undefined;
  if (lists.length < 2 || !lists.every(isNew)) return undefined;
  const today = virtualHostFor(left, portBefore, scheme, sampleOf(host))?.virtualHost.lists ?? [];
  if (today.some(({ list }) => list.semantics === 'gateway')) return undefined;
  return { rules: virtualHostRules(after, found.configuration, lists.toReversed(), sampleOf(host)) };
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
