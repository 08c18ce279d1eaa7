import type { PathChange, PathCondition, TranslatedMatch, ValueCondition } from '../4-translate/entry.ts';
import { intersectPaths, pathsImply, pathsOverlap } from '../4-translate/path-sets.ts';
import type { Budget } from '../budget.ts';
import { Languages } from '../semantics/regex/languages.ts';
import { intersectValues, valuesImply, valuesOverlap } from './value-sets.ts';

type Conditions = ReadonlyMap<string, ValueCondition>;

/** The fields of a match that are no conditions, or are conditions that must not hold. */
type Left = 'withoutHeaders' | 'pathChange' | 'index';

/** A match without conditions that must not hold: each field that a match gets is one, or is named above. */
export type PositiveMatch = {
  readonly [Field in Exclude<keyof TranslatedMatch, Left>]-?:
    | TranslatedMatch[Field]
    | (TranslatedMatch extends Record<Field, unknown> ? never : undefined);
};

/** How two values of one condition lie to each other, with what was found out about expressions so far. */
interface Relation<Value> {
  readonly overlap: (a: Value, b: Value, languages: Languages) => boolean;
  /** Tells whether all that meets the first meets the second. */
  readonly implies: (a: Value, b: Value, languages: Languages) => boolean;
  /** `undefined`, which is no condition, is a meeting of two that have none; `impossible` has no form. */
  readonly intersect: (a: Value, b: Value, languages: Languages) => Value | typeof impossible;
}

const impossible: unique symbol = Symbol('a condition that a route cannot express');

const conditions: Relation<Conditions> = {
  overlap: (a, b, languages) => {
    for (const [name, condition] of a) {
      const other = b.get(name);
      if (other !== undefined && !valuesOverlap(condition, other, languages)) return false;
    }
    return true;
  },
  implies: (a, b, languages) => {
    for (const [name, condition] of b) {
      const own = a.get(name);
      if (own === undefined || !valuesImply(own, condition, languages)) return false;
    }
    return true;
  },
  intersect: (a, b, languages) => {
    const common = new Map(a);
    for (const [name, condition] of b) {
      const own = common.get(name);
      const both = own === undefined ? condition : intersectValues(own, condition, languages);
      if (both === undefined) return impossible;
      common.set(name, both);
    }
    return common;
  },
};

/** Every condition of a match, the cheapest to compare first. */
const relations: { readonly [Field in keyof PositiveMatch]: Relation<PositiveMatch[Field]> } = {
  method: {
    overlap: (a, b) => a === undefined || b === undefined || a === b,
    implies: (a, b) => b === undefined || a === b,
    intersect: (a, b) => a ?? b,
  },
  headers: conditions,
  queryParams: conditions,
  path: {
    overlap: pathsOverlap,
    implies: pathsImply,
    intersect: (a, b, languages) => intersectPaths(a, b, languages) ?? impossible,
  },
};

const fields = Object.keys(relations) as readonly (keyof PositiveMatch)[];

/** How the requests that matches take lie to each other; what is found out about expressions is kept. */
export class MatchSets {
  readonly #languages: Languages;
  readonly #budget: Budget | undefined;

  /** @param budget says when to stop; its LimitReached is thrown */
  constructor(budget?: Budget) {
    this.#budget = budget;
    this.#languages = new Languages(budget?.effort('limitAutomata'));
  }

  /** Tells of matches that are compared with another. */
  count(comparisons: number): void {
    this.#budget?.spend('limitMatches', comparisons);
  }

  /** Tells whether some request meets both; what is not known counts as yes. */
  overlap(a: PositiveMatch, b: PositiveMatch): boolean {
    return fields.every(field => this.#ask(field, 'overlap', a, b));
  }

  /** Tells whether every request that meets the first meets the second; what is not known counts as no. */
  implies(a: PositiveMatch, b: PositiveMatch): boolean {
    return fields.every(field => this.#ask(field, 'implies', a, b));
  }

  #ask<Field extends keyof PositiveMatch>(
    field: Field,
    question: 'overlap' | 'implies',
    a: PositiveMatch,
    b: PositiveMatch,
  ): boolean {
    return relations[field][question](a[field], b[field], this.#languages);
  }

  /** @returns a match for the requests that meet both, undefined where the Gateway API has none */
  intersect(a: PositiveMatch, b: PositiveMatch): PositiveMatch | undefined {
    const meet = <Field extends keyof PositiveMatch>(
      field: Field,
    ): PositiveMatch[Field] | typeof impossible =>
      relations[field].intersect(a[field], b[field], this.#languages);
    const path = meet('path');
    const method = meet('method');
    const headers = meet('headers');
    const queryParams = meet('queryParams');
    if (path === impossible || method === impossible || headers === impossible || queryParams === impossible)
      return undefined;
    return { path, method, headers, queryParams };
  }
}

/** @returns the part of a match that has to hold */
export function positivePart(match: TranslatedMatch): PositiveMatch {
  const { path, method, headers, queryParams } = match;
  return { path, method, headers, queryParams };
}

/** Tells whether a change of the path has a form for a match on this path: prefixes are only replaced where one is matched. */
export function canChangePath(change: PathChange, path: PathCondition): boolean {
  return change.kind !== 'prefix' || path.kind === 'exact' || path.kind === 'segments';
}
