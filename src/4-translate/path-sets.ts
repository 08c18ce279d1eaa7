import { withoutPlaceholders } from '../3-link/host.ts';
import type { Languages } from '../semantics/regex/languages.ts';
import { quoteMeta } from '../semantics/regex/quote.ts';
import { compileFullMatch } from '../semantics/string-matcher.ts';
import type { PathCondition } from './entry.ts';

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
export function pathsOverlap(a: PathCondition, b: PathCondition, languages: Languages): boolean {
  if (isEveryPath(a) || isEveryPath(b)) return true;
  if (a.kind === 'exact') return takes(b, a.value, languages);
  if (b.kind === 'exact') return takes(a, b.value, languages);
  if (a.kind !== 'regex' && b.kind !== 'regex') return intersectPlain(a, b, languages) !== undefined;
  return languages.overlap(expressionOf(a), expressionOf(b), 'paths');
}

function takes(condition: PathCondition, path: string, languages: Languages): boolean {
  return condition.kind === 'regex' ? languages.matches(condition.source, path) : takesPath(condition, path);
}

/** Whether every path of the first is one of the second; what is not known counts as no. */
export function pathsImply(a: PathCondition, b: PathCondition, languages: Languages): boolean {
  if (isEveryPath(b)) return true;
  if (a.kind === 'exact') return takes(b, a.value, languages);
  if (b.kind === 'exact') return false;
  if (a.kind === 'segments' && b.kind !== 'regex') return takesPath(b, isBelow(a) ? `${a.value}/` : a.value);
  if (a.kind === 'prefix' && b.kind === 'prefix') return a.value.startsWith(b.value);
  if (a.kind === 'prefix' && b.kind === 'segments') return a.value.startsWith(`${b.value}/`);
  return languages.implies(expressionOf(a), expressionOf(b), 'paths');
}

/** @returns a condition for the paths of both, undefined where there are none or no condition says it */
export function intersectPaths(
  a: PathCondition,
  b: PathCondition,
  languages: Languages,
): PathCondition | undefined {
  if (pathsImply(a, b, languages)) return a;
  if (pathsImply(b, a, languages)) return b;
  return a.kind === 'regex' || b.kind === 'regex' ? undefined : intersectPlain(a, b, languages);
}

/** The narrower of two conditions without expressions, or what they share; undefined where that is nothing. */
function intersectPlain(a: PathCondition, b: PathCondition, languages: Languages): PathCondition | undefined {
  if (pathsImply(a, b, languages)) return a;
  if (pathsImply(b, a, languages)) return b;
  // `/foo` by segments and `/foo` by string share the segments; nothing else can overlap without one containing the other.
  return undefined;
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
 * Whether the CRD takes a value as Exact or PathPrefix. Text that other tools fill in later is taken to be plain.
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
