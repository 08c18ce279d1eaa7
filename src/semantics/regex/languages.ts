import { compileFullMatch } from '../string-matcher.ts';
import {
  areDisjoint,
  complementOf,
  free,
  intersect,
  type Language,
  languageOf,
  type Spend,
  sampleOf,
} from './language.ts';
import { literalPrefixOf } from './shape.ts';

/** Every path there is, as an expression. */
const paths = '\\/[!"$->@-~]*';

/** What some strings are matched against: paths are strings, too, but not every string is one. */
export type Universe = 'paths' | 'strings';

/** How the sets of strings that expressions match lie to each other; each expression is worked out once. */
export class Languages {
  readonly #known = new Map<string, Known>();
  readonly #spend: Spend;

  constructor(spend: Spend = free) {
    this.#spend = spend;
  }

  /** Whether some string is matched by both; what is not known counts as yes. */
  overlap(a: string, b: string, universe: Universe): boolean {
    const [x, y] = [this.#of(a, universe), this.#of(b, universe)];
    if (!x.prefix.startsWith(y.prefix) && !y.prefix.startsWith(x.prefix)) return false;
    if (x.sample !== undefined && y.matches(x.sample)) return true;
    if (y.sample !== undefined && x.matches(y.sample)) return true;
    if (x.language === undefined || y.language === undefined) return true;
    return areDisjoint(x.language, y.language, this.#spend) !== true;
  }

  /** Whether every string that the first matches is matched by the second; what is not known counts as no. */
  implies(a: string, b: string, universe: Universe): boolean {
    if (a === b) return true;
    const [x, y] = [this.#of(a, universe), this.#of(b, universe)];
    if (x.sample !== undefined && !y.matches(x.sample)) return false;
    if (x.language === undefined || y.outside === undefined) return false;
    return areDisjoint(x.language, y.outside, this.#spend) === true;
  }

  /** Whether an expression matches a string in full; one that RE2 refuses matches nothing. */
  matches(source: string, value: string): boolean {
    return this.#of(source, 'strings').matches(value);
  }

  #of(source: string, universe: Universe): Known {
    const key = `${universe} ${source}`;
    const known = this.#known.get(key) ?? new Known(source, universe, this.#spend);
    this.#known.set(key, known);
    return known;
  }
}

interface Analysis {
  readonly language: Language | undefined;
  readonly sample: string | undefined;
}

/** Most expressions never have to be taken apart: whether they match a value is all that is asked. */
class Known {
  readonly matches: (value: string) => boolean;
  /** What every string of the language begins with. */
  readonly prefix: string;
  readonly #source: string;
  readonly #universe: Universe;
  #analysis: Analysis | undefined;
  #outside: Language | undefined;

  readonly #spend: Spend;

  constructor(source: string, universe: Universe, spend: Spend) {
    this.#spend = spend;
    this.matches = compileFullMatch(source) ?? (() => false);
    this.prefix = literalPrefixOf(source);
    this.#source = source;
    this.#universe = universe;
  }

  /** Undefined where it is not known. */
  get language(): Language | undefined {
    return this.#analyse().language;
  }

  /** All strings that it does not match. */
  get outside(): Language | undefined {
    const { language } = this.#analyse();
    if (language !== undefined) this.#outside ??= complementOf(language);
    return this.#outside;
  }

  /** A string of the language, which often shows at once how it lies to another. */
  get sample(): string | undefined {
    return this.#analyse().sample;
  }

  #analyse(): Analysis {
    if (this.#analysis !== undefined) return this.#analysis;
    const own = languageOf(this.#source, this.#spend);
    const all = this.#universe === 'paths' ? languageOf(paths, this.#spend) : undefined;
    const language = own === undefined || all === undefined ? own : intersect(own, all, this.#spend);
    const sample = language === undefined ? undefined : sampleOf(language, this.#spend);
    this.#analysis = { language, sample };
    return this.#analysis;
  }
}
