import type { ConvertedResource, Status } from '../conversion.ts';
import { type Code, refuses } from '../diagnostics/catalog.ts';

/** How often something occurs. */
export interface Count<T> {
  readonly of: T;
  readonly count: number;
}

export const statuses: readonly Status[] = ['converted', 'approximate', 'held-back', 'skipped'];

/** @returns how many resources have each status */
export function countStatuses(resources: readonly ConvertedResource[]): Readonly<Record<Status, number>> {
  const count = (status: Status): number => resources.filter(resource => resource.status === status).length;
  return {
    converted: count('converted'),
    approximate: count('approximate'),
    'held-back': count('held-back'),
    skipped: count('skipped'),
  };
}

/**
 * Why resources have a status: for each code that explains it, how many of them have it.
 *
 * @returns the most frequent first, those of equal frequency by code
 */
export function countReasons(
  resources: readonly ConvertedResource[],
  status: Status,
): readonly Count<Code>[] {
  const counts = new Map<Code, number>();
  for (const resource of resources) {
    if (resource.status !== status) continue;
    const reasons = resource.diagnostics.filter(({ fate }) => {
      if (status === 'held-back') return refuses(fate);
      return status === 'approximate' ? fate === 'approximate' : status === 'skipped';
    });
    for (const code of new Set(reasons.map(({ code }) => code)))
      counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts]
    .map(([of, count]) => ({ of, count }))
    .toSorted((a, b) => b.count - a.count || (a.of < b.of ? -1 : 1));
}

/**
 * @returns how many requests were tried in all, those that were tried for several VirtualServices once, and how many of
 * them go elsewhere, as declared
 */
export function countRequests(resources: readonly ConvertedResource[]): {
  readonly tried: number;
  readonly differences: number;
} {
  return {
    tried: Math.round(
      resources.reduce(
        (sum, { proof }) => sum + (proof === undefined ? 0 : proof.requests / proof.together),
        0,
      ),
    ),
    differences: resources.reduce((sum, { proof }) => sum + (proof?.differences ?? 0), 0),
  };
}
