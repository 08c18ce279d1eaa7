import { RE2JS } from 're2js';
import type * as gateway from '../../src/gateway-api/index.ts';
import type * as istio from '../../src/istio/index.ts';

/**
 * What a decision list and what sorted routes do, written down a second time and as plainly as can be, so that the tests
 * do not lean on the engine they are about. Every entry has one destination, and every rule one backend.
 */
export interface PlainRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
}

const compiled = new Map<string, RE2JS>();

function fullMatch(source: string, value: string): boolean {
  const pattern = compiled.get(source) ?? RE2JS.compile(source);
  compiled.set(source, pattern);
  return pattern.matches(value);
}

function meetsString(match: istio.StringMatch, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (match.exact !== undefined) return value === match.exact;
  if (match.prefix !== undefined) return value.startsWith(match.prefix);
  return match.regex === undefined || fullMatch(match.regex, value);
}

function meetsEntry(match: istio.HTTPMatchRequest, { path, method, headers, query }: PlainRequest): boolean {
  const excluded = Object.entries(match.withoutHeaders ?? {}).some(([name, string]) =>
    string.exact === undefined && string.prefix === undefined && string.regex === undefined
      ? headers[name] !== undefined
      : meetsString(string, headers[name] ?? ''),
  );
  return (
    !excluded &&
    (match.uri === undefined || meetsString(match.uri, path)) &&
    (match.method === undefined || meetsString(match.method, method)) &&
    Object.entries(match.headers ?? {}).every(([name, string]) => meetsString(string, headers[name])) &&
    Object.entries(match.queryParams ?? {}).every(([name, string]) => meetsString(string, query[name]))
  );
}

/** @returns the host that the first entry with a match that holds sends the request to */
export function byList(http: readonly istio.HTTPRoute[], request: PlainRequest): string | undefined {
  const entry = http.find(({ match }) => match === undefined || match.some(one => meetsEntry(one, request)));
  return entry?.route?.[0]?.destination.host;
}

interface SortedMatch {
  readonly match: gateway.HTTPRouteMatch;
  readonly backend: string | undefined;
}

const kinds = { Exact: 3, PathPrefix: 2, RegularExpression: 1 };

function rankOf({ match }: SortedMatch): readonly number[] {
  const { type = 'PathPrefix', value = '/' } = match.path ?? {};
  const plain = type === 'PathPrefix' && value !== '/' ? value.replace(/\/$/, '') : value;
  return [
    kinds[type],
    plain.length,
    match.method === undefined ? 0 : 1,
    match.headers?.length ?? 0,
    match.queryParams?.length ?? 0,
  ];
}

function compare(a: SortedMatch, b: SortedMatch): number {
  const [mine, theirs] = [rankOf(a), rankOf(b)];
  const index = mine.findIndex((rank, position) => rank !== theirs[position]);
  return index < 0 ? 0 : (theirs[index] ?? 0) - (mine[index] ?? 0);
}

function isCatchAll({ match }: SortedMatch): boolean {
  const { type = 'PathPrefix', value = '/' } = match.path ?? {};
  const conditions = (match.headers?.length ?? 0) + (match.queryParams?.length ?? 0);
  const everything =
    (type === 'PathPrefix' && value === '/') || (type === 'RegularExpression' && value === '.*');
  return everything && conditions === 0 && match.method === undefined;
}

/** All matches of the routes of one parent, in the order in which istiod asks them. */
export function sortedMatches(
  routes: readonly { readonly name: string; readonly spec: gateway.HTTPRoute }[],
): readonly SortedMatch[] {
  // istiod compares names with a `~` behind them.
  const byName = routes.toSorted((a, b) => (`${a.name}~` < `${b.name}~` ? -1 : 1));
  const sorted = byName
    .flatMap(({ spec }) =>
      (spec.rules ?? []).flatMap(({ matches, backendRefs }) =>
        (matches ?? [{}]).map((match): SortedMatch => ({ match, backend: backendRefs?.[0]?.name })),
      ),
    )
    .toSorted(compare);
  const end = sorted.findIndex(isCatchAll);
  return end < 0 ? sorted : sorted.slice(0, end + 1);
}

function meetsValue(
  condition: { readonly type?: string; readonly value: string },
  value: string | undefined,
): boolean {
  if (value === undefined) return false;
  return condition.type === 'RegularExpression'
    ? fullMatch(condition.value, value)
    : condition.value === value;
}

function meetsPath({ type = 'PathPrefix', value = '/' }: gateway.HTTPPathMatch, path: string): boolean {
  if (type === 'Exact') return path === value;
  if (type === 'RegularExpression') return fullMatch(value, path);
  return isUnder(value, path);
}

/** Whether a path lies under a prefix, segment by segment. */
export function isUnder(prefix: string, path: string): boolean {
  const base = prefix.replace(/\/$/, '');
  return base === '' || path === base || path.startsWith(`${base}/`);
}

/** @returns the Service that the first of the sorted matches that holds sends the request to */
export function byRoutes(sorted: readonly SortedMatch[], request: PlainRequest): string | undefined {
  const { path, method, headers, query } = request;
  return sorted.find(
    ({ match }) =>
      (match.path === undefined || meetsPath(match.path, path)) &&
      (match.method === undefined || match.method === method) &&
      (match.headers ?? []).every(condition => meetsValue(condition, headers[condition.name])) &&
      (match.queryParams ?? []).every(condition => meetsValue(condition, query[condition.name])),
  )?.backend;
}
