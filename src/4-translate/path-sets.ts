import { withoutPlaceholders } from '../3-link/host.ts';
import { intersect, isEmpty, type Language, languageOf, subtract } from '../semantics/regex/language.ts';
import { quoteMeta } from '../semantics/regex/quote.ts';
import { compileFullMatch } from '../semantics/string-matcher.ts';
import type { PathCondition } from './entry.ts';

/** Every path there is, as an expression. */
const universe = '\\/[!"$->@-~]*';

/** Whether a condition takes every path. */
export function isEveryPath(path: PathCondition): boolean {
  if (path.kind === 'regex') return path.source === '.*' || path.source === '/.*';
  return path.kind !== 'exact' && path.value === '/';
}

/** Whether a condition on the path is what istiod takes for a catch-all, which ends a list and comes last. */
export function isCatchAllPath(path: PathCondition): boolean {
  return path.kind === 'segments' && path.value === '/' && path.expression === undefined;
}

/**
 * Whether only what lies below a path is meant, and not the path itself; a PathPrefix takes it along unless something
 * closer is there.
 */
export function isBelow(path: PathCondition): boolean {
  return path.kind === 'segments' && path.prefix === `${path.value}/`;
}

/** @returns the condition by letters that a condition by segments stands for; others as they are */
export function asWritten(path: PathCondition): PathCondition {
  return path.kind === 'segments' && path.prefix !== undefined
    ? { kind: 'prefix', value: path.prefix }
    : path;
}

/** Whether a condition takes a path. */
export function takesPath(condition: PathCondition, path: string): boolean {
  switch (condition.kind) {
    case 'exact':
      return path === condition.value;
    case 'prefix':
      return path.startsWith(condition.value);
    case 'segments':
      return (
        condition.value === '/' ||
        path.startsWith(`${condition.value}/`) ||
        (path === condition.value && !isBelow(condition))
      );
    case 'regex':
      return compileFullMatch(condition.source)?.(path) ?? false;
  }
}

/** Whether two conditions have a path in common; what is not known counts as yes. */
export function pathsOverlap(a: PathCondition, b: PathCondition): boolean {
  if (isEveryPath(a) || isEveryPath(b)) return true;
  if (a.kind === 'exact') return takesPath(b, a.value);
  if (b.kind === 'exact') return takesPath(a, b.value);
  if (a.kind !== 'regex' && b.kind !== 'regex') return intersectPlain(a, b) !== undefined;
  const common = both(a, b, intersect);
  return common === undefined || !isEmpty(common);
}

/** Whether every path of the first is one of the second; what is not known counts as no. */
export function pathsImply(a: PathCondition, b: PathCondition): boolean {
  if (isEveryPath(b)) return true;
  if (a.kind === 'exact') return takesPath(b, a.value);
  if (b.kind === 'exact') return false;
  if (a.kind === 'regex' && b.kind === 'regex' && a.source === b.source) return true;
  if (a.kind === 'segments' && b.kind !== 'regex') return takesPath(b, isBelow(a) ? `${a.value}/` : a.value);
  if (a.kind === 'prefix' && b.kind === 'prefix') return a.value.startsWith(b.value);
  if (a.kind === 'prefix' && b.kind === 'segments') return a.value.startsWith(`${b.value}/`);
  const rest = both(a, b, subtract);
  return rest !== undefined && isEmpty(rest);
}

/** @returns a condition for the paths of both, undefined where there are none or no condition says it */
export function intersectPaths(a: PathCondition, b: PathCondition): PathCondition | undefined {
  if (pathsImply(a, b)) return a;
  if (pathsImply(b, a)) return b;
  return a.kind === 'regex' || b.kind === 'regex' ? undefined : intersectPlain(a, b);
}

/** The narrower of two conditions without expressions, or what they share; undefined where that is nothing. */
function intersectPlain(a: PathCondition, b: PathCondition): PathCondition | undefined {
  if (pathsImply(a, b)) return a;
  if (pathsImply(b, a)) return b;
  // `/foo` by segments and `/foo` by string share the segments; nothing else can overlap without one containing the other.
  return undefined;
}

function both(
  a: PathCondition,
  b: PathCondition,
  combine: (x: Language, y: Language) => Language | undefined,
): Language | undefined {
  const [x, y, all] = [languageOf(expressionOf(a)), languageOf(expressionOf(b)), languageOf(universe)];
  if (x === undefined || y === undefined || all === undefined) return undefined;
  const real = intersect(x, all);
  return real === undefined ? undefined : combine(real, y);
}

/** @returns the regular expression that takes the same paths */
export function expressionOf(path: PathCondition): string {
  switch (path.kind) {
    case 'regex':
      return path.source;
    case 'exact':
      return quoteMeta(path.value);
    case 'prefix':
      return `${quoteMeta(path.value)}.*`;
    case 'segments':
      if (path.value === '/') return '/.*';
      return isBelow(path) ? `${quoteMeta(path.value)}/.*` : `${quoteMeta(path.value)}(/.*)?`;
  }
}

/** The longest path value the CRD takes. */
export const maxPathLength = 1024;

/** Whether a condition has a form without a regular expression. */
export function isPlain(path: PathCondition): boolean {
  return (path.kind === 'exact' || path.kind === 'segments') && isPlainPathValue(path.value);
}

/**
 * Whether the CRD takes a value as Exact or PathPrefix. What other tools fill in later is taken to be plain.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httppathmatch
 */
export function isPlainPathValue(text: string): boolean {
  const value = withoutPlaceholders(text);
  return (
    value.length <= maxPathLength &&
    /^\/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*$/.test(value) &&
    !/\/\/|\/\.\/|\/\.\.\/|%2f|\/\.$|\/\.\.$/i.test(value)
  );
}
