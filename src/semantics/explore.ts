import { type Decision, decide, type Table } from './decide.ts';
import { type Condition, isMet, type Match } from './match.ts';
import { matchesPath } from './path-matcher.ts';
import type { Dimension, Probe } from './request.ts';
import type { Rule } from './rule.ts';
import { type Values, valuesOfDimension, valuesOfPath } from './values.ts';

/** A request that stands for all requests the tables do not tell from it, and what each table decides. */
export interface Witness {
  readonly probe: Probe;
  readonly decisions: readonly Decision[];
}

export interface Exploration {
  readonly witnesses: readonly Witness[];
  /** Whether some region may have no witness: too many of them, or regular expressions that could not be taken apart. */
  readonly sampled: boolean;
}

/** The authorities of the requests that get to the tables at all: another one leads to another virtual host. */
export interface Authorities {
  readonly usual: string;
  readonly includes: (authority: string) => boolean;
}

/** More witnesses than these are not sought one by one; then so many are drawn. */
export const witnessLimit = 10_000;

/**
 * Finds a request for every region that the tables can tell apart.
 *
 * Nothing is assumed of a request at first. Whenever a table has to know something of it, the request splits into one
 * for each value that matters; so only combinations that some table asks for are ever made, and for exact and prefix
 * conditions none is missed. Where that gets out of hand, requests are drawn by chance instead, always the same ones.
 *
 * @param known what all requests have in common where the tables are
 */
export function explore(
  tables: readonly Table[],
  limit: number = witnessLimit,
  authorities?: Authorities,
  known: Probe = new Map(),
): Exploration {
  const dimensions = new Dimensions(tables, authorities);
  const witnesses: Witness[] = [];
  const open: Probe[] = [known];
  for (let probe = open.pop(); probe !== undefined; probe = open.pop()) {
    const found = decideAll(tables, probe);
    if (typeof found !== 'string') {
      witnesses.push({ probe, decisions: found });
    } else {
      const split = probe;
      open.push(
        ...dimensions
          .valuesOf(found)
          .values.toReversed()
          .map(value => new Map(split).set(found, value)),
      );
    }
    if (witnesses.length + open.length > limit) return draw(tables, dimensions, limit, known);
  }
  return { witnesses, sampled: !dimensions.complete };
}

/** @returns what every table decides, or what one of them has to know first */
function decideAll(tables: readonly Table[], probe: Probe): readonly Decision[] | Dimension {
  const decisions: Decision[] = [];
  for (const table of tables) {
    const decision = decide(table, probe);
    if (typeof decision === 'string') return decision;
    decisions.push(decision);
  }
  const changesPath = decisions.some(({ rule }) => rule !== undefined && changesPathOf(rule));
  return changesPath && !probe.has('path') ? 'path' : decisions;
}

function changesPathOf({ action }: Rule): boolean {
  return 'path' in action && action.path.kind !== 'none';
}

/** Half of the requests try to be taken by one rule after the other, half are left to chance. */
function draw(tables: readonly Table[], dimensions: Dimensions, count: number, known: Probe): Exploration {
  const random = pseudoRandom(0x5eed);
  const targets = tables.flatMap(table => table.rules);
  const witnesses: Witness[] = [];
  for (let index = 0; index < count; index += 1) {
    const target = index % 2 === 0 ? targets[(index / 2) % targets.length] : undefined;
    let probe: Probe = known;
    let found = decideAll(tables, probe);
    while (typeof found === 'string') {
      const { values } = dimensions.valuesOf(found);
      const fitting =
        target === undefined
          ? values
          : values.filter(value => suits(target.match, found as Dimension, value));
      const choice = fitting.length > 0 ? fitting : values;
      probe = new Map(probe).set(found, choice[Math.floor(random() * choice.length)] ?? null);
      found = decideAll(tables, probe);
    }
    witnesses.push({ probe, decisions: found });
  }
  return { witnesses, sampled: true };
}

/** Whether a value does not speak against a match. */
function suits(match: Match, dimension: Dimension, value: string | null): boolean {
  if (dimension === 'path') return value !== null && matchesPath(match.path, value);
  return match.conditions.every(condition => condition.dimension !== dimension || isMet(condition, value));
}

/** The values of each dimension, worked out when a table first asks for it. */
class Dimensions {
  readonly #tables: readonly Table[];
  readonly #authorities: Authorities | undefined;
  readonly #known = new Map<Dimension, Values>();

  /** Whether the values worked out so far leave no region out. */
  get complete(): boolean {
    return [...this.#known.values()].every(({ complete }) => complete);
  }

  constructor(tables: readonly Table[], authorities: Authorities | undefined) {
    this.#tables = tables;
    this.#authorities = authorities;
  }

  valuesOf(dimension: Dimension): Values {
    const known = this.#known.get(dimension);
    if (known !== undefined) return known;
    const values = this.#workOut(dimension);
    this.#known.set(dimension, values);
    return values;
  }

  #workOut(dimension: Dimension): Values {
    const rules = this.#tables.flatMap(table => table.rules);
    if (dimension === 'path') {
      const rewritten = rules.flatMap(({ action, match }) => {
        if (!('path' in action) || action.path.kind === 'none' || action.path.kind === 'full') return [];
        return match.path.kind === 'regex' ? [] : [match.path.value];
      });
      return valuesOfPath(
        rules.map(({ match }) => match),
        [...new Set(rewritten)],
      );
    }
    const conditions = rules
      .flatMap(({ match }) => match.conditions)
      .filter(condition => condition.dimension === dimension);
    const canBeAbsent = dimension.startsWith('header:') || dimension.startsWith('query:');
    const found = valuesOfDimension(
      dimension,
      conditions.map(({ matcher }: Condition) => matcher),
      canBeAbsent,
    );
    return dimension === 'authority' ? this.#reaching(found, conditions) : found;
  }

  #reaching({ values, complete }: Values, conditions: readonly Condition[]): Values {
    const authorities = this.#authorities;
    if (authorities === undefined) return { values, complete };
    const usual = conditions.map(condition => isMet(condition, authorities.usual));
    const others = values.filter(
      value =>
        value !== null &&
        authorities.includes(value) &&
        conditions.some((condition, index) => isMet(condition, value) !== usual[index]),
    );
    return { values: [authorities.usual, ...others], complete };
  }
}

/** Mulberry32: the same seed gives the same numbers everywhere. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
