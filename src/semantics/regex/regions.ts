import { type Effort, free } from '../../budget.ts';
import { type Automaton, ofWord } from './automaton.ts';
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

/** As many pairs of sets are looked at where there are too many regions. */
const maxPairs = 2000;

/**
 * Finds a string in every region that sets cut a universe into. Where these are too many, there is one that each set holds,
 * one that it does not, and for pairs one that both hold and one that only the first does.
 *
 * @param universe an expression
 */
export function regionsOf(sets: readonly StringSet[], universe: string, effort: Effort = free): Regions {
  const distinct = new Map(sets.map(set => [JSON.stringify(set), set]));
  return effort.once(`regions ${universe} ${[...distinct.keys()].join()}`, own =>
    workOut([...distinct.values()], universe, own),
  );
}

function workOut(sets: readonly StringSet[], universe: string, effort: Effort): Regions {
  const start = languageOf(universe, effort);
  if (start === undefined) return { samples: [], complete: false };
  const known = sets.map(set => ({
    set,
    automaton:
      set.kind === 'regex' ? languageOf(set.source, effort) : ofWord(set.value, set.kind === 'prefix'),
  }));
  const cuts = known.flatMap(({ automaton }) => automaton ?? []);
  const guessed = known.flatMap(({ set, automaton }) =>
    automaton === undefined && set.kind === 'regex' ? guess(set.source) : [],
  );
  const samples = wordsOfRegions(start, cuts, limits, effort.spend);
  if (samples === undefined)
    return { samples: [...pairwise(start, cuts, effort), ...guessed], complete: false };
  return { samples: [...samples, ...guessed], complete: cuts.length === known.length };
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
