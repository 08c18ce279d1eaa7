import type { Outcome } from './outcome.ts';

/**
 * The effect of a change on requests: `lost`, some of them no longer get to anybody; `gained`, some get to somebody that nobody
 * took before; `changed`, they get to somebody before and after.
 */
export type Effect = 'lost' | 'gained' | 'changed';

/** @returns what becomes of requests that had one outcome and have another now */
export function effectOf(before: Outcome, after: Outcome): Effect {
  const [old, now] = [failingShare(before), failingShare(after)];
  if (now > old) return 'lost';
  return now < old ? 'gained' : 'changed';
}

/** @returns the part of the requests, from 0 to 1, that nobody gets */
export function failingShare(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'no-route':
      return 1;
    case 'response':
      return outcome.status >= 500 ? 1 : 0;
    case 'redirect':
    case 'unknown':
      return 0;
    case 'forward': {
      const { destinations } = outcome;
      const share = (part: typeof destinations) =>
        part.reduce((sum, { weight, total }) => sum + (total === 0 ? 0 : weight / total), 0);
      const failing = share(destinations.filter(({ backend }) => backend.startsWith('missing')));
      return destinations.length === 0 ? 1 : Math.min(1, failing);
    }
  }
}
