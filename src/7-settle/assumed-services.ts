import { placeKey } from '../3-link/admit.ts';
import type { Facts } from '../3-link/facts.ts';
import { groupBy } from '../3-link/group-by.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Unit } from './unit.ts';

/**
 * Tells of Services that routes send requests to, and that are missing from the input though other Services of their namespaces are
 * in it. The proof takes them to exist. If one does not, Envoy answers 503 where a VirtualService sends requests to it, and 500
 * where a route does (route.go, applyHTTPRouteDestination: ClusterNotFoundResponseCode). Each is told of once.
 *
 * @param units the VirtualServices that convert
 * @param members those of them that are settled here; others convert elsewhere
 */
export function reportAssumedServices(
  { namespacesWithServices }: Facts,
  units: readonly Unit[],
  members: ReadonlySet<ResolvedVirtualService>,
): void {
  const found = units
    .filter(({ vs }) => members.has(vs))
    .flatMap(({ assumed, report }) => assumed.map(one => ({ ...one, report })))
    .filter(({ service: { namespace } }) => namespacesWithServices.has(namespace));
  for (const [host, uses] of groupBy(found, ({ service }) => service.host)) {
    const [first] = uses;
    if (first === undefined) continue;
    const others = new Map(uses.map(({ place }) => [placeKey(place), place]));
    others.delete(placeKey(first.place));
    const related = [...others.values()].map(place => ({ message: 'it is a destination here, too', place }));
    first.report('service-not-in-input', first.place, { host, namespace: first.service.namespace }, related);
  }
}
