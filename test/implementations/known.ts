import { deviationsAmong } from '../../src/7-settle/deviations-among.ts';
import type { DeviationId, Implementation } from '../../src/implementations/deviations.ts';
import {
  deviationsOfGRPCRoute,
  deviationsOfHTTPRoute,
  type FoundDeviation,
} from '../../src/implementations/find-deviations.ts';
import type { Aspect } from '../../src/semantics/outcome.ts';
import type { ExpectedRule } from './expected.ts';
import { attached, type Route } from './sample.ts';

/** In what a request may be treated otherwise because of a deviation; a deviation that is not listed reaches everything. */
const reach: Readonly<Partial<Record<DeviationId, readonly Aspect[]>>> = {
  'rewrite-of-the-root': ['path'],
  'replacement-to-the-letter': ['path', 'redirect'],
  timeouts: ['timeout'],
  retry: ['retries'],
  'header-of-rule-and-backend': ['requestHeaders', 'responseHeaders'],
};

/** A deviation, and the rule in which it was found. */
interface Known {
  readonly id: DeviationId;
  readonly route: Route;
  readonly rule: unknown;
}

/** Finds the deviations that explain a difference; none where an aspect is left over that no deviation reaches. */
export type Explain = (
  /** The rule that should have taken the request; another one can take it where an order or an expression deviates. */
  expected: ExpectedRule | undefined,
  aspects: readonly Aspect[],
) => readonly DeviationId[];

/**
 * Reads what the table knows of routes.
 *
 * @param names the implementation, and Istio where its reading of the routes is the expected one
 */
export function explainerOf(routes: readonly Route[], names: readonly Implementation[]): Explain {
  const known = [
    ...routes.flatMap(route => deviationsOf(route, names).map(found => ({ route, found }))),
    ...deviationsAmong(routes.map(attached), names),
  ].map(({ route, found }): Known => ({ id: found.id, route, rule: found.path[2] }));
  return (expected, aspects) => {
    const left = new Set(aspects);
    const ids = new Set<DeviationId>();
    for (const { id, route, rule } of known) {
      const isOfRule =
        route.namespace === expected?.resource.namespace &&
        route.name === expected.resource.name &&
        rule === expected.index;
      if (!isOfRule && !ofOthers.has(id)) continue;
      const reached = aspects.filter(aspect => reach[id]?.includes(aspect) ?? true);
      if (reached.length > 0) ids.add(id);
      for (const aspect of reached) left.delete(aspect);
    }
    return left.size === 0 ? [...ids] : [];
  };
}

function deviationsOf(route: Route, names: readonly Implementation[]): readonly FoundDeviation[] {
  return route.type === 'gateway.HTTPRoute'
    ? deviationsOfHTTPRoute(route.spec, names)
    : deviationsOfGRPCRoute(route.spec, names);
}

/** Deviations because of which a request may get to another rule than the one that should have taken it. */
const ofOthers: ReadonlySet<DeviationId> = new Set<DeviationId>([
  'order-of-matches',
  'hostnames-that-overlap',
  'escape-in-a-path',
  'expression-of-a-whole',
  'grpc-exact',
  'order-of-grpc-matches',
]);
