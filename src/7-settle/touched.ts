import { type AnyResource, type AnyRoute, isRoute, isType } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { completeHost, lowerCaseHost, serviceHost } from '../3-link/host.ts';
import { hostAliases } from '../3-link/host-aliases.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { memoised } from '../3-link/memoised.ts';
import { backendsOf } from '../3-link/route-backends.ts';
import { rulesInAnyNamespace } from '../3-link/subsets/destination-rules.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Output } from '../6-emit/edit.ts';
import type { Touched } from '../semantics/places.ts';
import { meshParentHosts } from '../semantics/route-list.ts';
import type { Changes } from './changes.ts';
import { proxyKeysOf } from './conversion-vantages.ts';
import { type UncoveredHost, uncoveredHosts } from './uncovered-hosts.ts';
import { scopesOfUnit, type Unit } from './unit.ts';

/** Objects that are looked up for one group after the other, found without going through everything each time. */
export interface Neighbours {
  /** The VirtualServices that send requests or connections to a host, whoever converts. */
  readonly sendersTo: (host: string) => readonly ResolvedVirtualService[];
  /** The routes of the Gateway API that send requests or connections to a Service, by its full name. */
  readonly routesTo: (host: string) => readonly AnyRoute[];
  /** The hosts of a ServiceEntry. */
  readonly entryHosts: (namespace: string, name: string) => readonly string[];
  /** The hosts that lead to another one. */
  readonly aliasesOf: (host: string) => readonly string[];
  /** The hosts that an Istio Gateway leaves to others of its pods, if it goes. */
  readonly uncoveredBy: (gateway: string) => readonly UncoveredHost[];
}

/**
 * Makes the indexes that `touchedBy` reads, each when it is first asked for.
 *
 * @param gone the objects that give way: none if nobody says otherwise
 */
export function neighboursOf(facts: Facts, gone: Changes['gone'] = new Set()): Neighbours {
  const { virtualServices, resources } = facts;
  let senders: ReadonlyMap<string, readonly ResolvedVirtualService[]> | undefined;
  let routes: ReadonlyMap<string, readonly AnyRoute[]> | undefined;
  let entries: ReadonlyMap<string, readonly string[]> | undefined;
  let aliases: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    sendersTo: host => {
      senders ??= groupByEach(virtualServices, vs => new Set(destinationsOf(vs).map(one => one.host)));
      return senders.get(host) ?? [];
    },
    routesTo: host => {
      routes ??= groupByEach(
        resources.filter(isRoute),
        route =>
          new Set(
            backendsOf(route).map(({ namespace = route.namespace, name }) =>
              serviceHost({ namespace, name }),
            ),
          ),
      );
      return routes.get(host) ?? [];
    },
    entryHosts: (namespace, name) => {
      entries ??= new Map(
        resources
          .filter(isType('istio.ServiceEntry'))
          .map(entry => [`${entry.namespace}/${entry.name}`, entry.spec.hosts.map(lowerCaseHost)]),
      );
      return entries.get(`${namespace}/${name}`) ?? [];
    },
    aliasesOf: host => {
      aliases ??= hostAliases(resources);
      return aliases.get(host) ?? [];
    },
    uncoveredBy: memoised(key => {
      const gateway = facts.istioGateways.get(key);
      return gateway !== undefined && gone.has(gateway.resource) ? uncoveredHosts(facts, gateway, gone) : [];
    }),
  };
}

/**
 * Everything that the conversion of a group touches: the hosts of its VirtualServices, whether translated or not; those
 * that its routes take, such as the other hosts of a ServiceEntry; and the clients of DestinationRules that go and leave
 * their place to others.
 *
 * @param borrowedOf the hosts that need clusters for a destination from lists for other hosts
 */
export function touchedBy(
  facts: Facts,
  changes: Changes,
  members: readonly Unit[],
  outputs: readonly Output[],
  { sendersTo, routesTo, entryHosts, aliasesOf, uncoveredBy }: Neighbours,
  borrowedOf: (destination: string) => readonly string[],
): Touched {
  const meshHosts = new Set<string>();
  const gatewayHosts = new Set<string>();
  const gateways = new Set<string>();
  const add = ({ hosts, gateways: bound }: ResolvedVirtualService) => {
    for (const gateway of bound) {
      if (gateway === 'mesh') for (const host of hosts) meshHosts.add(host);
      else gateways.add(gateway);
    }
    if (bound.some(gateway => gateway !== 'mesh')) for (const host of hosts) gatewayHosts.add(host);
  };
  const addRoute = (route: AnyRoute) => {
    for (const host of parentHosts(route, entryHosts)) meshHosts.add(host);
    const parents = (route.spec.parentRefs ?? []).filter(({ kind = 'Gateway' }) => kind === 'Gateway');
    if (parents.length === 0) return;
    for (const { namespace = route.namespace, name } of parents) gateways.add(`${namespace}/${name}`);
    const hostnames = 'hostnames' in route.spec ? (route.spec.hostnames ?? []) : [];
    for (const hostname of hostnames.length === 0 ? ['*'] : hostnames) gatewayHosts.add(hostname);
  };
  for (const unit of members) {
    add(unit.vs);
    for (const scope of scopesOfUnit(unit))
      if (scope.kind === 'gateway') for (const key of proxyKeysOf(scope.target)) gateways.add(key);
  }
  for (const { gateway, host } of [...gateways].flatMap(uncoveredBy)) {
    gateways.add(gateway);
    gatewayHosts.add(host);
  }
  const own = new Set(meshHosts);
  // Those who send to the pods of a gateway depend on what it serves.
  for (const key of [...gateways])
    for (const host of podHosts(facts, key)) {
      const aliases = aliasesOf(host);
      for (const alias of aliases) meshHosts.add(alias);
      for (const name of [host, ...aliases]) {
        for (const vs of sendersTo(name)) add(vs);
        for (const route of routesTo(name)) addRoute(route);
      }
    }
  for (const { resource } of outputs)
    for (const host of [...parentHosts(resource, entryHosts), ...ruledHosts(facts, resource)]) {
      own.add(host);
      meshHosts.add(host);
    }
  for (const host of clearedHosts(facts, changes, members)) {
    meshHosts.add(host);
    for (const vs of sendersTo(host)) add(vs);
    for (const route of routesTo(host)) addRoute(route);
  }
  for (const destination of allDestinations(members, outputs))
    for (const host of borrowedOf(destination)) meshHosts.add(host);
  const dependsOnly = (host: string) => !own.has(host) && ![...own].some(other => hostsOverlap(other, host));
  return { meshHosts, gatewayHosts, gateways, dependsOnly };
}

/** The destinations of lists that go or come, by full names. */
function allDestinations(members: readonly Unit[], outputs: readonly Output[]): ReadonlySet<string> {
  return new Set([
    ...members.flatMap(({ vs }) => destinationsOf(vs).map(({ host }) => host)),
    ...outputs.flatMap(({ resource }) =>
      backendsOf(resource).map(({ namespace = resource.namespace, kind, name }) =>
        kind === 'Hostname' ? name : serviceHost({ namespace, name }),
      ),
    ),
  ]);
}

/** A new DestinationRule for a Service that is there already. */
function ruledHosts({ registry }: Facts, rule: AnyResource): readonly string[] {
  if (rule.type !== 'istio.DestinationRule') return [];
  const host = completeHost(rule.spec.host, rule.namespace);
  return registry.byHost.has(host) ? [host] : [];
}

function podHosts({ istioGateways }: Facts, key: string): ReadonlySet<string> {
  return new Set(istioGateways.get(key)?.ways.map(({ service }) => serviceHost(service)));
}

/** @returns the hosts inside the mesh that a route is for, for requests and connections alike; none of another object */
export function parentHosts(route: AnyResource, entryHosts: Neighbours['entryHosts']): readonly string[] {
  if (!isRoute(route)) return [];
  return (route.spec.parentRefs ?? []).flatMap(parent =>
    meshParentHosts(parent, route.namespace, entryHosts),
  );
}

/** Hosts of DestinationRules that go, as far as another one takes their place. */
function clearedHosts(
  { destinationRules }: Facts,
  { gone }: Changes,
  members: readonly Unit[],
): ReadonlySet<string> {
  const cleared = new Set<string>();
  if (destinationRules.byHost.size === 0) return cleared;
  const destinations = new Set(members.flatMap(({ vs }) => destinationsOf(vs).map(({ host }) => host)));
  for (const destination of destinations) {
    const rules = rulesInAnyNamespace(destinationRules, destination);
    if (rules.length < 2) continue;
    for (const rule of rules) if (gone.has(rule)) cleared.add(completeHost(rule.spec.host, rule.namespace));
    if (rules.some(rule => gone.has(rule))) cleared.add(destination);
  }
  return cleared;
}
