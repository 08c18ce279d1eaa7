import { type Effort, free } from '../../budget.ts';
import { compileFullMatch } from '../string-matcher.ts';
import { areDisjoint, commonSample, type Language, languageOf } from './language.ts';
import { literalPrefixOf } from './shape.ts';

/** Every path there is, as an expression. */
const paths = '\\/[!"$->@-~]*';

/** The universe of some strings: paths are strings, too, but not every string is one. */
export type Universe = 'paths' | 'strings';

/** How the sets of strings that expressions match lie to each other; each expression is worked out once. */
export class Languages {
  readonly #known = new Map<string, Known>();
  readonly #effort: Effort;

  constructor(effort: Effort = free) {
    this.#effort = effort;
  }

  /** Whether some string is matched by both; what is not known counts as yes. */
  overlap(a: string, b: string, universe: Universe): boolean {
    const [x, y] = [this.#of(a, universe), this.#of(b, universe)];
    if (!x.prefix.startsWith(y.prefix) && !y.prefix.startsWith(x.prefix)) return false;
    if (x.sample !== undefined && y.matches(x.sample)) return true;
    if (y.sample !== undefined && x.matches(y.sample)) return true;
    const [mine, theirs] = [x.languages, y.languages];
    if (mine === undefined || theirs === undefined) return true;
    return this.#effort.once(
      `overlap ${universe} ${JSON.stringify([a, b])}`,
      own => areDisjoint([...mine, ...theirs.slice(0, 1)], [], own) !== true,
    );
  }

  /** Whether every string that the first matches is matched by the second; what is not known counts as no. */
  implies(a: string, b: string, universe: Universe): boolean {
    if (a === b) return true;
    const [x, y] = [this.#of(a, universe), this.#of(b, universe)];
    if (x.sample !== undefined && !y.matches(x.sample)) return false;
    const [mine, theirs] = [x.languages, y.languages];
    if (mine === undefined || theirs === undefined) return false;
    return this.#effort.once(
      `implies ${universe} ${JSON.stringify([a, b])}`,
      own => areDisjoint(mine, theirs.slice(0, 1), own) === true,
    );
  }

  /** Whether an expression matches a string in full; one that RE2 refuses matches nothing. */
  matches(source: string, value: string): boolean {
    return this.#of(source, 'strings').matches(value);
  }

  #of(source: string, universe: Universe): Known {
    const key = `${universe} ${source}`;
    const known = this.#known.get(key) ?? new Known(source, universe, this.#effort);
    this.#known.set(key, known);
    return known;
  }
}

interface Analysis {
  readonly languages: readonly Language[] | undefined;
  readonly sample: string | undefined;
}

/** Most expressions never have to be taken apart: whether they match a value is all that is asked. */
class Known {
  readonly matches: (value: string) => boolean;
  /** The common beginning of every string of the language. */
  readonly prefix: string;
  readonly #source: string;
  readonly #universe: Universe;
  readonly #effort: Effort;
  #analysis: Analysis | undefined;

  constructor(source: string, universe: Universe, effort: Effort) {
    this.#effort = effort;
    this.matches = compileFullMatch(source) ?? (() => false);
    this.prefix = literalPrefixOf(source);
    this.#source = source;
    this.#universe = universe;
  }

  /**
   * The automaton of the expression and, where it has one, of its universe: its strings are those of both. Undefined where not
   * known.
   */
  get languages(): readonly Language[] | undefined {
    return this.#analyse().languages;
  }

  /** A string of the language, which often shows at once how it lies to another. */
  get sample(): string | undefined {
    return this.#analyse().sample;
  }

  #analyse(): Analysis {
    this.#analysis ??= this.#effort.once(`sample ${this.#universe} ${this.#source}`, effort => {
      const own = languageOf(this.#source, effort);
      if (own === undefined) return { languages: undefined, sample: undefined };
      const all = this.#universe === 'paths' ? languageOf(paths, effort) : undefined;
      const languages = all === undefined ? [own] : [own, all];
      return { languages, sample: commonSample(languages, [], effort) };
    });
    return this.#analysis;
  }
}
