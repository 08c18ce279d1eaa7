import type { PathCondition, ValueCondition } from '../4-translate/entry.ts';
import { isEveryPath } from '../4-translate/path-sets.ts';
import type { PositiveMatch } from './match-sets.ts';

/** With fewer matches than these, looking at each is faster. */
const INDEXED_FROM = 24;

/**
 * Finds, among many matches, those that may take requests which another one takes, too: by what their paths begin with,
 * and by the value of one header or query parameter. A match that it leaves out has nothing in common with the other one.
 */
export class NearMatches<T> {
  readonly #all: { readonly conditions: PositiveMatch; readonly item: T }[] = [];
  /** How many of them are in the index. */
  #indexed = 0;
  /** Those with expressions for paths, and those that take every path. */
  readonly #anywhere = new Bucket<T>();
  readonly #byPath = new Map<string, Bucket<T>>();
  /** The keys of `byPath` by their text, and the lengths among them. */
  readonly #paths: string[] = [];
  readonly #lengths: number[] = [];

  add(conditions: PositiveMatch, item: T): void {
    this.#all.push({ conditions, item });
  }

  get size(): number {
    return this.#all.length;
  }

  /** @returns those that may have a request in common with a match, in no order */
  to(conditions: PositiveMatch): readonly T[] {
    if (this.#all.length < INDEXED_FROM) return this.#all.map(({ item }) => item);
    for (; this.#indexed < this.#all.length; this.#indexed += 1) {
      const next = this.#all[this.#indexed];
      if (next !== undefined) this.#bucketOf(next.conditions.path).add(next.conditions, next.item);
    }
    const found: T[] = [];
    for (const bucket of this.#bucketsNear(conditions.path)) bucket.collect(conditions, found);
    return found;
  }

  #bucketOf(path: PathCondition): Bucket<T> {
    const text = beginningOf(path);
    if (text === undefined) return this.#anywhere;
    const known = this.#byPath.get(text);
    if (known !== undefined) return known;
    const bucket = new Bucket<T>();
    this.#byPath.set(text, bucket);
    this.#paths.splice(placeIn(this.#paths, text), 0, text);
    const length = placeIn(this.#lengths, text.length);
    if (this.#lengths[length] !== text.length) this.#lengths.splice(length, 0, text.length);
    return bucket;
  }

  /** Two paths that are no expressions meet only where one begins with the other. */
  *#bucketsNear(path: PathCondition): Generator<Bucket<T>, void, undefined> {
    yield this.#anywhere;
    const text = beginningOf(path);
    if (text === undefined) {
      yield* this.#byPath.values();
      return;
    }
    for (const length of this.#lengths) {
      if (length >= text.length) break;
      const above = this.#byPath.get(text.slice(0, length));
      if (above !== undefined) yield above;
    }
    for (let at = placeIn(this.#paths, text); this.#paths[at]?.startsWith(text) === true; at += 1) {
      const below = this.#byPath.get(this.#paths[at] ?? '');
      if (below !== undefined) yield below;
    }
  }
}

/** @returns what every path that a condition takes begins with; undefined where nothing simple can be said */
function beginningOf(path: PathCondition): string | undefined {
  return path.kind === 'regex' || isEveryPath(path) ? undefined : path.value;
}

/** @returns where a value is in a sorted list, or would be */
function placeIn<T extends string | number>(sorted: readonly T[], value: T): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = sorted[middle];
    if (other !== undefined && other < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Matches of one path, by the first value that each asks for. */
class Bucket<T> {
  readonly #byName = new Map<string, Map<string, T[]>>();
  readonly #others: T[] = [];

  add(conditions: PositiveMatch, item: T): void {
    const first = exactValues(conditions).next().value;
    if (first === undefined) {
      this.#others.push(item);
      return;
    }
    const byValue = this.#byName.get(first.name) ?? new Map<string, T[]>();
    this.#byName.set(first.name, byValue);
    const known = byValue.get(first.value);
    if (known === undefined) byValue.set(first.value, [item]);
    else known.push(item);
  }

  collect(conditions: PositiveMatch, found: T[]): void {
    for (const item of this.#others) found.push(item);
    if (this.#byName.size === 0) return;
    const wanted = new Map([...exactValues(conditions)].map(({ name, value }) => [name, value]));
    for (const [name, byValue] of this.#byName) {
      const value = wanted.get(name);
      // Without a value of its own, it may take what any of them takes.
      const lists = value === undefined ? byValue.values() : [byValue.get(value) ?? []];
      for (const list of lists) for (const item of list) found.push(item);
    }
  }
}

function* exactValues({
  headers,
  queryParams,
}: PositiveMatch): Generator<{ readonly name: string; readonly value: string }, undefined, undefined> {
  yield* exactIn('header', headers);
  yield* exactIn('query', queryParams);
  return undefined;
}

function* exactIn(
  kind: string,
  conditions: ReadonlyMap<string, ValueCondition>,
): Generator<{ readonly name: string; readonly value: string }, void, undefined> {
  for (const [name, { type, value }] of conditions)
    if (type === 'Exact') yield { name: `${kind} ${name}`, value };
}
