import { isEveryPath, matchesPath, type PathMatcher } from './path-matcher.ts';
import type { Dimension, Probe } from './request.ts';
import { matchesString, type StringMatcher } from './string-matcher.ts';

/** One condition on a header, a pseudo-header or a query parameter. */
export interface Condition {
  readonly dimension: Dimension;
  readonly matcher: StringMatcher;
  /**
   * The condition is met when the matcher is not. A missing header counts as empty then, unless only its presence is
   * asked for (route.go, TranslateRouteMatch: treat_missing_header_as_empty).
   */
  readonly invert: boolean;
}

/** All the conditions that a request has to meet. */
export interface Match {
  readonly path: PathMatcher;
  readonly conditions: readonly Condition[];
  /** Why it takes nothing where it is looked at, whatever the request: it is for another port, gateway or client. */
  readonly elsewhere?: string;
}

/** Whether a match takes every request. */
export function isUnconditional(match: Match): boolean {
  return match.elsewhere === undefined && match.conditions.length === 0 && isEveryPath(match.path);
}

/**
 * The matches that istiod recognises as a catch-all: it stops building there, and moves it behind the rest of a merged virtual
 * host. An expression that happens to match everything, such as `/.*`, is none.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, IsCatchAllRoute
 */
export function isCatchAll({ path, conditions, elsewhere }: Match): boolean {
  if (conditions.length > 0 || elsewhere !== undefined) return false;
  return path.kind === 'regex' ? path.source === '.*' : path.kind === 'prefix' && path.value === '/';
}

/** Whether a condition is met by a value; `null` is a header or a parameter that is absent. */
export function isMet(condition: Condition, value: string | null): boolean {
  const { matcher, invert } = condition;
  if (invert) {
    if (matcher.kind === 'present') return value === null;
    return !matchesString(matcher, value ?? '');
  }
  return value !== null && matchesString(matcher, value);
}

/**
 * Puts a match to what is known of a request.
 *
 * @returns true or false where that decides it, else the first dimension that has to be known
 */
export function evaluate(match: Match, probe: Probe): boolean | Dimension {
  if (match.elsewhere !== undefined) return false;
  let open: Dimension | undefined;
  const path = probe.get('path');
  if (typeof path === 'string') {
    if (!matchesPath(match.path, path)) return false;
  } else if (!isEveryPath(match.path)) {
    open = 'path';
  }
  for (const condition of match.conditions) {
    const value = probe.get(condition.dimension);
    if (value === undefined) open ??= condition.dimension;
    else if (!isMet(condition, value)) return false;
  }
  return open ?? true;
}
