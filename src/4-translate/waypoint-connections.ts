import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import type { MeshPort, MeshService } from '../3-link/registry.ts';
import type { MeshScope } from '../3-link/scopes.ts';
import { type WaypointOf, waypointOf } from '../3-link/waypoints.ts';
import type { ConnectionPlan } from './connection-plans.ts';
import type { Translation } from './translation.ts';

/**
 * Says of routes for connections what a waypoint's Gateway as a parent cannot tell apart: a TCPRoute names neither host nor
 * port, so that it stands for whatever is connected to through the waypoint; a TLSRoute names no port. If several routes
 * are for the same connections, the oldest counts.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#tcproute
 */
export function reportSharedWaypoints(
  { facts, report }: Translation,
  plans: readonly ConnectionPlan[],
): void {
  const { attach, profile } = facts.options;
  if (attach === 'service') return;
  for (const { vs, kind, scopes, index } of plans) {
    const own = scopes.filter(scope => scope.kind === 'mesh');
    for (const { waypoint } of own) {
      if (waypoint.kind !== 'found') continue;
      const services = new Set(own.map(({ service }) => service));
      const others = portsBehind(facts, waypoint, services).filter(
        ({ service, port }) =>
          !own.some(scope => isSame(scope, service, port)) && (kind === 'tcp' || services.has(service)),
      );
      if (others.length === 0) continue;
      const args = {
        route: kind === 'tcp' ? 'TCPRoute' : 'TLSRoute',
        waypoint: `${waypoint.waypoint.namespace}/${waypoint.waypoint.name}`,
        own: listed(
          own.map(({ service, port }) =>
            port === undefined ? service.host : `${service.host}:${port.number}`,
          ),
        ),
        others: listed(others.map(({ service, port }) => `${service.host}:${port.number}`)),
        apart: others.some(({ service }) => services.has(service))
          ? 'move these ports to Services of their own that use another waypoint'
          : 'set label istio.io/use-waypoint to another waypoint on these Services',
      };
      const place = placeOf(vs.resource, 'spec', kind, index);
      if (attach === 'waypoint' || profile !== 'istio')
        report('connections-share-waypoint-alone', place, args);
      else report('connections-share-waypoint', place, args);
      break;
    }
  }
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}

interface PortBehind {
  readonly service: MeshService;
  readonly port: MeshPort;
}

/**
 * The ports that carry no HTTP of the Services that use a waypoint.
 *
 * @param own counts as well where no label says so
 */
function portsBehind(
  { registry, waypoints }: Facts,
  { waypoint }: Extract<WaypointOf, { readonly kind: 'found' }>,
  own: ReadonlySet<MeshService>,
): readonly PortBehind[] {
  return [...registry.byHost.values()].flatMap(service => {
    const found = waypointOf(waypoints, service);
    const isHere =
      found.kind === 'found' &&
      (own.has(service) || (found.by !== 'only' && found.by !== 'option')) &&
      found.waypoint.namespace === waypoint.namespace &&
      found.waypoint.name === waypoint.name;
    const ports = isHere ? service.ports.filter(({ protocol }) => carriesConnections(protocol)) : [];
    return ports.map(port => ({ service, port }));
  });
}

function carriesConnections(protocol: MeshPort['protocol']): boolean {
  return protocol === 'tcp' || protocol === 'tls';
}

function isSame(scope: MeshScope, service: MeshService, port: MeshPort): boolean {
  return scope.service === service && (scope.port === undefined || scope.port.number === port.number);
}
