import { DFA, JS, NFA } from 'refa';
import { type Effort, free, LimitReached } from '../../budget.ts';
import { AutomataNotLoaded } from './automata-not-loaded.ts';
import { type Automaton, fromDFA, hasWord } from './automaton.ts';
import { withoutAnchors } from './shape.ts';
import { shortestWord } from './walk.ts';

/** The set of strings a regular expression matches in full. */
export type Language = Automaton;

/** A state that is made costs about as much time as so many combinations of states that are looked at. */
const stepsPerState = 20;

/** Automata stay below this many states; anything larger counts as unknown. */
const maxNodes = 2000;

/**
 * Works out the language of an RE2 expression.
 *
 * @returns undefined where that is not known: syntax that JavaScript reads otherwise, assertions inside, automata that
 * grow too large
 */
export function languageOf(source: string, effort: Effort = free): Language | undefined {
  return effort.once(`language ${source}`, own => workOut(source, own));
}

function workOut(source: string, effort: Effort): Language | undefined {
  const translated = toJavaScript(source);
  if (translated === undefined) return undefined;
  try {
    const parser = JS.Parser.fromLiteral(translated);
    const { expression, maxCharacter } = parser.parse({ assertions: 'throw', backreferences: 'throw' });
    const nfa = NFA.fromRegex(expression, { maxCharacter }, {}, new NFA.LimitedNodeFactory(maxNodes));
    const automaton = DFA.fromFA(nfa, new DFA.LimitedNodeFactory(maxNodes));
    // Making it and making it small each go through its states some times.
    effort.spend(stepsPerState * automaton.countNodes());
    automaton.minimize();
    return fromDFA(automaton);
  } catch (error) {
    if (error instanceof LimitReached || error instanceof AutomataNotLoaded) throw error;
    return undefined;
  }
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

/** Combinations of states that are looked at before a question about languages counts as open. */
const maxStates = 100_000;

/** Whether some languages have no string in common that others lack; undefined where that is not known. */
export function areDisjoint(
  languages: readonly Language[],
  without: readonly Language[] = [],
  effort: Effort = free,
): boolean | undefined {
  const found = shortestWord(languages, without, maxStates, effort.spend);
  return found === undefined ? undefined : found === 'none';
}

/** @returns one of the shortest strings that languages have in common and others lack, in letters where there is a choice */
export function commonSample(
  languages: readonly Language[],
  without: readonly Language[] = [],
  effort: Effort = free,
): string | undefined {
  const found = shortestWord(languages, without, maxStates, effort.spend);
  return found === undefined || found === 'none' ? undefined : found.word;
}

export function hasString(language: Language, text: string): boolean {
  return hasWord(language, text);
}

/** Escapes a string for use inside an expression, as both RE2 and JavaScript read it. */
export function escapeLiteral(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$/-]/g, '\\$&');
}
