import { type Automaton, accepts, dead, step } from './automaton.ts';

/** States that a word leads to, one of each automaton, and how they were come by. */
interface Reached {
  readonly states: readonly number[];
  readonly from: Reached | undefined;
}

/** Is told of each step; what it throws ends the walk. */
type Spend = (steps: number) => void;

/** Each combination of states costs one step for so many automata. */
const AUTOMATA_PER_STEP = 8;

/** Looking up where a state of an automaton leads costs one step for so many of them. */
const CELLS_PER_STEP = 100;

/**
 * Automata that are walked together. Characters that all of them take for the same are one letter, so that a step of a
 * walk is a look into a table.
 */
class Together {
  readonly #automata: readonly Automaton[];
  /** How many of the automata, from the first on, a word must not leave. */
  readonly #needed: number;
  /** The characters of each letter, in ascending order. */
  readonly #letters: readonly (readonly { readonly min: number; readonly max: number }[])[];
  /** The state to which each state of each automaton leads with each letter. */
  readonly #tables: readonly Int32Array[];
  /** The words that lead to states, as far as somebody asked. */
  readonly #words = new Map<Reached, string>();

  constructor(automata: readonly Automaton[], needed: number, spend: Spend) {
    this.#automata = automata;
    this.#needed = needed;
    const borders = new Set<number>();
    let states = 0;
    for (const { moves } of automata) {
      states += moves.length;
      for (const own of moves) for (const { min, max } of own) borders.add(min).add(max + 1);
    }
    const sorted = Int32Array.from(borders).sort();
    spend(Math.ceil((states * sorted.length) / CELLS_PER_STEP));
    const letters = new Map<string, { readonly min: number; readonly max: number }[]>();
    for (let at = 0; at + 1 < sorted.length; at += 1) {
      const [min = 0, end = 0] = [sorted[at], sorted[at + 1]];
      let key = '';
      for (const automaton of automata)
        for (let state = 0; state < automaton.moves.length; state += 1)
          key += String.fromCharCode(step(automaton, state, min) + 1);
      const known = letters.get(key);
      if (known === undefined) letters.set(key, [{ min, max: end - 1 }]);
      else known.push({ min, max: end - 1 });
    }
    this.#letters = [...letters.values()];
    this.#tables = automata.map(automaton => {
      const table = new Int32Array(automaton.moves.length * this.#letters.length);
      let cell = 0;
      for (let state = 0; state < automaton.moves.length; state += 1) {
        for (const [range] of this.#letters) {
          table[cell] = step(automaton, state, range?.min ?? 0);
          cell += 1;
        }
      }
      return table;
    });
  }

  /**
   * Comes to each combination of states once: by shorter words first, and by words of one length in the order of their
   * letters.
   *
   * @param maxStates more combinations are not looked at
   * @param visit is given each combination, and says whether that is enough
   * @returns whether all combinations were looked at, or enough of them
   */
  walk(maxStates: number, spend: Spend, visit: (reached: Reached) => boolean): boolean {
    const first: Reached = { states: this.#automata.map(() => 0), from: undefined };
    const seen = new Set([keyOf(first.states)]);
    const queue = [first];
    const cost = Math.ceil(this.#automata.length / AUTOMATA_PER_STEP);
    const next = this.#automata.map(() => 0);
    for (let index = 0; index < queue.length; index += 1) {
      const reached = queue[index];
      if (reached === undefined) break;
      if (visit(reached)) return true;
      if (queue.length > maxStates) return false;
      spend(cost);
      for (let letter = 0; letter < this.#letters.length; letter += 1) {
        if (!this.#move(reached.states, letter, next)) continue;
        const key = keyOf(next);
        if (seen.size < seen.add(key).size) queue.push({ states: next.slice(), from: reached });
      }
    }
    return true;
  }

  /** @returns whether no needed automaton is left; where the letter leads to is in `next` */
  #move(states: readonly number[], letter: number, next: number[]): boolean {
    const letters = this.#letters.length;
    for (let index = 0; index < states.length; index += 1) {
      const state = states[index] ?? dead;
      const to = state === dead ? dead : (this.#tables[index]?.[state * letters + letter] ?? dead);
      if (to === dead && index < this.#needed) return false;
      next[index] = to;
    }
    return true;
  }

  /** @returns a word that leads to some states, in pleasant letters where there is a choice */
  wordTo(last: Reached): string {
    const way: Reached[] = [];
    let at: Reached | undefined = last;
    // The words of many regions begin alike.
    for (; at !== undefined && !this.#words.has(at); at = at.from) way.push(at);
    let word = at === undefined ? '' : (this.#words.get(at) ?? '');
    for (const reached of way.reverse()) {
      if (reached.from !== undefined) word += this.#characterTo(reached.states, reached.from.states);
      this.#words.set(reached, word);
    }
    return word;
  }

  #characterTo(states: readonly number[], from: readonly number[]): string {
    const next = this.#automata.map(() => 0);
    const ranges = this.#letters.filter(
      (_, letter) => this.#move(from, letter, next) && isSame(next, states),
    );
    return pleasantCharacter(ranges.flat());
  }
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

function keyOf(states: readonly number[]): string {
  let key = '';
  for (let index = 0; index < states.length; index += 1)
    key += String.fromCharCode((states[index] ?? dead) + 1);
  return key;
}

const pleasant = [...'axbzA019-_./'];

function pleasantCharacter(ranges: readonly { readonly min: number; readonly max: number }[]): string {
  const wanted = pleasant.find(character => {
    const code = character.codePointAt(0) ?? 0;
    return ranges.some(({ min, max }) => min <= code && code <= max);
  });
  return wanted ?? String.fromCodePoint(Math.min(...ranges.map(({ min }) => min)));
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
  const together = new Together(automata, needed, spend);
  let found: Reached | undefined;
  const isWhole = together.walk(maxStates, spend, reached => {
    const isIn = automata.every(
      (automaton, index) => accepts(automaton, reached.states[index] ?? dead) === index < needed,
    );
    if (isIn) found = reached;
    return isIn;
  });
  if (found !== undefined) return { word: together.wordTo(found) };
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
  const together = new Together(automata, 1, spend);
  const isWhole = together.walk(limits.states, spend, reached => {
    if (!accepts(universe, reached.states[0] ?? dead)) return false;
    // `0` sorts before `1`, and what is accepted comes first.
    let region = '';
    for (let index = 1; index < automata.length; index += 1)
      region += automata[index]?.finals[reached.states[index] ?? dead] === true ? '0' : '1';
    if (!found.has(region)) found.set(region, reached);
    return found.size > limits.regions;
  });
  if (!isWhole || found.size > limits.regions) return undefined;
  return [...found.keys()].sort().map(region => {
    const reached = found.get(region);
    return reached === undefined ? '' : together.wordTo(reached);
  });
}
