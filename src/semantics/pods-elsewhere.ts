import { findService } from '../3-link/registry.ts';
import { exportToOfRule, rulesInAnyNamespace } from '../3-link/subsets/destination-rules.ts';
import { httpDestinations } from '../3-link/subsets/destinations.ts';
import type { ConnectionList } from './connection-lists.ts';
import type { RouteList } from './route-list.ts';
import type { World } from './world.ts';

/**
 * Whether the namespace of gateway pods decides what a list does there: whether they see it, its destinations, and which
 * DestinationRules they see for these.
 *
 * @param namespace the one that is assumed
 */
export function dependsOnPods(world: World, list: RouteList, namespace: string): boolean {
  if (!list.exportTo.includes('*')) return true;
  return list.entries.some(
    ({ http }) =>
      (http.match ?? []).some(({ sourceNamespace }) => Boolean(sourceNamespace)) ||
      httpDestinations(http).some(({ host }) => isSeenByNamespace(world, host, namespace)),
  );
}

/** The same for what is said of connections. */
export function connectionsDependOnPods(world: World, list: ConnectionList, namespace: string): boolean {
  if (!list.exportTo.includes('*')) return true;
  const routes = [...list.tls, ...list.tcp].flatMap(({ entry }) => entry.route ?? []);
  return routes.some(({ destination: { host } }) => isSeenByNamespace(world, host, namespace));
}

/**
 * Whether pods of several namespaces see a host or its settings in different ways. Nothing is known of rules in
 * namespaces that are neither the assumed one, nor the root namespace, nor that of the host.
 */
function isSeenByNamespace({ registry, destinationRules }: World, host: string, namespace: string): boolean {
  const service = findService(registry, host);
  if (service?.exportTo !== undefined && !service.exportTo.includes('*')) return true;
  const home = service?.namespace;
  const { rootNamespace } = destinationRules;
  return rulesInAnyNamespace(destinationRules, host).some(rule => {
    const { namespace: own } = rule;
    if (own !== namespace && own !== rootNamespace && own !== home) return false;
    const isForAll = exportToOfRule(destinationRules, rule).includes('*');
    return !isForAll || (own === namespace && own !== home && own !== rootNamespace);
  });
}

/** A namespace of pods, for people. */
export function withPodsIn(label: string, namespace: string): string {
  return `${label} with pods in ${namespace === elsewhere ? 'another namespace' : namespace}`;
}

/** Stands for a namespace that nothing names. */
export const elsewhere = 'elsewhere';
