import type { AnyResource } from '../../2-decode/resource.ts';
import { resolveHost } from '../host.ts';
import { httpDestinations } from '../subsets/destinations.ts';

interface NamedSubsets {
  /** The hosts of destinations with a subset. */
  readonly hosts: ReadonlySet<string>;
  /** `HOST SUBSET`. */
  readonly subsets: ReadonlySet<string>;
}

/** @returns the subsets that the destinations of a VirtualService name; none for other objects */
export function subsetsNamedBy(member: AnyResource): NamedSubsets {
  const hosts = new Set<string>();
  const subsets = new Set<string>();
  if (member.type !== 'istio.VirtualService') return { hosts, subsets };
  const { http = [], tls = [], tcp = [] } = member.spec;
  const destinations = [
    ...http.flatMap(httpDestinations),
    ...[...tls, ...tcp].flatMap(({ route = [] }) => route.map(({ destination }) => destination)),
  ];
  for (const { host, subset } of destinations) {
    if (!subset) continue;
    const name = resolveHost(host, member.namespace);
    hosts.add(name);
    subsets.add(`${name} ${subset}`);
  }
  return { hosts, subsets };
}

/**
 * @param wanted as `HOST SUBSET`
 * @returns how many of these subsets a DestinationRule has
 */
export function subsetsOf(rule: AnyResource | undefined, wanted: ReadonlySet<string>): number {
  if (rule?.type !== 'istio.DestinationRule') return 0;
  const host = resolveHost(rule.spec.host, rule.namespace);
  return (rule.spec.subsets ?? []).filter(({ name }) => wanted.has(`${host} ${name}`)).length;
}

/**
 * @param nearby the positions of documents that are as near
 * @returns the first of these with the most subsets that a VirtualService names; the first where it names none
 */
export function fittest(
  group: readonly AnyResource[],
  nearby: readonly number[],
  wanted: ReadonlySet<string>,
): number {
  const [first = 0] = nearby;
  if (nearby.length < 2 || wanted.size === 0) return first;
  const counts = nearby.map(index => subsetsOf(group[index], wanted));
  return nearby[counts.indexOf(Math.max(...counts))] ?? first;
}
