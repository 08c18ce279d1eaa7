import type { Difference } from './compare.ts';
import { type Decision, decide, outcomeOf, type Table } from './decide.ts';
import { differingAspects } from './outcome.ts';
import { type Probe, type Request, readDimension } from './request.ts';

/** Sends one request through two tables. @returns undefined where both treat it alike */
export function compareRequest(before: Table, after: Table, request: Request): Difference | undefined {
  const [first, second] = [decideRequest(before, request), decideRequest(after, request)];
  const outcomes = [outcomeOf(before, first, request), outcomeOf(after, second, request)] as const;
  const aspects = differingAspects(...outcomes);
  return aspects.length === 0
    ? undefined
    : {
        request,
        before: { decision: first, outcome: outcomes[0] },
        after: { decision: second, outcome: outcomes[1] },
        aspects,
      };
}

/** @returns the decision of a table about a request of which everything is known */
export function decideRequest(table: Table, request: Request): Decision {
  const probe = new Map<string, string | null>();
  for (;;) {
    const decision = decide(table, probe as Probe);
    if (typeof decision !== 'string') return decision;
    probe.set(decision, readDimension(request, decision));
  }
}
