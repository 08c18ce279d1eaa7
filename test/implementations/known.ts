import type { DeviationId, Implementation } from '../../src/implementations/deviations.ts';
import {
  deviationsOfGRPCRoute,
  deviationsOfHTTPRoute,
  type FoundDeviation,
} from '../../src/implementations/find-deviations.ts';
import type { Aspect } from '../../src/semantics/outcome.ts';
import type { ExpectedRule } from './expected.ts';
import type { Route } from './sample.ts';

/** In what a request may be treated otherwise because of a deviation; a deviation that is not listed reaches everything. */
const reach: Readonly<Partial<Record<DeviationId, readonly Aspect[]>>> = {
  'rewrite-of-the-root': ['path'],
  timeouts: ['timeout'],
  retry: ['retries'],
  'header-of-rule-and-backend': ['requestHeaders', 'responseHeaders'],
};

/** @returns the deviations that the table knows of a route */
export function deviationsOf(route: Route, name: Implementation): readonly FoundDeviation[] {
  return route.type === 'gateway.HTTPRoute'
    ? deviationsOfHTTPRoute(route.spec, [name])
    : deviationsOfGRPCRoute(route.spec, [name]);
}

/**
 * Finds the deviations that explain a difference.
 *
 * @param expected the rule that should have taken the request; another one can take it where an order or an expression deviates
 * @returns none where an aspect is left over that no deviation reaches
 */
export function explanationOf(
  routes: readonly Route[],
  name: Implementation,
  expected: ExpectedRule | undefined,
  aspects: readonly Aspect[],
): readonly DeviationId[] {
  const left = new Set(aspects);
  const ids = new Set<DeviationId>();
  for (const route of routes) {
    for (const { id, path } of deviationsOf(route, name)) {
      const isOfRule =
        route.namespace === expected?.resource.namespace &&
        route.name === expected.resource.name &&
        path[2] === expected.index;
      if (!isOfRule && !reachesOthers(id)) continue;
      const reached = aspects.filter(aspect => reach[id]?.includes(aspect) ?? true);
      if (reached.length > 0) ids.add(id);
      for (const aspect of reached) left.delete(aspect);
    }
  }
  return left.size === 0 ? [...ids] : [];
}

function reachesOthers(id: DeviationId): boolean {
  return id === 'order-of-matches' || id === 'expression-of-a-whole' || id === 'grpc-exact';
}
