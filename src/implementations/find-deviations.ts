import type { GRPCRoute, GRPCRouteFilter } from '../gateway-api/grpc-route.ts';
import type { HTTPRoute, HTTPRouteFilter, HTTPRouteMatch, HTTPRouteRule } from '../gateway-api/http-route.ts';
import type { FieldPath } from '../yaml/source.ts';
import { type DeviationId, deviations, type Implementation, implementations } from './deviations.ts';
import {
  type Counted,
  compareRanks,
  countedOf,
  mayOverlap,
  type Rank,
  rankOfSpecification,
  ranks,
  takesCommon,
} from './ranks.ts';

/** A place of a route where implementations keep no promise. */
export interface FoundDeviation {
  readonly id: DeviationId;
  /** From the root of the route. */
  readonly path: FieldPath;
  readonly implementations: readonly Implementation[];
}

/**
 * Looks for what an HTTPRoute asks of implementations that they are known to do otherwise.
 *
 * @param wanted the implementations that count
 */
export function deviationsOfHTTPRoute(
  { rules = [] }: HTTPRoute,
  wanted: readonly Implementation[],
): readonly FoundDeviation[] {
  return [
    ...rules.flatMap((rule, index) =>
      featuresOf(rule).flatMap(([id, field, only]) =>
        found(id, ['spec', 'rules', index, field], wanted, only),
      ),
    ),
    ...ordersOf(rules, wanted),
  ];
}

/** The same for a GRPCRoute. */
export function deviationsOfGRPCRoute(
  { rules = [] }: GRPCRoute,
  wanted: readonly Implementation[],
): readonly FoundDeviation[] {
  return rules.flatMap(({ matches = [], filters = [], backendRefs = [] }, rule) => {
    const path = ['spec', 'rules', rule];
    const ofMatches = matches.flatMap(({ method }, match): readonly FoundDeviation[] => {
      if (method === undefined) return [];
      const place = [...path, 'matches', match];
      const isHalf = (method.service === undefined) !== (method.method === undefined);
      const isExact = (method.type ?? 'Exact') === 'Exact';
      return [
        ...(isHalf ? found('grpc-service-or-method', place, wanted) : []),
        ...found(isExact ? 'grpc-exact' : 'expression-of-a-whole', place, wanted),
      ];
    });
    const filtered = backendRefs.some(({ filters = [] }) => filters.some(({ type }) => !isModifier(type)));
    return [
      ...ofMatches,
      ...(filters.some(({ type }) => type === 'RequestMirror')
        ? found('mirror', [...path, 'filters'], wanted)
        : []),
      ...(filtered ? found('filters-of-a-backend', [...path, 'backendRefs'], wanted) : []),
      ...(backendRefs.some(backend => changesSameHeader(filters, backend.filters ?? []))
        ? found('header-of-rule-and-backend', [...path, 'backendRefs'], wanted)
        : []),
    ];
  });
}

function found(
  id: DeviationId,
  path: FieldPath,
  wanted: readonly Implementation[],
  only: readonly Implementation[] = wanted,
): readonly FoundDeviation[] {
  const behaviour = deviations.find(deviation => deviation.id === id)?.behaviour ?? {};
  const deviating = wanted.filter(name => only.includes(name) && Object.hasOwn(behaviour, name));
  return deviating.length === 0 ? [] : [{ id, path, implementations: deviating }];
}

const everybody = Object.keys(implementations) as Implementation[];

type Feature = readonly [id: DeviationId, field: string, only?: readonly Implementation[]];

/** The features that a rule uses. */
function featuresOf({
  matches = [],
  filters = [],
  timeouts,
  retry,
  backendRefs = [],
}: HTTPRouteRule): readonly Feature[] {
  const features: Feature[] = [];
  const isRoot = matches.length === 0 || matches.some(isOfRoot);
  for (const filter of filters) {
    if (filter.type === 'URLRewrite' && isRoot && replacesRoot(filter.urlRewrite.path))
      features.push(['rewrite-of-the-root', 'filters']);
    if (filter.type === 'CORS') features.push(['cors', 'filters']);
    if (filter.type !== 'RequestMirror') continue;
    features.push(['mirror', 'filters']);
    const { percent, fraction } = filter.requestMirror;
    if (percent !== undefined || fraction !== undefined) features.push(['share-of-a-mirror', 'filters']);
  }
  const { request, backendRequest } = timeouts ?? {};
  if (isLimit(request) && isLimit(backendRequest))
    features.push(['timeouts', 'timeouts', retry === undefined ? everybody : ['contour', 'traefik']]);
  else if (isLimit(request) || isLimit(backendRequest)) features.push(['timeouts', 'timeouts', ['traefik']]);
  if (retry !== undefined) features.push(['retry', 'retry']);
  if (backendRefs.some(backend => (backend.filters ?? []).some(({ type }) => !isModifier(type))))
    features.push(['filters-of-a-backend', 'backendRefs']);
  if (backendRefs.some(backend => changesSameHeader(filters, backend.filters ?? [])))
    features.push(['header-of-rule-and-backend', 'backendRefs']);
  if (
    headersChangedBy([...filters, ...backendRefs.flatMap(backend => backend.filters ?? [])]).includes('host')
  )
    features.push(['host-as-a-header', 'filters']);
  if (backendRefs.length === 0 && !filters.some(({ type }) => type === 'RequestRedirect'))
    features.push(['rule-without-backends', 'matches']);
  if (matches.some(usesExpression)) features.push(['expression-of-a-whole', 'matches']);
  return features;
}

function isLimit(timeout: string | undefined): boolean {
  return timeout !== undefined && !/^0+(h|m|s|ms)$/.test(timeout);
}

type Filter = HTTPRouteFilter | GRPCRouteFilter;

function changesSameHeader(ofRule: readonly Filter[], ofBackend: readonly Filter[]): boolean {
  const changed = headersChangedBy(ofRule);
  return headersChangedBy(ofBackend).some(name => changed.includes(name));
}

/** Names in lower case, those of responses behind `response`. */
function headersChangedBy(filters: readonly Filter[]): readonly string[] {
  return filters.flatMap(filter => {
    const isResponse = filter.type === 'ResponseHeaderModifier';
    if (filter.type !== 'RequestHeaderModifier' && !isResponse) return [];
    const {
      set = [],
      add = [],
      remove = [],
    } = isResponse ? filter.responseHeaderModifier : filter.requestHeaderModifier;
    const names = [...[...set, ...add].map(({ name }) => name), ...remove];
    return names.map(name => `${isResponse ? 'response ' : ''}${name.toLowerCase()}`);
  });
}

function isModifier(type: string): boolean {
  return type === 'RequestHeaderModifier' || type === 'ResponseHeaderModifier';
}

function isOfRoot({ path }: HTTPRouteMatch): boolean {
  return (path?.type ?? 'PathPrefix') === 'PathPrefix' && (path?.value ?? '/') === '/';
}

function replacesRoot(
  path: { readonly type: string; readonly replacePrefixMatch?: string } | undefined,
): boolean {
  return path?.type === 'ReplacePrefixMatch' && (path.replacePrefixMatch ?? '/').replace(/\/$/, '') !== '';
}

function usesExpression({ path, headers = [], queryParams = [] }: HTTPRouteMatch): boolean {
  return [path?.type, ...[...headers, ...queryParams].map(({ type }) => type)].includes('RegularExpression');
}

interface Placed {
  readonly match: HTTPRouteMatch;
  readonly counted: Counted;
  /** Its rule, and what the rule does with a request. */
  readonly rule: number;
  readonly effect: string;
  readonly path: FieldPath;
}

/**
 * Pairs of matches that an implementation asks in the other order, where a request may be for both. A pair does no harm where a
 * third match takes what both take, comes before the wrong one, and leads to the same as the right one; or where one comes
 * before both of them in either order.
 */
function ordersOf(
  rules: readonly HTTPRouteRule[],
  wanted: readonly Implementation[],
): readonly FoundDeviation[] {
  const placed = rules.flatMap(({ matches = [{}], name: _, ...effect }, rule): readonly Placed[] =>
    matches.map((match, index) => ({
      match,
      counted: countedOf(match),
      rule,
      effect: JSON.stringify(effect),
      path: ['spec', 'rules', rule, 'matches', index],
    })),
  );
  return wanted.flatMap((name): readonly FoundDeviation[] => {
    const rank = ranks[name];
    if (rank === undefined) return [];
    for (const [index, first] of placed.entries())
      for (const second of placed.slice(index + 1)) {
        if (first.rule === second.rule || !mayOverlap(first.match, second.match)) continue;
        // Findings that neither tells apart go by their place in the route.
        const promised = Math.sign(compareRanks(rankOfSpecification, first.counted, second.counted)) || 1;
        const own = Math.sign(compareRanks(rank, first.counted, second.counted)) || 1;
        if (promised === own) continue;
        const [right, wrong] = promised > 0 ? [first, second] : [second, first];
        if (!isSeenTo(placed, rank, right, wrong))
          return [{ id: 'order-of-matches', path: second.path, implementations: [name] }];
      }
    return [];
  });
}

function isSeenTo(placed: readonly Placed[], rank: Rank, right: Placed, wrong: Placed): boolean {
  const replaces = right.effect.includes('ReplacePrefixMatch');
  const isBefore = (by: Rank, one: Placed, other: Placed): boolean => {
    const order = compareRanks(by, one.counted, other.counted);
    return order > 0 || (order === 0 && placed.indexOf(one) < placed.indexOf(other));
  };
  return placed.some(third => {
    if (!takesCommon(third.match, right.match, wrong.match)) return false;
    const isSame =
      third.effect === right.effect && (!replaces || third.match.path?.value === right.match.path?.value);
    return (
      (isSame && isBefore(rank, third, wrong)) ||
      [rank, rankOfSpecification].every(by => isBefore(by, third, right) && isBefore(by, third, wrong))
    );
  });
}
