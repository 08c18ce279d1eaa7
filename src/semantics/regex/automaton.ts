import type { DFA } from 'refa';

/** Some characters, and the state that they lead to. */
export interface Move {
  readonly min: number;
  readonly max: number;
  readonly to: number;
}

/** An automaton with numbered states, the first of which is where words begin. Without a move a word ends in nothing. */
export interface Automaton {
  /** The transitions of each state, in ascending order of their characters. */
  readonly moves: readonly (readonly Move[])[];
  readonly finals: readonly boolean[];
}

/** The state of a word that an automaton has no move for. */
export const dead = -1;

const MAX_CHARACTER = 0x10_ffff;

export function fromDFA(automaton: DFA): Automaton {
  const numbers = new Map<DFA.ReadonlyNode, number>([[automaton.initial, 0]]);
  const nodes: DFA.ReadonlyNode[] = [automaton.initial];
  const moves: Move[][] = [];
  for (const node of nodes) {
    const own: Move[] = [];
    for (const [{ min, max }, next] of node.out) {
      let to = numbers.get(next);
      if (to === undefined) {
        to = nodes.length;
        numbers.set(next, to);
        nodes.push(next);
      }
      own.push({ min, max, to });
    }
    moves.push(own);
  }
  const finals: ReadonlySet<DFA.ReadonlyNode> = automaton.finals;
  return { moves, finals: nodes.map(node => finals.has(node)) };
}

/** @returns an automaton of one word, or of all that begin with it */
export function ofWord(word: string, isPrefix: boolean): Automaton {
  const characters = Array.from(word, character => character.codePointAt(0) ?? 0);
  const last = characters.length;
  const moves = characters.map((code, index): readonly Move[] => [{ min: code, max: code, to: index + 1 }]);
  return {
    moves: [...moves, isPrefix ? [{ min: 0, max: MAX_CHARACTER, to: last }] : []],
    finals: [...characters.map(() => false), true],
  };
}

/** @returns where a character leads from a state that may be none */
export function step({ moves }: Automaton, state: number, character: number): number {
  if (state === dead) return dead;
  for (const { min, max, to } of moves[state] ?? []) {
    if (character < min) return dead;
    if (character <= max) return to;
  }
  return dead;
}

export function accepts({ finals }: Automaton, state: number): boolean {
  return finals[state] ?? false;
}

export function hasWord(automaton: Automaton, word: string): boolean {
  return accepts(automaton, stateAfter(automaton, word));
}

/** Whether an automaton may accept a word that begins with these characters. */
export function isBeginning(automaton: Automaton, word: string): boolean {
  return stateAfter(automaton, word) !== dead;
}

function stateAfter(automaton: Automaton, word: string): number {
  let state = 0;
  for (const character of word) {
    state = step(automaton, state, character.codePointAt(0) ?? 0);
    if (state === dead) return dead;
  }
  return state;
}
