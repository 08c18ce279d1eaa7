import type { HTTPRouteMatch } from '../gateway-api/http-route.ts';
import type { Implementation } from './deviations.ts';

/** The numbers that an order compares, the first that differs counts, and more comes first. */
export type Rank = (match: Counted) => readonly number[];

/** The parts of a match that decide its order. */
export interface Counted {
  readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression';
  /** Length of the path, in characters. */
  readonly length: number;
  readonly isRoot: boolean;
  readonly method: number;
  readonly headers: number;
  readonly queryParams: number;
  /** Where the match is, once its route is written. */
  readonly place?: {
    /** How many rules the route has from this one to its end. */
    readonly rulesToEnd: number;
    /** Length of the longest hostname of the route, in characters; 0 without hostnames. */
    readonly hostname: number;
  };
}

/**
 * Counts the parts of a match, with the defaults of the CRD.
 *
 * @param place leaves out what a place adds where it is not known
 */
export function countedOf(
  { path, method, headers = [], queryParams = [] }: HTTPRouteMatch,
  place?: Counted['place'],
): Counted {
  const value = path?.value ?? '/';
  return {
    type: path?.type ?? 'PathPrefix',
    length: value.length,
    isRoot: value === '/',
    method: method === undefined ? 0 : 1,
    headers: headers.length,
    queryParams: queryParams.length,
    ...(place === undefined ? {} : { place }),
  };
}

/** The order that the specification asks for. An expression is up to the implementation; Istio puts it last. */
export const rankOfSpecification: Rank = ({ type, length, method, headers, queryParams }) => {
  return [{ Exact: 3, PathPrefix: 2, RegularExpression: 1 }[type], length, method, headers, queryParams];
};

/** The orders that differ from it. */
export const ranks: Readonly<Partial<Record<Implementation, Rank>>> = {
  'envoy-gateway': ({ type, length, method, headers, queryParams }) => {
    return [{ RegularExpression: 3, Exact: 2, PathPrefix: 1 }[type], length, headers, method, queryParams];
  },
  contour: ({ type, length, method, headers, queryParams }) => {
    return [{ Exact: 3, RegularExpression: 2, PathPrefix: 1 }[type], length, method, headers, queryParams];
  },
  // Among the rules of one route a place only helps the earlier one, so that an arrangement may leave it out.
  traefik: ({ type, length, isRoot, method, headers, queryParams, place }) => {
    const ofPath = type === 'Exact' ? 100_000 : type === 'PathPrefix' && isRoot ? 1 : 10_000 + 100 * length;
    const ofPlace = (place?.rulesToEnd ?? 0) + (place?.hostname ?? 0);
    return [ofPath + 1000 * method + 100 * headers + 10 * queryParams + ofPlace];
  },
};

/** Implementations for which nothing in a route decides between matches of equal rank. */
export const ranksWithOpenTies: ReadonlySet<Implementation> = new Set(['traefik']);

/** @returns positive where the first comes first, negative where the second does, 0 where neither does */
export function compareRanks(rank: Rank, first: Counted, second: Counted): number {
  const [a, b] = [rank(first), rank(second)];
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a request may exist that both matches take; an expression may take anything. */
export function mayOverlap(first: HTTPRouteMatch, second: HTTPRouteMatch): boolean {
  if (first.method !== undefined && second.method !== undefined && first.method !== second.method)
    return false;
  return (
    pathsOverlap(first, second) &&
    valuesOverlap(first.headers, second.headers) &&
    valuesOverlap(first.queryParams, second.queryParams)
  );
}

function pathsOverlap(first: HTTPRouteMatch, second: HTTPRouteMatch): boolean {
  const [a, b] = [first.path, second.path].map(path => ({
    type: path?.type ?? 'PathPrefix',
    value: path?.value ?? '/',
  }));
  if (a === undefined || b === undefined) return true;
  if (a.type === 'RegularExpression' || b.type === 'RegularExpression') return true;
  if (a.type === 'Exact' && b.type === 'Exact') return a.value === b.value;
  return (
    (b.type === 'PathPrefix' && liesIn(a.value, b.value)) ||
    (a.type === 'PathPrefix' && liesIn(b.value, a.value))
  );
}

/** Whether a path is one of those that a prefix takes, by whole segments. */
function liesIn(inner: string, outer: string): boolean {
  return inner === outer || `${inner}/`.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

type Values = readonly { readonly type?: string; readonly name: string; readonly value: string }[];

function valuesOverlap(first: Values = [], second: Values = []): boolean {
  return !first.some(({ type, name, value }) =>
    second.some(
      other =>
        other.name.toLowerCase() === name.toLowerCase() &&
        other.value !== value &&
        type !== 'RegularExpression' &&
        other.type !== 'RegularExpression',
    ),
  );
}

/** Whether a match takes every request that two others both take. */
export function takesCommon(match: HTTPRouteMatch, first: HTTPRouteMatch, second: HTTPRouteMatch): boolean {
  const [path, ...others] = [match, first, second].map(({ path: { type, value } = {} }) => ({
    type: type ?? 'PathPrefix',
    value: value ?? '/',
  }));
  const isPath = others.some(
    other =>
      (path?.type === other.type && path.value === other.value) ||
      (path?.type === 'PathPrefix' && other.type !== 'RegularExpression' && liesIn(other.value, path.value)),
  );
  const isMethod = match.method === undefined || [first.method, second.method].includes(match.method);
  const hasAll = (wanted: Values = [], ...given: readonly (Values | undefined)[]) =>
    wanted.every(one => given.some(values => values?.some(other => isSameValue(one, other))));
  return (
    isPath &&
    isMethod &&
    hasAll(match.headers, first.headers, second.headers) &&
    hasAll(match.queryParams, first.queryParams, second.queryParams)
  );
}

function isSameValue(one: Values[number], other: Values[number]): boolean {
  return (
    one.name.toLowerCase() === other.name.toLowerCase() &&
    one.value === other.value &&
    (one.type ?? 'Exact') === (other.type ?? 'Exact')
  );
}
