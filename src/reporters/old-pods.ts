import type { AnyResource } from '../2-decode/resource.ts';
import type { GatewayProxy } from '../3-link/gateways/gateway-servers.ts';
import { groupBy } from '../3-link/group-by.ts';
import { isSubsetOfHost, isWildcard } from '../3-link/hostname.ts';
import { memoised, once } from '../3-link/memoised.ts';
import { sampleOf } from '../semantics/asked-host.ts';
import { rulesAt } from '../semantics/connection-vantages.ts';
import { type Decision, outcomeOf, type Table } from '../semantics/decide.ts';
import { describeRequest } from '../semantics/describe.ts';
import { explore } from '../semantics/explore.ts';
import { virtualHostFor, virtualHostRules } from '../semantics/gateway.ts';
import { type RouteConfiguration, type VirtualHost, virtualHosts } from '../semantics/gateway-lists.ts';
import { isCatchAll } from '../semantics/match.ts';
import type { Outcome } from '../semantics/outcome.ts';
import { connectionsDependOnPods, dependsOnPods } from '../semantics/pods-elsewhere.ts';
import { type Address, requestFrom } from '../semantics/request.ts';
import type { RouteList } from '../semantics/route-list.ts';
import type { World } from '../semantics/world.ts';
import { type Arrival, connectionArrival, type IsThere, mostSorts, nothing, told } from './arrivals.ts';

/**
 * The arrivals at pods of Istio Gateways where several VirtualServices have a say, one of which goes. The model of istiod is the one
 * of the proof.
 *
 * @param world with all VirtualServices, those that go included
 */
export function arrivalsAtOldPods(
  world: World,
  goes: (resource: AnyResource) => boolean,
): readonly Arrival[] {
  const proxies = world.gateways.proxies.filter(({ servers }) =>
    servers.some(({ resource }) => resource.type === 'istio.Gateway'),
  );
  const found = proxies.flatMap(proxy => [...ofRequests(world, proxy), ...ofConnections(world, proxy)]);
  return found.filter(({ virtualServices }) => virtualServices.length > 1 && virtualServices.some(goes));
}

type Entry = VirtualHost['lists'][number];

/** A virtual host that may take the requests for a host: the first of these that is there does. */
interface Level {
  readonly entries: readonly Entry[];
  /** Whether it is there without any list, and sends everything to https. */
  readonly redirects: boolean;
  /** Those of its entries with which it sends everything to https. */
  readonly redirecting: ReadonlySet<Entry>;
}

function ofRequests(world: World, proxy: GatewayProxy): readonly Arrival[] {
  const configurations = world.gateways.configurations.get(proxy.id) ?? [];
  return configurations.flatMap(configuration => {
    const { scheme, ports } = configuration;
    const [port] = ports;
    if (port === undefined) return [];
    const isTaken = (host: string) =>
      virtualHostFor(configurations, port, scheme, host)?.configuration === configuration;
    return arrivalsOf(world, configuration, port, isTaken);
  });
}

function arrivalsOf(
  world: World,
  configuration: RouteConfiguration,
  port: number,
  isTaken: (host: string) => boolean,
): readonly Arrival[] {
  const { virtualHosts: all, proxy, scheme } = configuration;
  const wildcards = [...all.keys()].filter(isWildcard).toSorted((a, b) => b.length - a.length);
  return [...all.keys()].flatMap(domain => {
    const host = sampleOf(domain);
    const domains = [...new Set([domain, ...wildcards.filter(wildcard => isSubsetOfHost(host, wildcard))])];
    const lists = domains.flatMap(one => all.get(one)?.lists ?? []);
    const resources = new Set(lists.map(({ list }) => list.resource as AnyResource));
    if (resources.size < 2 || !isTaken(host)) return [];
    const places = [
      configuration,
      ...(lists.some(({ list }) => dependsOnPods(world, list, proxy.namespace))
        ? proxy.elsewhere.map(namespace => configuration.seenFrom(namespace))
        : []),
    ];
    return places.map(place =>
      arrivalOf(world, place, { scheme, host, port }, { domain, domains, resources: [...resources] }),
    );
  });
}

function arrivalOf(
  world: World,
  configuration: RouteConfiguration,
  address: Address,
  {
    domain,
    domains,
    resources,
  }: {
    readonly domain: string;
    readonly domains: readonly string[];
    readonly resources: readonly AnyResource[];
  },
): Arrival {
  const known = once(() => {
    const levels = levelsOf(world, configuration, domains);
    const entries = [...new Set(levels.flatMap(level => level.entries))];
    const tables = entries.map(
      ({ list, server }): Table => ({
        rules: virtualHostRules(world, configuration, [{ list, server }], address.host),
        fallback: undefined,
        httpsRedirect: false,
      }),
    );
    const { witnesses } = explore(tables, mostSorts, undefined, new Map([['scheme', address.scheme]]));
    const sorts = witnesses.map(({ probe, decisions }) => {
      const request = requestFrom(probe, address);
      const taken = new Map<Entry, { readonly outcome: Outcome; readonly isRest: boolean }>();
      for (const [index, entry] of entries.entries()) {
        const [table, decision] = [tables[index], decisions[index]];
        if (table === undefined || decision?.rule === undefined) continue;
        taken.set(entry, {
          outcome: outcomeAt(table, decision, request),
          isRest: isCatchAll(decision.rule.match),
        });
      }
      const redirect: Outcome = outcomeOf(
        { rules: [], fallback: undefined, httpsRedirect: true },
        { rule: undefined },
        request,
      );
      return { example: describeRequest(request), taken, redirect };
    });
    return { levels, sorts };
  });
  const outcomes = (isThere: IsThere) => {
    const level = known()
      .levels.map(({ entries, ...rest }) => ({
        ...rest,
        entries: entries.filter(({ list }) => isThere(list.resource as AnyResource)),
      }))
      .find(({ entries, redirects }) => entries.length > 0 || redirects);
    const isRedirected =
      address.scheme === 'http' &&
      level !== undefined &&
      (level.redirects || level.entries.some(entry => level.redirecting.has(entry)));
    return known().sorts.map(({ taken, redirect }) => {
      if (isRedirected) return redirect;
      const takers = (level?.entries ?? []).flatMap(entry => taken.get(entry) ?? []);
      // Catch-alls of merged lists come last (route.go, SortVHostRoutes).
      return (takers.find(({ isRest }) => !isRest) ?? takers[0])?.outcome ?? nothing;
    });
  };
  return {
    at: 'old pods',
    virtualServices: resources,
    before: () => outcomes(() => true),
    outcomes,
    sorts: () => known().sorts.map(({ example }) => ({ host: domain, example })),
  };
}

/** The virtual hosts for some domains, the closest first; each list brings its own part, whatever others there are. */
function levelsOf(
  { gateways: { byBinding } }: World,
  { proxy, servers, virtualHosts: all }: RouteConfiguration,
  domains: readonly string[],
): readonly Level[] {
  const isRedirecting = servers.some(({ httpsRedirect }) => httpsRedirect);
  const gateways = [...new Set(servers.map(({ gateway }) => gateway))];
  const withOnly = memoised((list: RouteList | undefined) => {
    const bound = gateways.filter(gateway => list !== undefined && byBinding.get(gateway)?.includes(list));
    return virtualHosts(
      new Map(bound.map(gateway => [gateway, list === undefined ? [] : [list]])),
      proxy,
      servers,
    );
  });
  const redirectsWith = (list: RouteList | undefined, domain: string) =>
    isRedirecting && withOnly(list).get(domain)?.httpsRedirect === true;
  return domains.map(domain => {
    const entries = all.get(domain)?.lists ?? [];
    return {
      entries,
      redirects: redirectsWith(undefined, domain),
      redirecting: new Set(entries.filter(({ list }) => redirectsWith(list, domain))),
    };
  });
}

/** The ports at which a proxy passes connections on; all that arrives at one of them is looked at together. */
function ofConnections(world: World, proxy: GatewayProxy): readonly Arrival[] {
  const passing = proxy.servers.filter(({ protocol }) => protocol === 'tcp' || protocol === 'tls');
  return [...groupBy(passing, ({ listensOn }) => listensOn).values()].flatMap(servers => {
    const port = servers[0]?.port;
    const { byBinding } = world.connectionIndex;
    const own = [...new Set(servers.map(({ gateway }) => gateway))].map(
      gateway => [gateway, byBinding.get(gateway) ?? []] as const,
    );
    const lists = [...new Set(own.flatMap(([, bound]) => bound))];
    const resources = [...new Set(lists.map(({ resource }) => resource as AnyResource))];
    if (resources.length < 2 || port === undefined) return [];
    const depends = lists.some(list => connectionsDependOnPods(world, list, proxy.namespace));
    return [proxy.namespace, ...(depends ? proxy.elsewhere : [])].map((namespace): Arrival => {
      const rulesWith = (isThere: IsThere) => {
        const left = new Map(
          own.map(([gateway, bound]) => [
            gateway,
            bound.filter(({ resource }) => isThere(resource as AnyResource)),
          ]),
        );
        const there = { ...world, connectionIndex: { ...world.connectionIndex, byBinding: left } };
        return rulesAt(there, { parts: [{ namespace, servers }] });
      };
      return connectionArrival({ at: 'old pods', virtualServices: resources, port }, `port ${port}`, {
        all: () => rulesWith(() => true),
        before: () => rulesWith(() => true),
        with: rulesWith,
      });
    });
  });
}

function outcomeAt(table: Table, decision: Decision, request: Parameters<typeof outcomeOf>[2]): Outcome {
  return told(outcomeOf(table, decision, request));
}
