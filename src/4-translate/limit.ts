import { placeOf } from '../2-decode/place-of.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { LimitReached, type Limits } from '../budget.ts';
import type { Report } from '../diagnostics/diagnostic.ts';

const flags: Readonly<Record<keyof Limits, string>> = {
  limitRequests: '--limit-requests',
  limitAutomata: '--limit-automata',
  limitMatches: '--limit-matches',
  limitPaths: '--limit-paths',
};

const works: Readonly<Record<keyof Limits, string>> = {
  limitRequests: 'requests to compare before and after',
  limitAutomata: 'steps in the automata of its regular expressions',
  limitMatches: 'comparisons of matches while its entries are put in order',
  limitPaths: 'ways through kustomizations',
};

/** @returns what some work comes to, or the limit that ended it */
export function withinLimits<T>(work: () => T): T | LimitReached {
  try {
    return work();
  } catch (error) {
    if (error instanceof LimitReached) return error;
    throw error;
  }
}

/** Says of a VirtualService which limit keeps it as it is, and how to raise that. */
export function reportLimit(
  { resource }: Pick<ResolvedVirtualService, 'resource'>,
  { limit, amount }: LimitReached,
  report: Report,
): void {
  report('limit-reached', placeOf(resource, 'metadata', 'name'), {
    limit: amount,
    work: works[limit],
    flag: `${flags[limit]} ${10 * amount}`,
  });
}
