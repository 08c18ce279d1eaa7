import { type Decision, outcomeOf, type Table } from './decide.ts';
import { explore } from './explore.ts';
import { type Aspect, differingAspects, type Outcome } from './outcome.ts';
import { type Address, type Request, requestFrom } from './request.ts';

/** A request that two tables treat differently. */
export interface Difference {
  readonly request: Request;
  readonly before: DecidedOutcome;
  readonly after: DecidedOutcome;
  readonly aspects: readonly Aspect[];
}

export interface DecidedOutcome {
  readonly decision: Decision;
  readonly outcome: Outcome;
}

export interface Comparison {
  /** How many witness requests went through both tables. */
  readonly requests: number;
  readonly sampled: boolean;
  readonly differences: readonly Difference[];
}

/**
 * Sends a witness of every region through two tables.
 *
 * @param address where the requests go; the host also stands in for an authority that nothing asks for
 */
export function compareTables(before: Table, after: Table, address: Address, limit?: number): Comparison {
  const { witnesses, sampled } = explore([before, after], limit);
  const differences = witnesses.flatMap(({ probe, decisions }): readonly Difference[] => {
    const [first, second] = decisions;
    if (first === undefined || second === undefined) return [];
    const request = requestFrom(probe, address);
    const outcomes = [outcomeOf(before, first, request), outcomeOf(after, second, request)] as const;
    const aspects = differingAspects(...outcomes);
    if (aspects.length === 0) return [];
    return [
      {
        request,
        before: { decision: first, outcome: outcomes[0] },
        after: { decision: second, outcome: outcomes[1] },
        aspects,
      },
    ];
  });
  return { requests: witnesses.length, sampled, differences };
}
