import { canonicalJson } from '../3-link/canonical.ts';
import { hostsOverlap, isSubsetOfHost, isWildcard } from '../3-link/hostname.ts';
import { findService, type MeshService } from '../3-link/registry.ts';
import type { DestinationRule } from '../3-link/subsets/destination-rules.ts';
import { behindEntry } from './backend.ts';
import type { World } from './world.ts';

/** A host that only the side after knows: nobody can have sent a request there before. */
export interface NewHost {
  readonly host: string;
  readonly service: MeshService;
}

/** The hosts of Services and ServiceEntries that only the side after has, and that some list there is for. */
export function newHosts(before: World, after: World): readonly NewHost[] {
  return [...after.registry.byHost]
    .filter(([host]) => after.mesh.byHost.has(host) && findService(before.registry, host) === undefined)
    .map(([host, service]) => ({ host, service }));
}

/** Whether a host can have got requests before. */
export function wasThere(before: World, after: World, host: string): boolean {
  return findService(before.registry, host) !== undefined || findService(after.registry, host) === undefined;
}

/**
 * Hosts that no list has to name for their requests to go elsewhere: Services that are gone or that have other ports or pods,
 * and those whose DestinationRule sets something else for the whole host.
 */
export function changedHosts(before: World, after: World): readonly string[] {
  const services = [...before.registry.byHost].flatMap(([host, service]) => {
    const now = after.registry.byHost.get(host);
    if (now === undefined || textOf(now) !== textOf(service)) return [host];
    const [mine = [], theirs = []] = [before, after].map(({ registry }) => registry.ofSameHost.get(host));
    return mine.map(textOf).join() === theirs.map(textOf).join() ? [] : [host];
  });
  const [old, now] = [before.destinationRules.byHost, after.destinationRules.byHost];
  const wide = new Set([...before.destinationRules.wildcards, ...after.destinationRules.wildcards]);
  const ruled = [...new Set([...old.keys(), ...now.keys()])].filter(host => {
    const [mine, theirs] = [old.get(host), now.get(host)];
    // One that sets nothing keeps the settings of a wider one away, and of those in namespaces that come later.
    const shadows =
      Math.max(mine?.length ?? 0, theirs?.length ?? 0) > 1 ||
      [...wide].some(wildcard => wildcard !== host && isSubsetOfHost(host, wildcard));
    return settingsOf(mine, shadows) !== settingsOf(theirs, shadows);
  });
  const exact = ruled.filter(host => !isWildcard(host) && before.registry.byHost.has(host));
  const wildcards = ruled.filter(isWildcard);
  const covered = [...before.registry.byHost.keys()].filter(host =>
    wildcards.some(wildcard => hostsOverlap(wildcard, host)),
  );
  return [...services, ...exact, ...covered];
}

function textOf(service: MeshService): string {
  const { namespace, ports, selector, externalName, exportTo } = service;
  return canonicalJson([
    namespace,
    ports,
    selector ?? null,
    externalName ?? null,
    exportTo ?? null,
    ...behindEntry(service),
  ]);
}

/** Settings of DestinationRules for their whole host; subsets count where something names them. */
function settingsOf(rules: readonly DestinationRule[] = [], shadows: boolean): string {
  return canonicalJson(
    rules.flatMap(({ namespace, spec: { trafficPolicy, exportTo, workloadSelector } }) =>
      trafficPolicy === undefined && !shadows
        ? []
        : [[namespace, trafficPolicy ?? null, exportTo ?? null, workloadSelector ?? null]],
    ),
  );
}
