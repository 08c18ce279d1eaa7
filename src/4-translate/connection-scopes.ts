import type { Facts } from '../3-link/facts.ts';
import type { MeshPort, MeshService } from '../3-link/registry.ts';
import {
  connectionServices,
  type GatewayScope,
  gatewayScopes,
  isSeenByWaypoint,
  type MeshScope,
  type Scope,
} from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { waypointOf } from '../3-link/waypoints.ts';
import type * as istio from '../istio/index.ts';

/** The part of a match that both kinds of entries have. */
export type ConnectionMatch = istio.L4MatchAttributes & istio.TLSMatchAttributes;

/** A port that carries connections, and whether the name in a handshake can be read there. */
export interface ConnectionScope {
  readonly scope: Scope;
  readonly passesNames: boolean;
}

/** Ports that carry connections: those of Services that are not known to carry HTTP, and servers that open none. */
export function connectionScopes(facts: Facts, vs: ResolvedVirtualService): readonly ConnectionScope[] {
  const mesh = connectionServices(facts, vs).flatMap(service => {
    const waypoint = waypointOf(facts.waypoints, service);
    const dataPlane = facts.dataPlanes.of(service);
    if (dataPlane === 'ambient' && !isSeenByWaypoint(vs, service, waypoint)) return [];
    return portsOf(service, vs).map(
      (port): ConnectionScope => ({
        scope: {
          kind: 'mesh',
          gateway: 'mesh',
          service,
          port,
          scheme: 'http',
          waypoint,
          dataPlane,
          audience: undefined,
        },
        passesNames: port.protocol === 'tls',
      }),
    );
  });
  return [...mesh, ...gatewayScopes(facts, vs, ['tcp', 'tls']).flatMap(scope => readings(vs, scope))];
}

/** The entries tell what a Gateway passes on that is not found in the input. */
function readings(vs: ResolvedVirtualService, scope: GatewayScope): readonly ConnectionScope[] {
  if (scope.servers.length > 0) {
    return [{ scope, passesNames: scope.servers.some(({ passthrough }) => passthrough) }];
  }
  const readingOf = (entries: readonly (istio.TLSRoute | istio.TCPRoute)[], passesNames: boolean) => {
    if (entries.length === 0) return [];
    const ports = entries
      .flatMap(({ match = [] }) => (match.length === 0 ? [{}] : match))
      .filter(
        ({ gateways = [] }: ConnectionMatch) => gateways.length === 0 || gateways.includes(scope.gateway),
      )
      .map(({ port }: ConnectionMatch) => (port === 0 ? undefined : port));
    const numbers = ports.includes(undefined) ? [undefined] : [...new Set(ports)];
    return numbers.map(port => ({ scope: { ...scope, port }, passesNames }));
  };
  return [...readingOf(vs.tls, true), ...readingOf(vs.tcp, false)];
}

function portsOf(service: MeshService, vs: ResolvedVirtualService): readonly MeshPort[] {
  const carrying = service.ports.filter(
    ({ protocol }) => protocol === 'tcp' || protocol === 'tls' || protocol === 'sniffed',
  );
  if (carrying.length > 0 || !service.assumed) return carrying;
  const named = [...vs.tls, ...vs.tcp].flatMap(({ match = [] }) => match.flatMap(({ port }) => port ?? []));
  const own = [...vs.tls, ...vs.tcp].flatMap(({ route = [] }) =>
    route.flatMap(({ destination }) =>
      destination.host === service.host ? (destination.port?.number ?? []) : [],
    ),
  );
  const protocol = vs.tls.length > 0 ? 'tls' : 'tcp';
  const numbers = named.length > 0 ? named : own.length > 0 ? own : service.ports.map(({ number }) => number);
  return [...new Set(numbers)].map(number => ({ number, protocol, targetPort: number }));
}

/** Whether a match is for a gateway or the mesh, and for a port of it. */
export function isIn({ gateways = [], port = 0 }: ConnectionMatch, scope: Scope): boolean {
  const listening = scope.kind === 'mesh' ? scope.port?.number : scope.port;
  return (
    (gateways.length === 0 || gateways.includes(scope.gateway)) &&
    (port === 0 || listening === undefined || port === listening)
  );
}

export function isSet(value: ConnectionMatch[keyof ConnectionMatch]): boolean {
  if (value === undefined || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** Whether the waypoint decides: of the connections inside the mesh, where VirtualServices are honoured there. */
export function isAtWaypoint(scope: Scope): scope is MeshScope {
  return scope.kind === 'mesh' && scope.dataPlane === 'ambient';
}

/** Whether the one name of a match is a host. */
export function isNameOf({ sniHosts = [] }: ConnectionMatch, host: string): boolean {
  return sniHosts.length === 1 && sniHosts[0] === host;
}
