import { type Effort, free, type RequestBudget } from '../budget.ts';
import type { Decision, Table } from './decide.ts';
import { asksFor, FittingValues, suits } from './fitting-values.ts';
import { type Condition, isMet } from './match.ts';
import { pathRegex } from './path-matcher.ts';
import { type Answer, type AskedTables, ask, askedTables, nothingAsked } from './question.ts';
import type { Dimension, Probe } from './request.ts';
import type { Rule } from './rule.ts';
import { regexMatcher, type StringMatcher } from './string-matcher.ts';
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
 * @param budget says when to stop; its LimitReached is thrown
 */
export function explore(
  tables: readonly Table[],
  limit: number = witnessLimit,
  authorities?: Authorities,
  known: Probe = new Map(),
  budget?: RequestBudget,
): Exploration {
  const dimensions = new Dimensions(tables, authorities, budget);
  const asked = askedTables(tables);
  const witnesses: Witness[] = [];
  const open: { readonly probe: Probe; readonly answer: Answer }[] = [{ probe: known, answer: nothingAsked }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { probe } = next;
    budget?.spend('limitRequests', 1);
    const answer = ask(asked, probe, next.answer);
    const { asks, decisions } = answer;
    if (asks === undefined) {
      witnesses.push({ probe, decisions });
    } else {
      const { values } = dimensions.valuesOf(asks);
      open.push(...values.toReversed().map(value => ({ probe: new Map(probe).set(asks, value), answer })));
    }
    if (witnesses.length + open.length > limit) return draw(asked, dimensions, limit, known, budget);
  }
  return { witnesses, sampled: !dimensions.complete };
}

/**
 * Draws requests. One in four is for one rule after the other, and looks like nothing that the others want; as many are
 * for a pair of rules, whose order is what can go wrong, and as many for a rule among others. The rest is left to chance.
 */
function draw(
  asked: AskedTables,
  dimensions: Dimensions,
  count: number,
  known: Probe,
  budget: RequestBudget | undefined,
): Exploration {
  const random = pseudoRandom(0x5eed);
  const targets = asked.tables.flatMap(table => table.rules);
  const half = Math.ceil(targets.length / 2);
  // Pair by pair, where there are requests enough for all of them.
  const partnerOf = (index: number): Rule | undefined => {
    const round = Math.floor(index / targets.length);
    const distance = half * targets.length <= count / 4 ? 1 + (round % half) : random() * targets.length;
    return targets[Math.floor(index + distance) % targets.length];
  };
  const witnesses: Witness[] = [];
  for (let index = 0; index < count; index += 1) {
    const [quarter, kind] = [Math.floor(index / 4), index % 4];
    const own = kind === 3 ? undefined : targets[quarter % targets.length];
    const partner = kind === 1 ? partnerOf(quarter) : undefined;
    const rules = [own, partner].filter(rule => rule !== undefined);
    const isQuiet = kind < 2;
    budget?.spend('limitRequests', 1);
    const probe = new Map(known);
    let answer = ask(asked, probe);
    for (let { asks } = answer; asks !== undefined; { asks } = answer) {
      const choice = choiceFor(asks, rules, isQuiet, dimensions);
      probe.set(asks, choice[Math.floor(random() * choice.length)] ?? null);
      answer = ask(asked, probe, answer);
    }
    witnesses.push({ probe, decisions: answer.decisions });
  }
  return { witnesses, sampled: true };
}

/** The values of a dimension with which all of some rules, or one of them, may take a request. */
function choiceFor(
  dimension: Dimension,
  rules: readonly Rule[],
  isQuiet: boolean,
  dimensions: Dimensions,
): readonly (string | null)[] {
  const { values } = dimensions.valuesOf(dimension);
  const asking = rules.map(({ match }) => match).filter(match => asksFor(match, dimension));
  if (asking.length === 0) return isQuiet ? [dimensions.quietest(dimension)] : values;
  const fitting = dimensions.fittingOf(dimension).of(asking);
  return fitting.length > 0 ? fitting : values;
}

/** The values of each dimension, worked out when a table first asks for it. */
class Dimensions {
  readonly #tables: readonly Table[];
  readonly #authorities: Authorities | undefined;
  readonly #known = new Map<Dimension, Values>();
  readonly #fitting = new Map<Dimension, FittingValues>();
  #conditions: Map<Dimension, Condition[]> | undefined;
  readonly #quietest = new Map<Dimension, { readonly value: string | null }>();

  /** Whether the values worked out so far leave no region out. */
  get complete(): boolean {
    return [...this.#known.values()].every(({ complete }) => complete);
  }

  readonly #effort: Effort;

  constructor(
    tables: readonly Table[],
    authorities: Authorities | undefined,
    budget: RequestBudget | undefined,
  ) {
    this.#effort = budget?.effort('limitAutomata') ?? free;
    this.#tables = tables;
    this.#authorities = authorities;
  }

  /** A value that as few rules as possible want. */
  quietest(dimension: Dimension): string | null {
    const known = this.#quietest.get(dimension);
    if (known !== undefined) return known.value;
    const rules = this.#tables.flatMap(table => table.rules).filter(({ match }) => asksFor(match, dimension));
    const wanted = this.valuesOf(dimension).values.map(value => ({
      value,
      count: rules.filter(({ match }) => suits(match, dimension, value)).length,
    }));
    const quietest = wanted.reduce((best, one) => (one.count < best.count ? one : best), {
      value: null as string | null,
      count: Number.POSITIVE_INFINITY,
    });
    this.#quietest.set(dimension, quietest);
    return quietest.value;
  }

  fittingOf(dimension: Dimension): FittingValues {
    const known = this.#fitting.get(dimension);
    if (known !== undefined) return known;
    const fitting = new FittingValues(dimension, this.valuesOf(dimension).values);
    this.#fitting.set(dimension, fitting);
    return fitting;
  }

  valuesOf(dimension: Dimension): Values {
    const known = this.#known.get(dimension);
    if (known !== undefined) return known;
    const values = this.#workOut(dimension);
    this.#known.set(dimension, values);
    return values;
  }

  #workOut(dimension: Dimension): Values {
    if (dimension === 'path') {
      const rules = this.#tables.flatMap(table => table.rules);
      const rewritten = rules.flatMap(({ action, match }) => {
        if (!('path' in action) || action.path.kind === 'none' || action.path.kind === 'full') return [];
        return match.path.kind === 'regex' ? [] : [match.path.value];
      });
      const expressions = rules.flatMap(({ action }) =>
        'path' in action && action.path.kind === 'regex' ? [containing(action.path.pattern)] : [],
      );
      return valuesOfPath(
        [
          ...rules.map(({ match }) => match),
          ...[...new Set(expressions)].map(source => ({ path: pathRegex(source), conditions: [] })),
        ],
        [...new Set(rewritten)],
        this.#effort,
      );
    }
    const conditions = this.#conditionsOf(dimension);
    const domain = dimension === 'authority' ? domainOf(this.#authorities) : [];
    const canBeAbsent = dimension.startsWith('header:') || dimension.startsWith('query:');
    const found = valuesOfDimension(
      dimension,
      [...conditions.map(({ matcher }: Condition) => matcher), ...domain],
      canBeAbsent,
      conditions.some(({ invert }) => invert),
      this.#effort,
    );
    return dimension === 'authority' ? this.#reaching(found, conditions) : found;
  }

  /** Gathered once: there may be as many dimensions as rules. */
  #conditionsOf(dimension: Dimension): readonly Condition[] {
    if (this.#conditions === undefined) {
      this.#conditions = new Map();
      for (const { rules } of this.#tables) {
        for (const { match } of rules) {
          for (const condition of match.conditions) {
            const known = this.#conditions.get(condition.dimension);
            if (known === undefined) this.#conditions.set(condition.dimension, [condition]);
            else known.push(condition);
          }
        }
      }
    }
    return this.#conditions.get(dimension) ?? [];
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

/** The names under a wildcard, so that each region of authorities has a value that gets there. */
function domainOf(authorities: Authorities | undefined): readonly StringMatcher[] {
  if (authorities === undefined) return [];
  const { usual, includes } = authorities;
  const ends = [...usual.matchAll(/\./g)].map(({ index }) => usual.slice(index));
  const end = ['', ...ends.toReversed()].find(one => includes(`vs2route${one}`));
  return end === undefined ? [] : [regexMatcher(`[a-z0-9.-]+${end.replaceAll('.', '\\.')}`)];
}

/** An expression for the whole paths in which another one is found, as a rewrite looks for it. */
function containing(pattern: string): string {
  // A part or the end of the path, as people write it.
  const plain = pattern.replace(/\((?:\?:)?\/\|\$\)(?:\.\*|\(\.\*\))\$?$/, '(?:/.*)?$');
  if (hasAlternatives(plain)) return `.*(?:${plain}).*`;
  const start = plain.startsWith('^');
  const end = plain.endsWith('$') && !plain.endsWith('\\$');
  return `${start ? '' : '.*'}${plain.slice(start ? 1 : 0, end ? -1 : undefined)}${end ? '' : '.*'}`;
}

/** Whether a `|` stands outside of all groups and classes. */
function hasAlternatives(pattern: string): boolean {
  let rest = pattern.replaceAll(/\\./g, '').replaceAll(/\[[^\]]*\]/g, '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replaceAll(/\([^()]*\)/g, '');
  }
  return rest.includes('|');
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
