import { foreignPorts, nameAlone } from '../3-link/foreign-ports.ts';
import { hostsOverlap, isWildcard } from '../3-link/hostname.ts';
import { findService, type MeshService } from '../3-link/registry.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import { selectorOf } from '../3-link/sidecars.ts';
import { exportToOfRule, rulesInAnyNamespace } from '../3-link/subsets/destination-rules.ts';
import { httpDestinations } from '../3-link/subsets/destinations.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import type { MeshProxy } from './mesh.ts';
import type { RouteList } from './route-list.ts';
import type { World } from './world.ts';

export const noPorts: ReadonlySet<number> = new Set();

/** Where a list is for the name of a Service for clients that do not know the Service. */
export function namedPortsOf(
  worlds: readonly World[],
  service: MeshService,
  lists: readonly RouteList[],
): ReadonlySet<number> {
  const isKnownToAll =
    (service.exportTo?.includes('*') ?? true) && worlds.every(({ mesh }) => mesh.sidecars.all.length === 0);
  return isKnownToAll
    ? noPorts
    : new Set(foreignPortsOf(worlds, nameAlone(service), lists).map(({ number }) => number));
}

export function foreignPortsOf(
  worlds: readonly World[],
  service: MeshService,
  lists: readonly RouteList[],
): ReturnType<typeof foreignPorts> {
  return worlds.flatMap(({ httpPorts }) => lists.flatMap(list => foreignPorts(httpPorts, service, list)));
}

export type Labels = Readonly<Record<string, string>>;

/** All lists that name a Service or cover it by a wildcard, whoever sees them. */
export function listsFor({ mesh }: World, { host }: MeshService): readonly RouteList[] {
  const covering = mesh.wildcards.filter(({ hosts }) =>
    hosts.some(wildcard => isWildcard(wildcard) && hostsOverlap(wildcard, host)),
  );
  return [...new Set([...(mesh.byHost.get(host) ?? []), ...covering])];
}

/** A Service that nobody showed us has the ports that somebody names; without any, one that stands for all. */
export function portsOf(service: MeshService, lists: readonly RouteList[]): readonly number[] {
  const known = service.ports.filter(({ protocol }) => carriesHttp(protocol)).map(({ number }) => number);
  if (!service.assumed) return known;
  const named = new Set<number>();
  for (const { entries } of lists) for (const { http } of entries) addPorts(named, http, service.host);
  if (named.size > 0) return [...named].sort((a, b) => a - b);
  return known.length > 0 ? known : [80];
}

/** Adds the ports that matches and destinations of a host name. */
function addPorts(ports: Set<number>, { match = [], route = [] }: istio.HTTPRoute, host: string): void {
  for (const { port = 0 } of match) if (port > 0) ports.add(port);
  for (const { destination } of route) {
    const port = destination.host === host ? (destination.port?.number ?? 0) : 0;
    if (port > 0) ports.add(port);
  }
}

/**
 * The Service's own namespace, those of others of its host, those that lists, Sidecar objects and DestinationRules of either side name (the root
 * namespace like any other), and where they differ by namespace, one that nobody names.
 */
export function clientNamespaces(
  worlds: readonly World[],
  service: MeshService,
  lists: readonly RouteList[],
  foreign: readonly MeshService[],
  alike: readonly MeshService[],
): readonly string[] {
  const named = new Set([service, ...alike].map(({ namespace }) => namespace));
  for (const { exportTo = [] } of alike)
    for (const to of exportTo) if (to !== '*' && to !== '~') named.add(to);
  // A client that knows a Service with the port has a listener there.
  for (const { exportTo = [] } of foreign)
    for (const to of exportTo) if (to !== '*' && to !== '~') named.add(to);
  const sidecars = worlds.flatMap(({ mesh }) => mesh.sidecars.all);
  for (const to of service.exportTo ?? []) if (to !== '*' && to !== '~') named.add(to);
  // Routes come before VirtualServices for clients of their own namespace, and by age for all others.
  let differs =
    !(service.exportTo?.includes('*') ?? true) ||
    sidecars.length > 0 ||
    worlds.some(world => isMixed(listsFor(world, service)));
  for (const { namespace } of sidecars) named.add(namespace);
  // A request that no list takes goes to the Service itself, with its settings.
  const destinations = new Set([service.host]);
  for (const list of lists) {
    if (list.namespace !== service.namespace) named.add(list.namespace);
    for (const to of list.exportTo) if (to !== '*' && to !== '~') named.add(to);
    for (const { http } of list.entries) {
      for (const { sourceNamespace } of http.match ?? []) if (sourceNamespace) named.add(sourceNamespace);
      for (const { host } of httpDestinations(http)) destinations.add(host);
    }
    differs ||= list.namespace !== service.namespace || !list.exportTo.includes('*');
  }
  for (const { destinationRules, registry } of worlds) {
    if (registry.isKnownToAll && destinationRules.byHost.size === 0) continue;
    for (const host of destinations) {
      const rules = rulesInAnyNamespace(destinationRules, host);
      const found = findService(registry, host);
      const home = found?.namespace;
      // Clients that do not see a destination have no cluster for it: a VirtualService returns 503 there, and a route 500.
      const seenFrom = found?.exportTo ?? ['*'];
      if (!seenFrom.includes('*')) differs = true;
      for (const to of seenFrom) if (to !== '*' && to !== '~') named.add(to);
      for (const rule of rules) {
        const exportTo = exportToOfRule(destinationRules, rule);
        for (const to of exportTo) if (to !== '*' && to !== '~') named.add(to);
        // Everybody sees a rule of the root namespace, unless it is private.
        if (rule.namespace === destinationRules.rootNamespace && exportTo.includes('*')) continue;
        named.add(rule.namespace);
        differs ||= !exportTo.includes('*') || rule.namespace !== home;
      }
    }
  }
  if (differs || named.size > 1) named.add('elsewhere');
  return [...named].sort(compareText);
}

function isMixed(lists: readonly RouteList[]): boolean {
  return lists.some(({ semantics }) => semantics !== lists[0]?.semantics);
}

/** No labels, and every set that some match or some Sidecar object asks for. */
export function clientLabels(
  worlds: readonly World[],
  lists: readonly RouteList[],
  kind: MeshProxy['kind'],
): readonly Readonly<Record<string, string>>[] {
  if (kind === 'waypoint') return [{}];
  const asked = lists.flatMap(({ entries }) =>
    entries.flatMap(({ http }) =>
      (http.match ?? []).flatMap(({ sourceLabels }) => (sourceLabels === undefined ? [] : [sourceLabels])),
    ),
  );
  const sidecars = new Set(worlds.flatMap(({ mesh }) => mesh.sidecars.all));
  const selected = [...sidecars].map(selectorOf).filter(labels => Object.keys(labels).length > 0);
  const unique = new Map([...asked, ...selected].map(labels => [JSON.stringify(labels), labels]));
  return [{}, ...unique.values()];
}
