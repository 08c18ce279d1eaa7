import { whenAsked } from './string-matcher.ts';

/** How a path is compared, in Envoy's terms. */
export type PathMatcher =
  | { readonly kind: 'exact'; readonly value: string; readonly ignoreCase: boolean }
  /** A string prefix, as VirtualServices have it. */
  | { readonly kind: 'prefix'; readonly value: string; readonly ignoreCase: boolean }
  /** A prefix that ends at a `/` or at the end of the path (`path_separated_prefix`); has no slash at its end. */
  | { readonly kind: 'segments'; readonly value: string; readonly ignoreCase: boolean }
  | { readonly kind: 'regex'; readonly source: string; readonly test: (path: string) => boolean };

export const everyPath: PathMatcher = { kind: 'prefix', value: '/', ignoreCase: false };

/** An expression over the whole path; one that RE2 refuses matches nothing. */
export function pathRegex(source: string): PathMatcher {
  return { kind: 'regex', source, test: whenAsked(source) };
}

/** Whether a path, without its query, matches. */
export function matchesPath(matcher: PathMatcher, path: string): boolean {
  if (matcher.kind === 'regex') return matcher.test(path);
  const [given, wanted] = matcher.ignoreCase
    ? [path.toLowerCase(), matcher.value.toLowerCase()]
    : [path, matcher.value];
  switch (matcher.kind) {
    case 'exact':
      return given === wanted;
    case 'prefix':
      return given.startsWith(wanted);
    case 'segments':
      return given.startsWith(wanted) && (given.length === wanted.length || given[wanted.length] === '/');
  }
}

/** Whether a matcher takes every path there is, so that nothing after it is asked (route.go, IsCatchAllRoute). */
export function isEveryPath(matcher: PathMatcher): boolean {
  if (matcher.kind === 'regex') return matcher.source === '.*' || matcher.source === '/.*';
  return matcher.kind === 'prefix' && (matcher.value === '/' || matcher.value === '');
}
