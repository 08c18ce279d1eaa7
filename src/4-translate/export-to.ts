import { placeOf } from '../2-decode/place-of.ts';
import { nameKey } from '../2-decode/resource.ts';
import { isSeenByWaypoint, type MeshHost, type MeshScope, waypointNamespace } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { waypointOf } from '../3-link/waypoints.ts';
import { keyOf } from '../diagnostics/diagnostic.ts';
import { isNameOf } from '../semantics/asked-host.ts';
import type { Translation } from './translation.ts';

/**
 * Says who sees the routes: everybody sees one beside the Service, only clients of its namespace one elsewhere.
 *
 * @see https://gateway-api.sigs.k8s.io/mesh/#producer-and-consumer-routes
 */
export function reportVisibility(
  { facts, report, declare }: Translation,
  vs: ResolvedVirtualService,
  hosts: readonly MeshHost[],
  scopes: readonly MeshScope[],
): void {
  const isNarrowed = !vs.exportTo.includes('*');
  const place = placeOf(vs.resource, 'spec', isNarrowed ? 'exportTo' : 'hosts');
  const services = hosts.flatMap(host => (host.kind === 'service' ? host.services : []));
  for (const service of new Set(services)) {
    const own = scopes.filter(scope => scope.service === service);
    if (facts.dataPlanes.of(service) === 'ambient') {
      const found = waypointOf(facts.waypoints, service);
      const waypoint = waypointNamespace(found, service);
      if (isSeenByWaypoint(vs, service, found)) continue;
      // Clients with sidecars follow it all the same, if there are any and it is exported to somebody.
      const isRead =
        facts.dataPlanes.seenFrom(service) === undefined && vs.exportTo.some(namespace => namespace !== '~');
      report(isRead ? 'read-by-sidecars-alone' : 'waypoint-does-not-see', keyOf(place), {
        service: service.host,
        waypoint,
      });
      continue;
    }
    for (const namespace of new Set(own.flatMap(({ audience }) => audience ?? []))) {
      const args = { namespace, service: service.host };
      const waypoint = waypointOf(facts.waypoints, service);
      if (waypoint.kind === 'found') {
        const name = `${waypoint.waypoint.namespace}/${waypoint.waypoint.name}`;
        report('consumer-route-at-waypoint', keyOf(place), { ...args, waypoint: name });
      }
      report(facts.options.profile !== 'istio' ? 'export-to-narrowed' : 'consumer-route', keyOf(place), args);
    }
    if (!isNarrowed || !own.some(({ audience }) => audience === undefined)) continue;
    const namespaces = vs.exportTo.join(', ');
    declare(
      'export-to-widened',
      place,
      { namespaces, service: service.host },
      {
        aspects: 'all',
        from: nameKey(vs.resource),
        takes: request => isNameOf(service, request.host),
        isFrom: client => client !== undefined && !vs.exportTo.includes(client),
      },
    );
  }
}
