import type { HTTPRoute, HTTPRouteMatch } from '../gateway-api/http-route.ts';
import type { FieldPath } from '../yaml/source.ts';
import type { DeviationId, Implementation } from './deviations.ts';
import {
  type Counted,
  compareRanks,
  countedOf,
  mayOverlap,
  type Rank,
  rankOfSpecification,
  ranks,
  ranksWithOpenTies,
  takesCommon,
} from './ranks.ts';

/** A match that an implementation asks in another order than the specification. */
export interface FoundOrder {
  readonly id: Extract<
    DeviationId,
    'order-of-matches' | 'hostnames-that-overlap' | 'match-of-an-earlier-rule'
  >;
  /** The route of the match that comes too late or too early, by its index. */
  readonly route: number;
  /** From the root of that route. */
  readonly path: FieldPath;
  readonly implementation: Implementation;
}

/** A match of one of the routes that are asked together. */
interface Placed {
  readonly match: HTTPRouteMatch;
  readonly counted: Counted;
  /** Its rule, as `ROUTE/RULE`, and the effect of that rule on a request. */
  readonly rule: string;
  readonly effect: string;
  readonly route: number;
  readonly path: FieldPath;
}

/**
 * Pairs of matches that an implementation asks in the other order, where a request may be for both. A pair does no harm where a
 * third match takes what both take, comes before the wrong one, and leads to the same as the right one; or where one comes
 * before both of them in either order.
 *
 * @param routes of the same hostnames and parents, in the order in which they win ties
 * @returns the first pair of each implementation
 */
export function ordersOf(
  routes: readonly HTTPRoute[],
  wanted: readonly Implementation[],
): readonly FoundOrder[] {
  const placed = routes.flatMap(matchesOf);
  return wanted.flatMap((name): readonly FoundOrder[] => {
    const rank = ranks[name];
    const wrong = rank === undefined ? undefined : firstOutOfOrder(placed, rank, ranksWithOpenTies.has(name));
    return wrong === undefined
      ? []
      : [{ id: 'order-of-matches', route: wrong.route, path: wrong.path, implementation: name }];
  });
}

function matchesOf({ hostnames = [], rules = [] }: HTTPRoute, route: number): readonly Placed[] {
  const hostname = Math.max(0, ...hostnames.map(host => host.length));
  return rules.flatMap(({ matches = [{}], name: _, ...effect }, rule): readonly Placed[] =>
    matches.map((match, index) => ({
      match,
      counted: countedOf(match, { rulesToEnd: rules.length - rule, hostname }),
      rule: `${route}/${rule}`,
      effect: JSON.stringify(effect),
      route,
      path: ['spec', 'rules', rule, 'matches', index],
    })),
  );
}

/** @returns the later match of the first pair */
function firstOutOfOrder(placed: readonly Placed[], rank: Rank, hasOpenTies: boolean): Placed | undefined {
  for (const [index, first] of placed.entries())
    for (const second of placed.slice(index + 1)) {
      if (first.rule === second.rule || hasSameEffect(first, second)) continue;
      if (!mayOverlap(first.match, second.match)) continue;
      // Matches of equal rank go by their place in the route.
      const promised = Math.sign(compareRanks(rankOfSpecification, first.counted, second.counted)) || 1;
      const own = Math.sign(compareRanks(rank, first.counted, second.counted)) || (hasOpenTies ? 0 : 1);
      if (promised === own) continue;
      const [right, wrong] = promised > 0 ? [first, second] : [second, first];
      if (!isSeenTo(placed, rank, hasOpenTies, right, wrong)) return second;
    }
  return undefined;
}

/** A replaced prefix is the path of the match. */
function hasSameEffect(first: Placed, second: Placed): boolean {
  const isOfPath = first.effect.includes('ReplacePrefixMatch');
  return (
    first.effect === second.effect && (!isOfPath || first.match.path?.value === second.match.path?.value)
  );
}

function isSeenTo(
  placed: readonly Placed[],
  rank: Rank,
  hasOpenTies: boolean,
  right: Placed,
  wrong: Placed,
): boolean {
  const isBefore = (by: Rank, one: Placed, other: Placed): boolean => {
    const order = compareRanks(by, one.counted, other.counted);
    if (order !== 0 || (hasOpenTies && by === rank)) return order > 0;
    return placed.indexOf(one) < placed.indexOf(other);
  };
  return placed.some(
    third =>
      takesCommon(third.match, right.match, wrong.match) &&
      ((hasSameEffect(third, right) && isBefore(rank, third, wrong)) ||
        [rank, rankOfSpecification].every(by => isBefore(by, third, right) && isBefore(by, third, wrong))),
  );
}

/**
 * Looks at a route beside one for a less specific hostname. To Istio the most specific hostname decides alone. An implementation
 * that asks both routes agrees where each match of the less specific one is hidden by a match of the other.
 *
 * @param specific the route whose hostname is the more specific one
 * @returns the match that takes requests for the more specific hostname
 */
export function hostnamesOf(
  specific: HTTPRoute,
  other: HTTPRoute,
  wanted: readonly Implementation[],
): readonly FoundOrder[] {
  if (!wanted.includes('traefik')) return [];
  const [hiding, asked] = [matchesOf(specific, 0), matchesOf(other, 1)];
  const rank = ranks.traefik ?? rankOfSpecification;
  const seen = asked.find(
    one =>
      !hiding.some(
        by => takesCommon(by.match, one.match, one.match) && compareRanks(rank, by.counted, one.counted) > 0,
      ),
  );
  return seen === undefined
    ? []
    : [{ id: 'hostnames-that-overlap', route: 1, path: seen.path, implementation: 'traefik' }];
}

/**
 * Looks for rules with several matches, one of which an earlier rule has as well: the specification gives that match to the
 * earlier rule, and the others stay.
 *
 * @param routes of the same hostnames and parents, in the order in which they win ties
 * @see contour/internal/dag/gatewayapi_processor.go, hasConflictRoute
 */
export function repeatedMatchesOf(
  routes: readonly HTTPRoute[],
  wanted: readonly Implementation[],
): readonly FoundOrder[] {
  if (!wanted.includes('contour')) return [];
  const seen = new Set<string>();
  return routes.flatMap(({ rules = [] }, route) =>
    rules.flatMap(({ matches = [{}] }, rule): readonly FoundOrder[] => {
      const keys = matches.map(matchKey);
      if (!keys.some(key => seen.has(key))) {
        for (const key of keys) seen.add(key);
        return [];
      }
      // A rule with that match alone gets no request in any case.
      if (keys.length === 1) return [];
      const path = ['spec', 'rules', rule, 'matches'];
      return [{ id: 'match-of-an-earlier-rule', route, path, implementation: 'contour' }];
    }),
  );
}

function matchKey({ path, method, headers = [], queryParams = [] }: HTTPRouteMatch): string {
  const listed = (values: HTTPRouteMatch['headers']) =>
    (values ?? []).map(({ type = 'Exact', name, value }) => `${name.toLowerCase()} ${type} ${value}`).sort();
  const parts: Readonly<Record<keyof HTTPRouteMatch, unknown>> = {
    path: [path?.type ?? 'PathPrefix', path?.value ?? '/'],
    method,
    headers: listed(headers),
    queryParams: listed(queryParams),
  };
  return JSON.stringify(parts);
}
