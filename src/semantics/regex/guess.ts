import { type Concatenation, type Element, type Expression, JS } from 'refa';
import { compileFullMatch } from '../string-matcher.ts';
import { AutomataNotLoaded } from './automata-not-loaded.ts';

/**
 * Strings that an expression matches, found by going through what it says: for expressions whose automaton is too large,
 * or whose syntax has no automaton here. Each was put to RE2.
 *
 * @returns none where no guess was right
 */
export function guessMatching(source: string): readonly string[] {
  const matches = compileFullMatch(source);
  const expression = parse(source);
  if (matches === undefined || expression === undefined) return [];
  const guesses = choices.map(choice => writeAlternatives(expression.alternatives, choice));
  return [...new Set(guesses)].filter(matches);
}

/** Which alternative is taken, and how many times more than it has to be something is repeated. */
interface Choice {
  readonly alternative: 'first' | 'last';
  readonly more: number;
}

const choices: readonly Choice[] = [
  { alternative: 'first', more: 0 },
  { alternative: 'first', more: 1 },
  { alternative: 'last', more: 0 },
  { alternative: 'last', more: 1 },
];

/** Classes that RE2 has and JavaScript has not, by letters and digits that are among them. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/\(\?P<\w+>/g, '(?:'],
  [/\(\?[a-zA-Z-]+:/g, '(?:'],
  [/\(\?[a-zA-Z-]+\)/g, ''],
  [/\[:(?:alpha|lower|alnum|word|graph|print|ascii|xdigit):\]/g, 'a-f'],
  [/\[:upper:\]/g, 'A-F'],
  [/\[:digit:\]/g, '0-9'],
  [/\\p(?:[LMNPSZC]|\{\^?\w+\})/g, 'a'],
  [/\\[Az]/g, ''],
];

function parse(source: string): Expression | undefined {
  const plain = foreign.reduce((text, [pattern, by]) => text.replaceAll(pattern, by), source);
  try {
    const parser = JS.Parser.fromLiteral({ source: plain === '' ? '(?:)' : plain, flags: '' });
    return parser.parse({ assertions: 'ignore', backreferences: 'throw' }).expression;
  } catch (error) {
    if (error instanceof AutomataNotLoaded) throw error;
    return undefined;
  }
}

function writeAlternatives(alternatives: readonly Concatenation[], choice: Choice): string {
  const chosen = alternatives.at(choice.alternative === 'first' ? 0 : -1);
  return (chosen?.elements ?? []).map(element => writeElement(element, choice)).join('');
}

function writeElement(element: Element, choice: Choice): string {
  switch (element.type) {
    case 'CharacterClass': {
      const pleasant = [...'ax0A-_./'].find(character =>
        element.characters.has(character.codePointAt(0) ?? 0),
      );
      return pleasant ?? String.fromCodePoint(element.characters.ranges[0]?.min ?? 0x61);
    }
    case 'Alternation':
      return writeAlternatives(element.alternatives, choice);
    case 'Quantifier':
      return writeAlternatives(element.alternatives, choice).repeat(
        Math.min(element.max, element.min + choice.more),
      );
    default:
      return '';
  }
}
