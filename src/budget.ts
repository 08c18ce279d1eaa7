/** What a conversion may take of each kind of work; `--limit-...` says otherwise. */
export interface Limits {
  /** Requests that are put to the tables of both sides in the proof of one group. */
  readonly limitRequests: number;
  /** Steps in the automata of regular expressions, for one group. */
  readonly limitAutomata: number;
  /** Comparisons of two matches while the order of the entries of one group is worked out. */
  readonly limitMatches: number;
  /** Ways from a kustomization with patches to what it lists, for the whole run. */
  readonly limitPaths: number;
}

/** The run as a whole may take as much as so many groups do. */
export const GROUPS_PER_RUN = 100;

/** Stops the work on a group; whoever started that work says which limit it was. */
export class LimitReached extends Error {
  readonly limit: keyof Limits;
  readonly amount: number;

  constructor(limit: keyof Limits, amount: number) {
    super(`more than ${amount}: ${limit}`);
    this.limit = limit;
    this.amount = amount;
  }
}

/** Counts work, so that an input of a few lines never takes hours; the same input stops at the same place everywhere. */
export class Budget {
  readonly limits: Limits;
  readonly #run: Budget | undefined;
  readonly #spent = new Map<keyof Limits, number>();

  constructor(limits: Limits, run?: Budget) {
    this.limits = limits;
    this.#run = run;
  }

  /** @returns a budget for one group, which counts for the run as well */
  forGroup(): Budget {
    return new Budget(this.limits, this);
  }

  /** @throws LimitReached when there is no more of it */
  spend(limit: keyof Limits, amount: number): void {
    if (!this.take(limit, amount)) throw new LimitReached(limit, this.limits[limit]);
  }

  /** @returns whether there was enough left */
  take(limit: keyof Limits, amount: number): boolean {
    const spent = (this.#spent.get(limit) ?? 0) + amount;
    this.#spent.set(limit, spent);
    const isRun = this.#run === undefined && limit !== 'limitPaths';
    if (spent > this.limits[limit] * (isRun ? GROUPS_PER_RUN : 1)) return false;
    return this.#run?.take(limit, amount) ?? true;
  }
}
