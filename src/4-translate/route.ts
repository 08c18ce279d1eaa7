import { findService } from '../3-link/registry.ts';
import {
  type DestinationRule,
  destinationRulesFor,
  effectivePolicy,
  findSubset,
} from '../3-link/subsets/destination-rules.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { routeHash } from '../semantics/route-hash.ts';
import { type EntryContext, entryPlace } from './context.ts';
import { translateDestination } from './destination.ts';
import { headerFilters, maxOperations, operationCounts, translateHeaders } from './headers.ts';

/**
 * Writes the destinations of an entry as backendRefs. Among several an unset weight is 0; a sole one gets everything,
 * whatever its weight.
 *
 * @returns undefined, after reports, when one that gets requests has no backend
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, applyHTTPRouteDestination
 */
export function translateRoute(
  context: EntryContext,
  routes: readonly istio.HTTPRouteDestination[],
): readonly gateway.HTTPBackendRef[] | undefined {
  const backendRefs: gateway.HTTPBackendRef[] = [];
  const weights = reduced(routes.map(route => route.weight ?? 0));
  let complete = fitsLimits(context, weights);
  for (const [index, route] of routes.entries()) {
    const weight = routes.length === 1 ? undefined : weights[index];
    if (routes.length > 1 && route.weight === undefined) {
      context.report('weight-unset', entryPlace(context, 'route', index), {});
    }
    // No request goes to a destination of weight 0 among others.
    const isSentTo = routes.length === 1 || (route.weight ?? 0) > 0;
    const backend = translateDestination(
      isSentTo ? context : { ...context, assume: () => undefined },
      route.destination,
      entryPlace(context, 'route', index, 'destination'),
    );
    const headers = translateHeaders(context, route.headers, 'destination', ['route', index, 'headers']);
    if (backend === undefined || headers === undefined) {
      complete = false;
      continue;
    }
    const tooMany = operationCounts(headers).find(({ count }) => count > maxOperations);
    if (tooMany !== undefined) {
      context.report('header-operations-too-many', entryPlace(context, 'route', index, 'headers'), tooMany);
      complete = false;
    }
    const filters = headerFilters(headers);
    declareHashOfPort(context, route.destination, backend.port, index);
    backendRefs.push({
      ...backend,
      ...(weight === undefined ? {} : { weight }),
      ...(filters.length === 0 ? {} : { filters }),
    });
  }
  declareSoleHash(context, routes);
  for (const [index, { destination }] of routes.entries()) declareIdleHash(context, destination, index);
  declareMissingHash(context, routes);
  return complete ? backendRefs : undefined;
}

/**
 * istiod drops backends of weight 0 before it looks whether one is alone; among the destinations of a VirtualService they
 * count. A sole backend whose requests are spread by a hash may get a retry, too.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, applyHTTPRouteDestination
 */
function declareSoleHash(context: EntryContext, routes: readonly istio.HTTPRouteDestination[]): void {
  const index = routes.findIndex(({ weight = 0 }) => weight > 0);
  const route = routes[index];
  if (route === undefined || routes.length < 2) return;
  if (routes.filter(({ weight = 0 }) => weight > 0).length > 1) return;
  const { destination } = route;
  if (routeHash(rulesOf(context, destination), destination) === undefined) return;
  context.declare(
    'hash-of-sole-backend',
    entryPlace(context, 'route', index),
    { host: destination.host },
    { aspects: ['retries', 'trafficPolicy'], takes: () => true },
  );
}

/**
 * istiod takes the hash of portLevelSettings only for a destination that names its port, as backendRefs do always.
 *
 * @param port of the backendRef
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, portLevelSettingsConsistentHash
 */
function declareHashOfPort(
  context: EntryContext,
  destination: istio.Destination,
  port: number | undefined,
  index: number,
): void {
  if (port === undefined || destination.port?.number !== undefined) return;
  const rules = rulesOf(context, destination);
  const hash = routeHash(rules, { ...destination, port: { number: port } });
  if (hash === undefined || hash === routeHash(rules, destination)) return;
  context.declare(
    'hash-of-unnamed-port',
    entryPlace(context, 'route', index, 'destination'),
    { host: destination.host, port },
    { aspects: ['retries', 'trafficPolicy'], takes: () => true },
  );
}

/**
 * A subset that balances otherwise does not take the hash of its host away from the route, where it has no use and only
 * keeps retries from other pods; the Service of the subset has no such host.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, HashForHTTPDestination
 */
function declareIdleHash(context: EntryContext, destination: istio.Destination, index: number): void {
  const { host, subset } = destination;
  if (!subset) return;
  const rules = rulesOf(context, destination);
  const hash = routeHash(rules, destination);
  const port = destination.port?.number ?? -1;
  const policy = effectivePolicy(rules, findSubset(rules, subset)?.subset, port);
  if (hash === undefined || policy.loadBalancer?.consistentHash !== undefined) return;
  context.declare(
    'hash-without-use',
    entryPlace(context, 'route', index, 'destination', 'subset'),
    { host, subset },
    { aspects: ['retries', 'trafficPolicy'], takes: () => true },
  );
}

/**
 * istiod writes the hash of a host into the route for a subset that nobody defines, too, and Envoy combines it with the hashes of the
 * other destinations. The Service of such a subset has no hash.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, applyHTTPRouteDestination
 */
function declareMissingHash(context: EntryContext, routes: readonly istio.HTTPRouteDestination[]): void {
  if (routes.length < 2) return;
  for (const [index, { destination }] of routes.entries()) {
    const { host, subset } = destination;
    const rules = rulesOf(context, destination);
    if (!subset || findSubset(rules, subset) !== undefined) continue;
    if (routeHash(rules, destination) === undefined) continue;
    context.declare(
      'hash-of-missing-subset',
      entryPlace(context, 'route', index, 'destination', 'subset'),
      { host, subset },
      { aspects: ['trafficPolicy'], takes: () => true },
    );
  }
}

/** The DestinationRules that clients in the namespace of the VirtualService see for a destination. */
function rulesOf({ facts, vs }: EntryContext, { host }: istio.Destination): readonly DestinationRule[] {
  const service = findService(facts.registry, host);
  return service === undefined
    ? []
    : destinationRulesFor(facts.destinationRules, service.host, service.namespace, vs.namespace);
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec and #backendref */
const limits = { backends: 16, weight: 1_000_000 } as const;

/** Weights are shares: those that are too large for a route are divided by what divides them all. */
function reduced(weights: readonly number[]): readonly number[] {
  if (weights.length < 2 || Math.max(...weights) <= limits.weight) return weights;
  const divisor = weights.reduce(greatestCommonDivisor, 0);
  return divisor === 0 ? weights : weights.map(weight => weight / divisor);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function fitsLimits(context: EntryContext, weights: readonly number[]): boolean {
  const tooMany = weights.length > limits.backends;
  if (tooMany) context.report('backends-too-many', entryPlace(context, 'route'), { count: weights.length });
  if (weights.length < 2) return !tooMany;
  const heavy = weights.findIndex(weight => weight > limits.weight);
  if (heavy >= 0)
    context.report('weight-too-large', entryPlace(context, 'route', heavy, 'weight'), {
      weight: weights[heavy] ?? 0,
    });
  return !tooMany && heavy < 0;
}
