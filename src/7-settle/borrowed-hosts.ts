import { touchedHosts } from '../semantics/places.ts';
import type { Sides } from './conversion-vantages.ts';
import { attachedScopes, type Unit } from './unit.ts';

/**
 * Finds the hosts that go to a destination by a cluster that lists for other hosts bring along (clusters.ts). Hosts that get routes are
 * left out: they have a proof of their own, in which these lists count, too.
 *
 * @param converted all units that are converted
 */
export function borrowedHosts(
  { before, after }: Pick<Sides, 'before' | 'after'>,
  converted: readonly Unit[],
): (destination: string) => readonly string[] {
  const proven = new Set(
    attachedScopes(converted).flatMap(({ scope }) => (scope.kind === 'mesh' ? [scope.service.host] : [])),
  );
  return destination => {
    const hosts = [before, after].flatMap(({ clusters }) => [...clusters.borrowersOf(destination)]);
    return hosts.length === 0
      ? hosts
      : touchedHosts(before, after, new Set(hosts)).filter(host => !proven.has(host));
  };
}
