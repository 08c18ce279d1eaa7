import { nameKey } from '../2-decode/resource.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import { isMet } from '../semantics/match.ts';
import { type Request, readDimension } from '../semantics/request.ts';
import { regexMatcher } from '../semantics/string-matcher.ts';
import type { EntryContext } from './context.ts';
import type { PathCondition, TranslatedMatch } from './entry.ts';
import { isBelow, isPlainPathValue } from './path-sets.ts';
import type { UriDeviation } from './uri.ts';

/** A match, and how far its path differs from the one that was written. */
export interface MatchOfUri {
  readonly match: TranslatedMatch;
  readonly deviation: UriDeviation | undefined;
  readonly place: Place;
}

/**
 * Joins `exact: /foo` and `prefix: /foo/`: together they are PathPrefix `/foo`, and neither differs from it any more,
 * however prefixes are to be written.
 */
export function joinExactAndPrefix(matches: readonly MatchOfUri[]): readonly MatchOfUri[] {
  const joined: MatchOfUri[] = [];
  for (const candidate of matches) {
    const partner = joined.findIndex(other => completes(other, candidate) || completes(candidate, other));
    const other = joined[partner];
    if (other === undefined) joined.push(candidate);
    else joined[partner] = joinedMatch(folderOf(other) === undefined ? candidate : other);
  }
  return joined;
}

function joinedMatch(folder: MatchOfUri): MatchOfUri {
  const path: PathCondition = { kind: 'segments', value: folderOf(folder) ?? '' };
  return { ...folder, match: { ...folder.match, path }, deviation: undefined };
}

/** @returns the path that a prefix with a slash at its end lacks */
function folderOf({ match: { path } }: MatchOfUri): string | undefined {
  if (path.kind === 'segments') return isBelow(path) ? path.value : undefined;
  if (path.kind !== 'prefix' || !path.value.endsWith('/')) return undefined;
  const value = path.value.slice(0, -1);
  return isPlainPathValue(value) ? value : undefined;
}

/** Whether the first is the exact path that the second, a prefix with a slash, lacks, and both do the same with it. */
function completes(exact: MatchOfUri, folder: MatchOfUri): boolean {
  const { path } = exact.match;
  if (path.kind !== 'exact' || path.value !== folderOf(folder)) return false;
  return (
    conditionsOf(exact.match) === conditionsOf(folder.match) &&
    changeSame(exact.match, folder.match, path.value)
  );
}

function conditionsOf({ method, headers, queryParams, withoutHeaders }: TranslatedMatch): string {
  return canonicalJson([method, [...headers], [...queryParams], [...withoutHeaders]]);
}

function changeSame(exact: TranslatedMatch, folder: TranslatedMatch, path: string): boolean {
  const [own, other] = [exact.pathChange, folder.pathChange];
  if (other.kind === 'prefix')
    return own.kind === 'full' && own.value === (other.to + path.slice(other.from.length) || '/');
  return canonicalJson(own) === canonicalJson(other);
}

/** Declares the requests that a prefix loses or gains, when they meet the other conditions of the match. */
export function declarePrefix(
  context: EntryContext,
  deviation: UriDeviation,
  match: TranslatedMatch,
  place: Place,
): void {
  const takes = (request: Request) => deviation.takes(request.path) && meetsConditions(match, request);
  // A narrower rule, which the order of other entries asks for, may take the requests that a match gains.
  const wider = deviation.code === 'prefix-without-slash' ? { from: nameKey(context.vs.resource) } : {};
  context.declare(deviation.code, place, { prefix: deviation.prefix }, { aspects: 'all', takes, ...wider });
}

/** Whether a request meets the method, headers and query parameters of a match. */
export function meetsConditions(
  { method, headers, queryParams }: TranslatedMatch,
  request: Request,
): boolean {
  if (method !== undefined && request.method !== method) return false;
  const meets = (dimension: string, type: string, value: string) =>
    isMet(
      {
        dimension,
        matcher: type === 'Exact' ? { kind: 'exact', value } : regexMatcher(value),
        invert: false,
      },
      readDimension(request, dimension),
    );
  return (
    [...headers].every(([name, { type, value }]) =>
      meets(name === 'host' ? 'authority' : `header:${name}`, type, value),
    ) && [...queryParams].every(([name, { type, value }]) => meets(`query:${name}`, type, value))
  );
}
