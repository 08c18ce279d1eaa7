import type { IstioGateway } from '../3-link/facts.ts';
import { serverAdmits } from '../3-link/gateways/gateway-servers.ts';
import { hostsOverlap, isWildcard, servedName } from '../3-link/hostname.ts';
import type { MeshService } from '../3-link/registry.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Translation } from './translation.ts';

/**
 * Says which hosts of a VirtualService a Gateway does not serve for their capitals alone: hostnames of the Gateway API have none, so
 * that the Gateway would serve its route.
 *
 * @see istio.io/istio/pkg/config/host/name.go, Matches
 */
export function reportCapitals(
  { report }: Translation,
  vs: ResolvedVirtualService,
  { servers }: IstioGateway,
  gateway: string,
  place: Place,
): void {
  for (const served of servers.flatMap(({ hosts }) => hosts)) {
    if (!serverAdmits(served, vs.namespace)) continue;
    for (const host of vs.hosts.filter(name => hostsOverlap(served.host, name)))
      if (servedName(served, host, vs.capitals) === undefined)
        report('host-case-differs', place, {
          host: vs.capitals?.get(host) ?? host,
          served: served.written ?? served.host,
          gateway,
        });
  }
}

/**
 * Says which host in the mesh has no effect for its capitals: only sidecars ignore them, for requests to a host that is no wildcard.
 *
 * @param host in lower case
 * @see istio.io/istio/pilot/pkg/networking/core/httproute.go, BuildSidecarOutboundVirtualHosts
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, getVirtualServiceForWaypoint
 * @see istio.io/istio/pilot/pkg/networking/core/tls.go, getConfigsForHost
 */
export function reportCapitalsInMesh(
  { facts, report }: Translation,
  vs: ResolvedVirtualService,
  host: string,
  services: readonly MeshService[],
  place: Place,
): void {
  const written = vs.capitals?.get(host);
  if (written === undefined) return;
  const isAtWaypoint = services.some(service => facts.dataPlanes.of(service) === 'ambient');
  const hasConnections = vs.tls.length + vs.tcp.length > 0;
  if (isAtWaypoint) report('host-in-capitals', place, { host: written, who: 'waypoints' });
  else if (hasConnections || isWildcard(host))
    report('host-in-capitals', place, { host: written, who: 'sidecars' });
}
