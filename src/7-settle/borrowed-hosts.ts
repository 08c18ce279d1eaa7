import { hostsOverlap, isWildcard } from '../3-link/hostname.ts';
import { touchedHosts } from '../semantics/places.ts';
import type { Sides } from './conversion-vantages.ts';
import type { Unit } from './unit.ts';

/**
 * Finds the hosts that go to a destination by a cluster that lists for other hosts bring along (clusters.ts). Hosts of a VirtualService
 * that is converted are left out: it has a proof of its own, in which these lists count, too.
 *
 * @param converted all units that are converted
 */
export function borrowedHosts(
  { before, after }: Pick<Sides, 'before' | 'after'>,
  converted: readonly Unit[],
): (destination: string) => readonly string[] {
  const proven = new Set(converted.flatMap(({ vs }) => (vs.gateways.includes('mesh') ? vs.hosts : [])));
  const wildcards = [...proven].filter(isWildcard);
  const isProven = (host: string) =>
    proven.has(host) || wildcards.some(wildcard => hostsOverlap(wildcard, host));
  return destination => {
    const hosts = [before, after].flatMap(({ clusters }) => [...clusters.borrowersOf(destination)]);
    return hosts.length === 0
      ? hosts
      : touchedHosts(before, after, new Set(hosts)).filter(host => !isProven(host));
  };
}
