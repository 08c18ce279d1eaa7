import type { Match } from './match.ts';
import { isMet } from './match.ts';
import { isEveryPath, matchesPath } from './path-matcher.ts';
import type { Dimension } from './request.ts';

/** Whether a match asks for something of a dimension. */
export function asksFor({ path, conditions }: Match, dimension: Dimension): boolean {
  return dimension === 'path' ? !isEveryPath(path) : conditions.some(one => one.dimension === dimension);
}

/** Whether a value does not speak against a match. */
export function suits(match: Match, dimension: Dimension, value: string | null): boolean {
  if (dimension === 'path') return value !== null && matchesPath(match.path, value);
  return match.conditions.every(condition => condition.dimension !== dimension || isMet(condition, value));
}

/** A text that values have to begin with, or to be. */
interface Wanted {
  readonly text: string;
  readonly isWhole: boolean;
}

/** The values of a dimension by their beginnings, so that those that suit a match are found without trying each. */
export class FittingValues {
  readonly #dimension: Dimension;
  readonly #values: readonly (string | null)[];
  /** The positions of texts among the values, in the order of the texts. */
  readonly #sorted: readonly number[];

  constructor(dimension: Dimension, values: readonly (string | null)[]) {
    this.#dimension = dimension;
    this.#values = values;
    this.#sorted = [...values.keys()]
      .filter(position => values[position] !== null)
      .sort((a, b) => (this.#textAt(a) < this.#textAt(b) ? -1 : 1));
  }

  /**
   * @param matches at least one
   * @returns the values, in their order, that suit all matches; where there is none, those that suit one of them
   */
  of(matches: readonly Match[]): readonly (string | null)[] {
    const found = matches.map(match => this.#positionsOf(match));
    const [first = [], ...others] = found;
    const sets = others.map(positions => new Set(positions));
    const common = first.filter(position => sets.every(set => set.has(position)));
    const chosen = common.length > 0 ? common : [...new Set(found.flat())];
    return chosen.sort((a, b) => a - b).map(position => this.#values[position] ?? null);
  }

  #positionsOf(match: Match): readonly number[] {
    const wanted = wantedBy(match, this.#dimension);
    const candidates = wanted === undefined ? [...this.#values.keys()] : this.#beginningWith(wanted);
    return candidates.filter(position => suits(match, this.#dimension, this.#values[position] ?? null));
  }

  #beginningWith({ text, isWhole }: Wanted): readonly number[] {
    const found: number[] = [];
    for (let at = this.#firstFrom(text); at < this.#sorted.length; at += 1) {
      const position = this.#sorted[at] ?? 0;
      const value = this.#textAt(position);
      if (isWhole ? value !== text : !value.startsWith(text)) break;
      found.push(position);
    }
    return found;
  }

  #firstFrom(text: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#textAt(this.#sorted[middle] ?? 0) < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #textAt(position: number): string {
    return this.#values[position] ?? '';
  }
}

/** @returns undefined where any value may suit */
function wantedBy({ path, conditions }: Match, dimension: Dimension): Wanted | undefined {
  if (dimension === 'path')
    return path.kind === 'regex' || path.ignoreCase
      ? undefined
      : { text: path.value, isWhole: path.kind === 'exact' };
  for (const condition of conditions) {
    const { matcher } = condition;
    if (condition.dimension !== dimension || condition.invert) continue;
    if (matcher.kind === 'exact' || matcher.kind === 'prefix')
      return { text: matcher.value, isWhole: matcher.kind === 'exact' };
  }
  return undefined;
}
