import type { Budget, Spent } from '../budget.ts';

/** How many steps of progress were told so far, and a function that tells another one. */
export interface CountedProgress {
  readonly steps: () => number;
  readonly step: () => void;
}

/** The work that a conversion of a lot took. */
export interface LotEffort {
  /** The amounts that count for limits, by their kind. */
  readonly spent: Spent;
  /** How many steps of progress it told. */
  readonly steps: number;
}

/** @returns the result of some work, and the effort of it */
export function withEffort<Result>(
  budget: Budget,
  progress: CountedProgress,
  work: () => Result,
): LotEffort & { readonly result: Result } {
  const [before, told] = [budget.spent, progress.steps()];
  const result = work();
  return { result, spent: budget.spentSince(before), steps: progress.steps() - told };
}

/** Counts an effort as if the work were done again. */
export function repeatEffort(budget: Budget, progress: CountedProgress, { spent, steps }: LotEffort): void {
  budget.takeAll(spent);
  for (let done = 0; done < steps; done += 1) progress.step();
}
