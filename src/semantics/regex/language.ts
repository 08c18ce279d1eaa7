import { DFA, JS, NFA, Words } from 'refa';
import { LimitReached } from '../../budget.ts';
import { AutomataNotLoaded } from './automata-not-loaded.ts';
import { withoutAnchors } from './shape.ts';
import { shortestCommonWord, type Walked } from './shortest-word.ts';

/** The set of strings a regular expression matches in full. */
export type Language = Walked;

/** Is told how many steps some work took; what it throws ends the work. */
export type Spend = (steps: number) => void;

/** For work that nobody counts. */
export const free: Spend = () => undefined;

/** A state that is made costs about as much time as so many pairs of states that are looked at. */
const stepsPerState = 20;

/** Automata stay below this many states; anything larger counts as unknown. */
const maxNodes = 2000;

/**
 * Works out the language of an RE2 expression.
 *
 * @returns undefined where that is not known: syntax that JavaScript reads otherwise, assertions inside, automata that
 * grow too large
 */
export function languageOf(source: string, spend: Spend = free): Language | undefined {
  const translated = toJavaScript(source);
  if (translated === undefined) return undefined;
  return attempt(() => {
    const parser = JS.Parser.fromLiteral(translated);
    const { expression, maxCharacter } = parser.parse({ assertions: 'throw', backreferences: 'throw' });
    const nfa = NFA.fromRegex(expression, { maxCharacter }, {}, new NFA.LimitedNodeFactory(maxNodes));
    return determine(DFA.fromFA(nfa, new DFA.LimitedNodeFactory(maxNodes)), spend);
  });
}

/** RE2 syntax that means something else in JavaScript, or nothing. */
const foreign = /\\[pPCQEaAzZbBx]|\[\[:|\(\?[^:P]|\\[1-9]/;

function toJavaScript(source: string): { readonly source: string; readonly flags: string } | undefined {
  const caseless = source.startsWith('(?i)');
  const inner = withoutAnchors(caseless ? source.slice('(?i)'.length) : source);
  if (inner === undefined) return undefined;
  const plain = inner.replace(/\(\?P<\w+>/g, '(?:');
  return foreign.test(plain)
    ? undefined
    : { source: plain === '' ? '(?:)' : plain, flags: caseless ? 'i' : '' };
}

function determine(automaton: DFA, spend: Spend): Language {
  // Making it and making it small each go through its states some times.
  spend(stepsPerState * automaton.countNodes());
  automaton.minimize();
  return { automaton, exits: new Map() };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof LimitReached || error instanceof AutomataNotLoaded) throw error;
    return undefined;
  }
}

/** The strings of both; undefined where that is not known. */
export function intersect(a: Language, b: Language, spend: Spend = free): Language | undefined {
  return attempt(() =>
    determine(DFA.fromIntersection(a.automaton, b.automaton, new DFA.LimitedNodeFactory(maxNodes)), spend),
  );
}

/** All strings that are not in a language. */
export function complementOf({ automaton }: Language): Language {
  const rest = automaton.copy();
  rest.complement();
  return { automaton: rest, exits: new Map() };
}

/** The strings of the first that are not in the second; undefined where that is not known. */
export function subtract(a: Language, b: Language): Language | undefined {
  return intersect(a, complementOf(b));
}

/** Pairs of states that are looked at before two languages count as unknown. */
const maxPairs = 100_000;

/** Whether two languages have no string in common, which is found out without building what they have. */
export function areDisjoint(a: Language, b: Language, spend: Spend = free): boolean | undefined {
  const found = shortestCommonWord(a, b, maxPairs, spend);
  return found === undefined ? undefined : found === 'none';
}

/** @returns one of the shortest strings that two languages have in common, in letters where there is a choice */
export function commonSample(a: Language, b: Language, spend: Spend = free): string | undefined {
  const found = shortestCommonWord(a, b, maxPairs, spend);
  return found === undefined || found === 'none' ? undefined : found.word;
}

export function hasString({ automaton }: Language, text: string): boolean {
  return automaton.test(Words.fromStringToUnicode(text));
}

/** How much there is to a language. */
export function sizeOf({ automaton }: Language): number {
  return automaton.countNodes();
}

export function isEmpty({ automaton }: Language): boolean {
  return automaton.isEmpty;
}

/** Escapes a string for use inside an expression, as both RE2 and JavaScript read it. */
export function escapeLiteral(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$/-]/g, '\\$&');
}

/** @returns one of the shortest strings of a language, in letters where it has a choice */
export function sampleOf(language: Language, spend: Spend = free): string | undefined {
  return commonSample(language, language, spend);
}
