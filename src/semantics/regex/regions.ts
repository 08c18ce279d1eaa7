import { type Effort, free } from '../../budget.ts';
import { type Automaton, hasWord, isBeginning, ofWord } from './automaton.ts';
import { guessMatching } from './guess.ts';
import { commonSample, languageOf } from './language.ts';
import { wordsOfRegions } from './walk.ts';

/** A set of strings in a form that samples can be drawn for. */
export type StringSet =
  | { readonly kind: 'exact' | 'prefix'; readonly value: string }
  | { readonly kind: 'regex'; readonly source: string };

/** Strings for the regions that some sets cut a universe into. */
export interface Regions {
  readonly samples: readonly string[];
  /** Whether every region has one. */
  readonly complete: boolean;
}

/** Regions are told apart no further than this, by their number and by the states that are looked at. */
const limits = { regions: 512, states: 4_000 } as const;

/** Comparing two words costs one step for so many of them. */
const PAIRS_PER_STEP = 100;

/** As many pairs of sets are looked at where there are too many regions. */
const maxPairs = 2000;

/**
 * Finds a string in every region that sets cut a universe into. Where these are too many, there is one that each set holds,
 * one that it does not, and for pairs one that both hold and one that only the first does.
 *
 * @param universe an expression
 * @param outside a string outside of all exact values and prefixes, where the caller has strings for the regions that these
 * cut out by themselves; then those that no expression reaches are left out
 */
export function regionsOf(
  sets: readonly StringSet[],
  universe: string,
  effort: Effort = free,
  outside?: string,
): Regions {
  const distinct = new Map(sets.map(set => [JSON.stringify(set), set]));
  return effort.once(`regions ${universe} ${outside ?? ''} ${[...distinct.keys()].join()}`, own =>
    workOut([...distinct.values()], universe, outside, own),
  );
}

/** A set with its automaton, where that is known. */
interface Known {
  readonly set: StringSet;
  readonly automaton: Automaton | undefined;
}

function workOut(
  sets: readonly StringSet[],
  universe: string,
  outside: string | undefined,
  effort: Effort,
): Regions {
  const start = languageOf(universe, effort);
  if (start === undefined) return { samples: [], complete: false };
  const known = sets.map(
    (set): Known => ({
      set,
      automaton:
        set.kind === 'regex' ? languageOf(set.source, effort) : ofWord(set.value, set.kind === 'prefix'),
    }),
  );
  const cuts = reached(known, outside, effort).flatMap(({ automaton }) => automaton ?? []);
  const guessed = known.flatMap(({ set, automaton }) =>
    automaton === undefined && set.kind === 'regex' ? guess(set.source) : [],
  );
  const samples = wordsOfRegions(start, cuts, limits, effort.spend);
  if (samples === undefined)
    return { samples: [...pairwise(start, cuts, effort), ...guessed], complete: false };
  return {
    samples: [...samples, ...guessed],
    complete: known.every(({ automaton }) => automaton !== undefined),
  };
}

/**
 * Leaves out the exact values and prefixes that share no string with an expression, nor with one that does: a string that is
 * in one of those is in none of these. With a string outside of all sets, every region then has a string on one side or
 * the other.
 */
function reached(known: readonly Known[], outside: string | undefined, effort: Effort): readonly Known[] {
  const expressions = known.filter(({ set }) => set.kind === 'regex');
  const languages = expressions.flatMap(({ automaton }) => automaton ?? []);
  if (outside === undefined || languages.length < expressions.length) return known;
  if (languages.some(language => hasWord(language, outside))) return known;
  const isReached = ({ set }: Known): boolean => {
    if (set.kind === 'regex') return true;
    const meets = set.kind === 'prefix' ? isBeginning : hasWord;
    return languages.some(language => meets(language, set.value));
  };
  const found = new Set(known.filter(isReached));
  for (const { set } of found)
    for (const other of known) if (!found.has(other) && share(set, other.set)) found.add(other);
  effort.spend(Math.ceil((found.size * known.length) / PAIRS_PER_STEP));
  return known.filter(one => found.has(one));
}

/** Whether two sets that are no expressions share a string. */
function share(one: StringSet, other: StringSet): boolean {
  if (one.kind === 'regex' || other.kind === 'regex') return false;
  return (
    (one.value.startsWith(other.value) && (other.kind === 'prefix' || one.value === other.value)) ||
    (other.value.startsWith(one.value) && one.kind === 'prefix')
  );
}

/** Strings that an expression matches which cannot be taken apart, and some that lie beside them. */
function guess(source: string): readonly string[] {
  return guessMatching(source).flatMap(text => [text, `${text}x`, text.slice(0, -1)]);
}

function pairwise(start: Automaton, cuts: readonly Automaton[], effort: Effort): readonly string[] {
  const samples: (string | undefined)[] = cuts.flatMap(cut => [
    commonSample([start, cut], [], effort),
    commonSample([start], [cut], effort),
  ]);
  let pairs = 0;
  // Neighbours first: people write down together what has to do with each other.
  for (let distance = 1; distance < cuts.length && pairs < maxPairs; distance += 1) {
    for (const [index, first] of cuts.entries()) {
      const second = cuts[index + distance];
      if (second === undefined || pairs >= maxPairs) break;
      pairs += 1;
      samples.push(
        commonSample([start, first, second], [], effort),
        commonSample([start, first], [second], effort),
      );
    }
  }
  return samples.filter(sample => sample !== undefined);
}
