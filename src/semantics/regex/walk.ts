import { type Automaton, accepts, dead, step } from './automaton.ts';

/** States of automata that are walked together, one of each; where a word has left an automaton, none of it. */
type States = readonly number[];

/** States that a word leads to, and how they were come by. */
interface Reached {
  readonly states: States;
  readonly from: Reached | undefined;
}

/** Is told of each step; what it throws ends the walk. */
type Spend = (steps: number) => void;

/** Each combination of states costs one step for so many automata. */
const AUTOMATA_PER_STEP = 8;

/**
 * Walks some automata together, the shorter words first, and of those of one length in the order of their characters. Each
 * combination of states is come to once.
 *
 * @param needed how many of the automata, from the first on, a word must not leave
 * @param maxStates more combinations are not looked at
 * @param visit is given each combination, and says whether that is enough
 * @returns whether all combinations were looked at, or enough of them
 */
function walk(
  automata: readonly Automaton[],
  needed: number,
  maxStates: number,
  spend: Spend,
  visit: (reached: Reached) => boolean,
): boolean {
  const first: Reached = { states: automata.map(() => 0), from: undefined };
  const seen = new Set([keyOf(first.states)]);
  const queue = [first];
  const cost = Math.ceil(automata.length / AUTOMATA_PER_STEP);
  for (let index = 0; index < queue.length; index += 1) {
    const reached = queue[index];
    if (reached === undefined) break;
    if (visit(reached)) return true;
    if (queue.length > maxStates) return false;
    spend(cost);
    for (const { states } of movesFrom(automata, needed, reached.states)) {
      const key = keyOf(states);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ states, from: reached });
    }
  }
  return true;
}

function keyOf(states: States): string {
  let key = '';
  for (const state of states) key += String.fromCharCode(state + 1);
  return key;
}

/** Characters that lead all automata on alike. */
interface CommonMove {
  readonly min: number;
  readonly max: number;
  readonly states: States;
}

/** In ascending order of the characters; those of which a needed automaton has no move are left out. */
function movesFrom(automata: readonly Automaton[], needed: number, states: States): readonly CommonMove[] {
  const borders: number[] = [];
  const live: number[] = [];
  for (let index = 0; index < automata.length; index += 1) {
    const state = states[index] ?? dead;
    if (state === dead) continue;
    live.push(index);
    for (const { min, max } of automata[index]?.moves[state] ?? []) borders.push(min, max + 1);
  }
  borders.sort((a, b) => a - b);
  const moves: CommonMove[] = [];
  for (let at = 0; at + 1 < borders.length; at += 1) {
    const [min = 0, end = 0] = [borders[at], borders[at + 1]];
    if (min === end) continue;
    const next = states.map(() => dead);
    let isLost = false;
    for (const index of live) {
      const automaton = automata[index];
      const to = automaton === undefined ? dead : step(automaton, states[index] ?? dead, min);
      if (to === dead && index < needed) {
        isLost = true;
        break;
      }
      next[index] = to;
    }
    if (!isLost) moves.push({ min, max: end - 1, states: next });
  }
  return moves;
}

function wordTo(automata: readonly Automaton[], needed: number, last: Reached): string {
  const characters: string[] = [];
  for (let reached = last; reached.from !== undefined; reached = reached.from) {
    const key = keyOf(reached.states);
    const ranges = movesFrom(automata, needed, reached.from.states).filter(
      ({ states }) => keyOf(states) === key,
    );
    characters.push(pleasantCharacter(ranges));
  }
  return characters.reverse().join('');
}

const pleasant = [...'axbzA019-_./'];

function pleasantCharacter(ranges: readonly CommonMove[]): string {
  const wanted = pleasant.find(character => {
    const code = character.codePointAt(0) ?? 0;
    return ranges.some(({ min, max }) => min <= code && code <= max);
  });
  return wanted ?? String.fromCodePoint(ranges[0]?.min ?? 0x61);
}

/**
 * Finds one of the shortest words that some automata accept and others do not, in pleasant letters where there is a choice.
 *
 * @returns `none` when there is no such word, undefined when that is not known
 */
export function shortestWord(
  accepting: readonly Automaton[],
  refusing: readonly Automaton[],
  maxStates: number,
  spend: Spend,
): { readonly word: string } | 'none' | undefined {
  const automata = [...accepting, ...refusing];
  const needed = accepting.length;
  let found: Reached | undefined;
  const isWhole = walk(automata, needed, maxStates, spend, reached => {
    const isIn = automata.every(
      (automaton, index) => accepts(automaton, reached.states[index] ?? dead) === index < needed,
    );
    if (isIn) found = reached;
    return isIn;
  });
  if (found !== undefined) return { word: wordTo(automata, needed, found) };
  return isWhole ? 'none' : undefined;
}

/**
 * Finds a word for every region that some automata cut the words of another one into.
 *
 * @param limits how many regions and combinations of states there may be
 * @returns the words of the regions that the earlier automata accept first; undefined where a limit is passed
 */
export function wordsOfRegions(
  universe: Automaton,
  cuts: readonly Automaton[],
  limits: { readonly regions: number; readonly states: number },
  spend: Spend,
): readonly string[] | undefined {
  const automata = [universe, ...cuts];
  const found = new Map<string, Reached>();
  const isWhole = walk(automata, 1, limits.states, spend, reached => {
    if (!accepts(universe, reached.states[0] ?? dead)) return false;
    // `0` sorts before `1`, and what is accepted comes first.
    const region = cuts
      .map((cut, index) => (accepts(cut, reached.states[index + 1] ?? dead) ? '0' : '1'))
      .join('');
    if (!found.has(region)) found.set(region, reached);
    return found.size > limits.regions;
  });
  if (!isWhole || found.size > limits.regions) return undefined;
  return [...found.keys()].sort().map(region => {
    const reached = found.get(region);
    return reached === undefined ? '' : wordTo(automata, 1, reached);
  });
}
