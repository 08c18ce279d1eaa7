/** The limit of a conversion for each kind of work; `--limit-...` says otherwise. */
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

/** The cost of some work, and the part of it that is remembered. */
export interface Effort {
  /**
   * @param steps are counted
   * @throws LimitReached when there are no more of them
   */
  readonly spend: (steps: number) => void;
  /**
   * Does some work, unless it was done before. Either way it counts for the same, so that what is remembered never
   * decides where a limit is reached.
   *
   * @param key tells the work, and with it the type of its result, from all other work
   * @param work depends on nothing but the key; is given an effort of its own
   */
  readonly once: <Value>(key: string, work: (effort: Effort) => Value) => Value;
}

/** The part of a budget that requests are counted by, and the work that is needed to find them. */
export type RequestBudget = Pick<Budget, 'spend' | 'effort'>;

/** For work that nobody counts or remembers. */
export const free: Effort = { spend: () => undefined, once: (_, work) => work(free) };

/** Results by their key, and what they took. */
export type Memory = Map<string, { readonly value: unknown; readonly steps: number }>;

/** So many results are remembered; then those are forgotten that nobody asked for the longest. */
const MEMORY_SIZE = 5000;

/** How much of each kind of work was done. */
export type Spent = ReadonlyMap<keyof Limits, number>;

/** Counts work, so that an input of a few lines never takes hours; the same input stops at the same place everywhere. */
export class Budget {
  readonly limits: Limits;
  readonly #run: Budget | undefined;
  readonly #spent = new Map<keyof Limits, number>();
  readonly #memory: Memory;

  /** @param memory of runs before, for those who run more than once */
  constructor(limits: Limits, run?: Budget, memory: Memory = new Map()) {
    this.limits = limits;
    this.#run = run;
    this.#memory = memory;
  }

  /** @returns a budget for one group, which counts for the run as well */
  forGroup(): Budget {
    return new Budget(this.limits, this, this.#memory);
  }

  /**
   * @param heard is told of each number of steps
   * @returns an effort whose steps count for a limit
   */
  effort(limit: keyof Limits, heard: Effort['spend'] = () => undefined): Effort {
    return remembering(this.#memory, steps => {
      heard(steps);
      this.spend(limit, steps);
    });
  }

  /** Whether so much more may be done, here and in the run. */
  hasLeft(limit: keyof Limits, amount: number): boolean {
    const spent = (this.#spent.get(limit) ?? 0) + amount;
    return spent <= this.#mostOf(limit) && (this.#run?.hasLeft(limit, amount) ?? true);
  }

  /** An effort whose steps do not count, for work that is small by itself. */
  get uncounted(): Effort {
    return remembering(this.#memory, () => undefined);
  }

  /** Whether half of what the run may take is left, of each kind of work. */
  get isHalfLeft(): boolean {
    return [...this.#spent].every(
      ([limit, spent]) => spent <= (this.limits[limit] * (limit === 'limitPaths' ? 1 : GROUPS_PER_RUN)) / 2,
    );
  }

  get spent(): Spent {
    return new Map(this.#spent);
  }

  /** @returns what was spent since then, by kinds of which there was some */
  spentSince(before: Spent): Spent {
    const since = [...this.#spent].map(([limit, now]) => [limit, now - (before.get(limit) ?? 0)] as const);
    return new Map(since.filter(([, amount]) => amount > 0));
  }

  /** Counts work that was done before. */
  takeAll(spent: Spent): void {
    for (const [limit, amount] of spent) this.take(limit, amount);
  }

  /** @throws LimitReached when there is no more of it */
  spend(limit: keyof Limits, amount: number): void {
    if (!this.take(limit, amount)) throw new LimitReached(limit, this.limits[limit]);
  }

  /** @returns whether there was enough left */
  take(limit: keyof Limits, amount: number): boolean {
    const before = this.#spent.get(limit) ?? 0;
    const spent = before + amount;
    this.#spent.set(limit, spent);
    const most = this.#mostOf(limit);
    if (spent <= most) return this.#run?.take(limit, amount) ?? true;
    // Steps that are counted at once, since their result is remembered, count for the run as they would one by one.
    if (before < most) this.#run?.take(limit, most - before);
    return false;
  }

  #mostOf(limit: keyof Limits): number {
    const isRun = this.#run === undefined && limit !== 'limitPaths';
    return this.limits[limit] * (isRun ? GROUPS_PER_RUN : 1);
  }
}

function remembering(memory: Memory, spend: Effort['spend']): Effort {
  return {
    spend,
    once: <Value>(key: string, work: (effort: Effort) => Value): Value => {
      const known = memory.get(key);
      if (known !== undefined) {
        memory.delete(key);
        memory.set(key, known);
        spend(known.steps);
        // The key tells the type.
        return known.value as Value;
      }
      let taken = 0;
      const value = work(
        remembering(memory, steps => {
          taken += steps;
          spend(steps);
        }),
      );
      for (const oldest of memory.size < MEMORY_SIZE ? [] : memory.keys()) {
        memory.delete(oldest);
        break;
      }
      memory.set(key, { value, steps: taken });
      return value;
    },
  };
}
