import type { CharRange, DFA } from 'refa';

type Exits = readonly (readonly [CharRange, DFA.ReadonlyNode])[];

/** Where each state of an automaton leads, in ascending order; kept, since states are gone through again and again. */
export type KnownExits = Map<DFA.ReadonlyNode, Exits>;

/** An automaton that does not change any more. */
export interface Walked {
  readonly automaton: DFA;
  readonly exits: KnownExits;
}

function exitsOf({ exits }: Walked, node: DFA.ReadonlyNode): Exits {
  const known = exits.get(node);
  if (known !== undefined) return known;
  const found = [...node.out];
  exits.set(node, found);
  return found;
}

/** A state of each of two automata that are walked together, and how it was come by. */
interface Step {
  readonly a: DFA.ReadonlyNode;
  readonly b: DFA.ReadonlyNode;
  readonly from: Step | undefined;
}

/**
 * Finds one of the shortest words that two automata accept, in pleasant letters where there is a choice. Each pair of
 * states is seen once.
 *
 * @param maxPairs more pairs of states are not looked at
 * @returns `none` when there is no such word, undefined when that is not known
 */
export function shortestCommonWord(
  first: Walked,
  second: Walked,
  maxPairs: number,
  spend: (steps: number) => void = () => undefined,
): { readonly word: string } | 'none' | undefined {
  const [a, b] = [first.automaton, second.automaton];
  const seen = new Map<DFA.ReadonlyNode, Set<DFA.ReadonlyNode>>();
  const isNew = (x: DFA.ReadonlyNode, y: DFA.ReadonlyNode): boolean => {
    const row = seen.get(x) ?? new Set();
    seen.set(x, row);
    return row.size < row.add(y).size;
  };
  const queue: Step[] = [{ a: a.initial, b: b.initial, from: undefined }];
  isNew(a.initial, b.initial);
  const isFinal = (step: Step) =>
    (a.finals as ReadonlySet<DFA.ReadonlyNode>).has(step.a) &&
    (b.finals as ReadonlySet<DFA.ReadonlyNode>).has(step.b);
  for (let index = 0; index < queue.length; index += 1) {
    const step = queue[index];
    if (step === undefined) break;
    if (isFinal(step)) return { word: wordTo(step, first, second) };
    if (queue.length > maxPairs) return undefined;
    spend(1);
    const [mine, theirs] = [exitsOf(first, step.a), exitsOf(second, step.b)];
    for (const { x, y } of commonMoves(mine, theirs)) if (isNew(x, y)) queue.push({ a: x, b: y, from: step });
  }
  return 'none';
}

interface Move {
  readonly min: number;
  readonly max: number;
  readonly x: DFA.ReadonlyNode;
  readonly y: DFA.ReadonlyNode;
}

/** The characters on which both automata go on, in ascending order. */
function commonMoves(mine: Exits, theirs: Exits): readonly Move[] {
  const moves: Move[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const left = mine[i];
    const right = theirs[j];
    if (left === undefined || right === undefined) return moves;
    const [[one, x], [other, y]] = [left, right];
    const [min, max] = [Math.max(one.min, other.min), Math.min(one.max, other.max)];
    if (min <= max) moves.push({ min, max, x, y });
    if (one.max < other.max) i += 1;
    else j += 1;
  }
}

function wordTo(last: Step, first: Walked, second: Walked): string {
  const characters: string[] = [];
  for (let step = last; step.from !== undefined; step = step.from) {
    const { a, b, from } = step;
    const moves = commonMoves(exitsOf(first, from.a), exitsOf(second, from.b));
    characters.push(pleasantCharacter(moves.filter(({ x, y }) => x === a && y === b)));
  }
  return characters.reverse().join('');
}

const pleasant = [...'axbzA019-_./'];

function pleasantCharacter(ranges: readonly Move[]): string {
  const wanted = pleasant.find(character => {
    const code = character.codePointAt(0) ?? 0;
    return ranges.some(({ min, max }) => min <= code && code <= max);
  });
  return wanted ?? String.fromCodePoint(ranges[0]?.min ?? 0x61);
}
