import type { Dimension, Probe } from './request.ts';
import type { Rule } from './rule.ts';

/** With fewer rules than these, asking each is faster. */
const INDEXED_FROM = 24;

/** The same for paths, which take longer to look up. */
const PATHS_FROM = 100;

/**
 * The rules of a table by the one value that they ask of a header, a query parameter and the like, and by their paths: most rules
 * of a long list need not be asked about a request whose value is known.
 */
export class RuleIndex {
  readonly #rules: readonly Rule[];
  /** For dimensions that many rules ask for; each is sorted when its value is first known. */
  readonly #byDimension = new Map<Dimension, ByValue | undefined>();
  /** Sorted when a path is first known. */
  #byPath: ByPath | undefined;
  readonly #hasPaths: boolean;

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#hasPaths = rules.length >= PATHS_FROM;
    if (rules.length < INDEXED_FROM) return;
    const counts = new Map<Dimension, number>();
    for (const { match } of rules)
      for (const { dimension } of match.conditions) counts.set(dimension, (counts.get(dimension) ?? 0) + 1);
    for (const [dimension, count] of counts)
      if (count >= INDEXED_FROM) this.#byDimension.set(dimension, undefined);
  }

  /** @returns the first rule, from a place on, that what is known of a request does not speak against at once */
  next(from: number, probe: Probe): number {
    const { length } = this.#rules;
    if (this.#byDimension.size === 0 && !this.#hasPaths) return from;
    const path = this.#hasPaths ? probe.get('path') : undefined;
    let at = from;
    for (let moved = true; moved && at < length; ) {
      moved = false;
      if (typeof path === 'string') {
        this.#byPath ??= new ByPath(this.#rules);
        const next = this.#byPath.next(at, path);
        if (next > at) {
          at = next;
          moved = true;
        }
      }
      for (const dimension of this.#byDimension.keys()) {
        const value = probe.get(dimension);
        const next = value === undefined ? at : this.#of(dimension).next(at, value);
        if (next > at) {
          at = next;
          moved = true;
        }
      }
    }
    return Math.min(at, length);
  }

  #of(dimension: Dimension): ByValue {
    const known = this.#byDimension.get(dimension);
    if (known !== undefined) return known;
    const found = new ByValue(this.#rules, dimension);
    this.#byDimension.set(dimension, found);
    return found;
  }
}

class ByValue {
  readonly #exact = new Map<string, number[]>();
  /** Rules that other values may suit, too. */
  readonly #others: number[] = [];
  readonly #count: number;

  constructor(rules: readonly Rule[], dimension: Dimension) {
    this.#count = rules.length;
    for (const [index, { match }] of rules.entries()) {
      const own = match.conditions.find(
        condition =>
          condition.dimension === dimension && !condition.invert && condition.matcher.kind === 'exact',
      );
      if (own?.matcher.kind !== 'exact') {
        this.#others.push(index);
        continue;
      }
      const known = this.#exact.get(own.matcher.value);
      if (known === undefined) this.#exact.set(own.matcher.value, [index]);
      else known.push(index);
    }
  }

  next(from: number, value: string | null): number {
    const suiting = value === null ? undefined : this.#exact.get(value);
    return Math.min(
      firstFrom(this.#others, from) ?? this.#count,
      (suiting && firstFrom(suiting, from)) ?? this.#count,
    );
  }
}

class ByPath {
  readonly #exact = new Map<string, number[]>();
  /** Rules for paths that begin with a text, or with its segments. */
  readonly #starts = new Map<string, number[]>();
  /** Rules that other paths may suit, too: expressions, and those that take capitals as well. */
  readonly #others: number[] = [];
  readonly #lengths: readonly number[];
  readonly #count: number;
  /** The rules that may suit the path that was asked for last: others come after it, one after the other. */
  #last: { readonly path: string; readonly suiting: readonly number[] } | undefined;

  constructor(rules: readonly Rule[]) {
    this.#count = rules.length;
    for (const [index, { match }] of rules.entries()) {
      const { path } = match;
      if (path.kind === 'regex' || path.ignoreCase) {
        this.#others.push(index);
        continue;
      }
      const byValue = path.kind === 'exact' ? this.#exact : this.#starts;
      const known = byValue.get(path.value);
      if (known === undefined) byValue.set(path.value, [index]);
      else known.push(index);
    }
    this.#lengths = [...new Set([...this.#starts.keys()].map(({ length }) => length))];
  }

  next(from: number, path: string): number {
    if (this.#last?.path !== path) this.#last = { path, suiting: this.#suiting(path) };
    return firstFrom(this.#last.suiting, from) ?? this.#count;
  }

  #suiting(path: string): readonly number[] {
    const found = [...this.#others, ...(this.#exact.get(path) ?? [])];
    for (const length of this.#lengths)
      if (length <= path.length) found.push(...(this.#starts.get(path.slice(0, length)) ?? []));
    return found.sort((a, b) => a - b);
  }
}

/** @returns the first number of an ascending list that is not below another */
function firstFrom(numbers: readonly number[], from: number): number | undefined {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return numbers[low];
}
