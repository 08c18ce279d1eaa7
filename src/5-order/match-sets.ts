import type { PathChange, PathCondition, TranslatedMatch, ValueCondition } from '../4-translate/entry.ts';
import { intersectPaths, pathsImply, pathsOverlap } from '../4-translate/path-sets.ts';
import { Languages } from '../semantics/regex/languages.ts';
import { intersectValues, valuesImply, valuesOverlap } from './value-sets.ts';

type Conditions = ReadonlyMap<string, ValueCondition>;

/** A match without conditions that must not hold. */
export interface PositiveMatch {
  readonly path: PathCondition;
  readonly method: string | undefined;
  readonly headers: Conditions;
  readonly queryParams: Conditions;
}

/** How the requests that matches take lie to each other; what is found out about expressions is kept. */
export class MatchSets {
  readonly #languages = new Languages();

  /** Whether some request meets both; what is not known counts as yes. */
  overlap(a: PositiveMatch, b: PositiveMatch): boolean {
    return (
      (a.method === undefined || b.method === undefined || a.method === b.method) &&
      this.#conditionsOverlap(a.headers, b.headers) &&
      this.#conditionsOverlap(a.queryParams, b.queryParams) &&
      pathsOverlap(a.path, b.path, this.#languages)
    );
  }

  #conditionsOverlap(a: Conditions, b: Conditions): boolean {
    for (const [name, condition] of a) {
      const other = b.get(name);
      if (other !== undefined && !valuesOverlap(condition, other, this.#languages)) return false;
    }
    return true;
  }

  /** Whether every request that meets the first meets the second; what is not known counts as no. */
  implies(a: PositiveMatch, b: PositiveMatch): boolean {
    return (
      (b.method === undefined || a.method === b.method) &&
      this.#conditionsImply(a.headers, b.headers) &&
      this.#conditionsImply(a.queryParams, b.queryParams) &&
      pathsImply(a.path, b.path, this.#languages)
    );
  }

  #conditionsImply(a: Conditions, b: Conditions): boolean {
    for (const [name, condition] of b) {
      const own = a.get(name);
      if (own === undefined || !valuesImply(own, condition, this.#languages)) return false;
    }
    return true;
  }

  /** @returns a match for the requests that meet both, undefined where the Gateway API has none */
  intersect(a: PositiveMatch, b: PositiveMatch): PositiveMatch | undefined {
    const path = intersectPaths(a.path, b.path, this.#languages);
    const headers = this.#intersectConditions(a.headers, b.headers);
    const queryParams = this.#intersectConditions(a.queryParams, b.queryParams);
    if (path === undefined || headers === undefined || queryParams === undefined) return undefined;
    return { path, method: a.method ?? b.method, headers, queryParams };
  }

  #intersectConditions(a: Conditions, b: Conditions): Conditions | undefined {
    const common = new Map(a);
    for (const [name, condition] of b) {
      const own = common.get(name);
      const both = own === undefined ? condition : intersectValues(own, condition, this.#languages);
      if (both === undefined) return undefined;
      common.set(name, both);
    }
    return common;
  }
}

/** @returns the part of a match that has to hold */
export function positivePart(match: TranslatedMatch): PositiveMatch {
  const { path, method, headers, queryParams } = match;
  return { path, method, headers, queryParams };
}

/** Whether a change of the path has a form for a match on this path: prefixes are only replaced where one is matched. */
export function canChangePath(change: PathChange, path: PathCondition): boolean {
  return change.kind !== 'prefix' || path.kind === 'exact' || path.kind === 'segments';
}
