import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { type EntryContext, entryPlace } from './context.ts';
import { translateDestination } from './destination.ts';
import { headerFilters, translateHeaders } from './headers.ts';

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
  let complete = true;
  for (const [index, route] of routes.entries()) {
    const weight = routes.length === 1 ? undefined : (route.weight ?? 0);
    if (routes.length > 1 && route.weight === undefined) {
      context.report('weight-unset', entryPlace(context, 'route', index), {});
    }
    const backend = translateDestination(
      context,
      route.destination,
      entryPlace(context, 'route', index, 'destination'),
    );
    const headers = translateHeaders(context, route.headers, 'destination', ['route', index, 'headers']);
    if (backend === undefined || headers === undefined) {
      complete = false;
      continue;
    }
    const filters = headerFilters(headers);
    backendRefs.push({
      ...backend,
      ...(weight === undefined ? {} : { weight }),
      ...(filters.length === 0 ? {} : { filters }),
    });
  }
  return complete ? backendRefs : undefined;
}
