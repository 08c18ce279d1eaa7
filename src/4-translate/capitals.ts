import type { Facts, IstioGateway } from '../3-link/facts.ts';
import { serverAdmits } from '../3-link/gateways/gateway-servers.ts';
import { hostsOverlap, intersectHosts, isSubsetOfHost, isWildcard, servedName } from '../3-link/hostname.ts';
import type { MeshService } from '../3-link/registry.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Translation } from './translation.ts';

/**
 * Says which hosts of a VirtualService a Gateway does not serve for their capitals alone: hostnames of the Gateway API have none, so
 * that the Gateway would serve its route. A server without TLS that has a host in both spellings serves it as it is.
 *
 * @see istio.io/istio/pkg/config/host/name.go, Matches
 */
export function reportCapitals(
  { facts, report }: Translation,
  vs: ResolvedVirtualService,
  { servers }: IstioGateway,
  gateway: string,
  place: Place,
): void {
  for (const { hosts, protocol } of servers) {
    const admitting = hosts.filter(served => serverAdmits(served, vs.namespace));
    for (const served of admitting)
      for (const host of vs.hosts) {
        const common = intersectHosts(served.host, host);
        if (common === undefined || servedName(served, host, vs.capitals) !== undefined) continue;
        // Envoy compares names of TLS connections in lower case, and takes none twice (filter_chain_manager_impl.cc).
        const isServed =
          protocol === 'http' &&
          admitting.some(other => isSubsetOfHost(common, servedName(other, host, vs.capitals) ?? ''));
        if (isServed && !isWrittenOtherwise(facts, vs, host, gateway)) continue;
        report('host-case-differs', place, {
          host: vs.capitals?.get(host) ?? host,
          served: served.written ?? served.host,
          gateway,
        });
      }
  }
}

/** Whether another VirtualService of a Gateway has a host in other spelling: istiod makes a virtual host of each. */
function isWrittenOtherwise(
  { virtualServices }: Facts,
  vs: ResolvedVirtualService,
  host: string,
  gateway: string,
): boolean {
  const written = vs.capitals?.get(host) ?? host;
  return virtualServices.some(
    other =>
      other.gateways.includes(gateway) &&
      other.hosts.some(
        theirs => hostsOverlap(theirs, host) && isUnlike(other.capitals?.get(theirs) ?? theirs, written),
      ),
  );
}

/** Whether two hosts that overlap do not as they are written. */
function isUnlike(one: string, other: string): boolean {
  return intersectHosts(one, other) === undefined;
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
