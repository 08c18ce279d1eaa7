import { guessMatching } from './guess.ts';
import {
  areDisjoint,
  commonSample,
  complementOf,
  free,
  hasString,
  intersect,
  type Language,
  languageOf,
  type Spend,
  sampleOf,
  sizeOf,
} from './language.ts';

/** Strings for the regions that some expressions cut a universe into. */
export interface Regions {
  readonly samples: readonly string[];
  /** Whether every region has one. */
  readonly complete: boolean;
}

/** Regions are split no further than this, by their number and by the states of all of them. */
const limits = { regions: 256, states: 6000 } as const;

/** As many pairs of expressions are looked at where there are too many regions. */
const maxPairs = 2000;

/** An expression, and everything that it does not match. */
interface Cut {
  readonly inside: Language;
  readonly outside: Language;
}

/**
 * Finds a string in every region that expressions cut a universe into. Where these are too many, there is one that each
 * expression matches, one that it does not, and for pairs one that both match and one that only the first does.
 *
 * @param universe an expression, too
 */
export function regionsOf(sources: readonly string[], universe: string, spend: Spend = free): Regions {
  const start = languageOf(universe, spend);
  if (start === undefined) return { samples: [], complete: false };
  const known = [...new Set(sources)].map(source => ({ source, inside: languageOf(source, spend) }));
  const cuts = known.flatMap(({ inside }): readonly Cut[] =>
    inside === undefined ? [] : [{ inside, outside: complementOf(inside) }],
  );
  const guessed = known.flatMap(({ source, inside }) => (inside === undefined ? guess(source) : []));
  const samples = split(start, cuts, spend);
  if (samples === undefined)
    return { samples: [...pairwise(start, cuts, spend), ...guessed], complete: false };
  return { samples: [...samples, ...guessed], complete: cuts.length === known.length };
}

/** Strings that an expression matches which cannot be taken apart, and some that lie beside them. */
function guess(source: string): readonly string[] {
  return guessMatching(source).flatMap(text => [text, `${text}x`, text.slice(0, -1)]);
}

interface Region {
  readonly language: Language;
  readonly states: number;
  /** One of its strings; without one it is empty. */
  readonly sample: string | undefined;
}

function regionOf(language: Language, spend: Spend): Region {
  return { language, states: sizeOf(language), sample: sampleOf(language, spend) };
}

/** @returns a string of each region, undefined where they are too many */
function split(start: Language, cuts: readonly Cut[], spend: Spend): readonly string[] | undefined {
  let regions: readonly Region[] = [regionOf(start, spend)];
  for (const cut of cuts) {
    const next: Region[] = [];
    let states = 0;
    for (const region of regions) {
      const parts = partsOf(region, cut, spend);
      if (parts === undefined) return undefined;
      next.push(...parts);
      states += parts.reduce((sum, part) => sum + part.states, 0);
      if (next.length > limits.regions || states > limits.states) return undefined;
    }
    regions = next;
  }
  return regions.flatMap(({ sample }) => sample ?? []);
}

/** Most regions lie on one side of most cuts, which their sample is on. */
function partsOf(region: Region, { inside, outside }: Cut, spend: Spend): readonly Region[] | undefined {
  const { language, sample } = region;
  if (sample === undefined) return [];
  const opposite = hasString(inside, sample) ? outside : inside;
  if (areDisjoint(language, opposite, spend) === true) return [region];
  const parts = [intersect(language, inside, spend), intersect(language, outside, spend)].filter(
    part => part !== undefined,
  );
  return parts.length < 2 ? undefined : parts.map(part => regionOf(part, spend));
}

function pairwise(start: Language, cuts: readonly Cut[], spend: Spend): readonly string[] {
  const within = cuts.flatMap(({ inside, outside }): readonly Cut[] => {
    const real = intersect(inside, start, spend);
    return real === undefined ? [] : [{ inside: real, outside }];
  });
  const alone = cuts.flatMap(({ inside, outside }) => [
    commonSample(start, inside, spend) ?? [],
    commonSample(start, outside, spend) ?? [],
  ]);
  const pairs: (string | readonly never[])[] = [];
  // Neighbours first: people write down together what has to do with each other.
  for (let distance = 1; distance < within.length; distance += 1) {
    for (const [index, first] of within.entries()) {
      const second = within[index + distance];
      if (second === undefined) continue;
      if (pairs.length >= 2 * maxPairs) return [...alone.flat(), ...pairs.flat()];
      pairs.push(commonSample(first.inside, second.inside, spend) ?? []);
      pairs.push(commonSample(first.inside, second.outside, spend) ?? []);
    }
  }
  return [...alone.flat(), ...pairs.flat()];
}
