import type { Fate } from './pod/fate.ts';
import type { Seen } from './pod/load.ts';
import type { PlacedWitness } from './witnesses.ts';

/** How many requests met each fate, at one step. */
export interface Row {
  readonly step: string;
  readonly requests: number;
  readonly fates: Readonly<Record<Fate, number>>;
}

/** An answer that is neither the one before nor the one after. */
export interface Stray {
  readonly step: string;
  readonly request: string;
  readonly place: string;
  readonly got: string;
  readonly count: number;
}

/** Counts the answers of one run. */
export class Tally {
  /** Whether the time was over before the end. */
  isCutOff = false;
  readonly #rows = new Map<string, Record<Fate, number>>();
  readonly #strays = new Map<string, Stray>();
  readonly #sent = new Set<number>();
  /** Witnesses that changed sides at a step, by step. */
  readonly #sides = new Map<number, Fate>();
  readonly #asked = new Map<number, PlacedWitness>();
  readonly #moved = new Map<string, Set<number>>();

  add(witness: PlacedWitness, { step, fate, got = '' }: Seen): void {
    const row = this.#rows.get(step) ?? { same: 0, before: 0, after: 0, neither: 0 };
    this.#rows.set(step, row);
    row[fate] += 1;
    this.#sent.add(witness.id);
    if (fate === 'before' || fate === 'after') {
      const last = this.#sides.get(witness.id);
      if (last !== undefined && last !== fate)
        this.#moved.set(step, (this.#moved.get(step) ?? new Set()).add(witness.id));
      this.#sides.set(witness.id, fate);
      this.#asked.set(witness.id, witness);
    }
    if (fate !== 'neither') return;
    const { request, place } = witness;
    const key = JSON.stringify([step, witness.id, got]);
    const stray = this.#strays.get(key) ?? { step, request: wordsOf(request), place, got, count: 0 };
    this.#strays.set(key, { ...stray, count: stray.count + 1 });
  }

  get rows(): readonly Row[] {
    return [...this.#rows].map(([step, fates]) => ({
      step,
      requests: fates.same + fates.before + fates.after + fates.neither,
      fates,
    }));
  }

  get strays(): readonly Stray[] {
    return [...this.#strays.values()].toSorted((a, b) => b.count - a.count);
  }

  /** How many witnesses changed sides, by step. */
  get moved(): ReadonlyMap<string, number> {
    return new Map([...this.#moved].map(([step, witnesses]) => [step, witnesses.size]));
  }

  /** The requests that were last answered as on one side, where the sides differ. */
  on(side: 'before' | 'after'): readonly string[] {
    return [...this.#sides].flatMap(([id, fate]) => {
      const witness = this.#asked.get(id);
      return fate !== side || witness === undefined ? [] : [`${witness.place}: ${wordsOf(witness.request)}`];
    });
  }

  /** How many different witnesses were sent. */
  get witnesses(): number {
    return this.#sent.size;
  }
}

function wordsOf({
  scheme,
  method,
  host,
  port,
  path,
  headers,
  queryParams,
}: PlacedWitness['request']): string {
  const query = new URLSearchParams(queryParams).toString();
  const own = Object.entries(headers).map(([name, value]) => ` ${name}: ${value}`);
  return `${method} ${scheme}://${host}:${port}${path}${query === '' ? '' : `?${query}`}${own.join('')}`;
}
