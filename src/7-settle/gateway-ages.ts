import { placeOf } from '../2-decode/place-of.ts';
import { besideOnPods, type Facts, type IstioGateway } from '../3-link/facts.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import { serverAdmits } from '../3-link/gateways/gateway-servers.ts';
import { conflictOf } from '../3-link/gateways/merge-servers.ts';
import { hostsOverlap, isSubsetOfHost } from '../3-link/hostname.ts';
import { memoised } from '../3-link/memoised.ts';
import { agedOf, isOlder, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { listenerTls } from '../semantics/listener-tls.ts';
import type { Unit } from './unit.ts';

/**
 * Holds back VirtualServices whose server istiod may leave out, because another Gateway of the same pods is perhaps older. The
 * manifests do not tell, so that nobody knows which requests are answered today.
 *
 * @see istio.io/istio/pilot/pkg/model/gateway.go, mergeGateways
 */
export function holdBackAtUnknownAges(facts: Facts, units: readonly Unit[]): void {
  const conflictsOf = memoised((gateway: IstioGateway) => conflictsIn(facts, gateway));
  for (const { vs, report } of units) {
    for (const [index, key] of vs.gateways.entries()) {
      const gateway = facts.istioGateways.get(key);
      const conflicts = gateway === undefined ? [] : conflictsOf(gateway);
      const found = conflicts.find(
        ({ server, other }) => hostsFor(server, vs).length > 0 && !doesTheSame(vs, server, other),
      );
      if (found === undefined) continue;
      const { server, other, what } = found;
      report(
        'gateway-of-unknown-age',
        placeOf(vs.resource, 'spec', 'gateways', index),
        { gateway: key, other: other.gateway, what, port: server.port },
        [server, other].map(one => ({
          message: `the server of Istio Gateway ${one.gateway}`,
          place: placeOf(one.resource, 'spec', 'servers', one.index),
        })),
      );
    }
  }
}

interface Conflict {
  readonly server: GatewayServer;
  readonly other: GatewayServer;
  readonly what: string;
}

/** The servers of a Gateway that istiod leaves out if another Gateway is older, and nobody knows whether it is. */
function conflictsIn(facts: Facts, gateway: IstioGateway): readonly Conflict[] {
  const rivals = besideOnPods(facts, gateway).filter(
    other => isOlder(agedOf(gateway.resource), agedOf(other.resource)) === undefined,
  );
  return gateway.servers.flatMap(server =>
    rivals
      .flatMap(rival => rival.servers)
      .flatMap(other => {
        const what = conflictOf(other, server);
        return what === undefined ? [] : [{ server, other, what }];
      }),
  );
}

/** The hosts of a server that a VirtualService has a say in. */
function hostsFor({ hosts }: GatewayServer, vs: ResolvedVirtualService): GatewayServer['hosts'] {
  return hosts.filter(
    host => serverAdmits(host, vs.namespace) && vs.hosts.some(own => hostsOverlap(own, host.host)),
  );
}

/** Whether the other server answers all requests to a VirtualService in the same way, so that the order does not matter. */
function doesTheSame(vs: ResolvedVirtualService, server: GatewayServer, other: GatewayServer): boolean {
  const isCovered = hostsFor(server, vs).every(({ host }) =>
    hostsFor(other, vs).some(theirs => isSubsetOfHost(host, theirs.host)),
  );
  if (!isCovered || server.protocol !== other.protocol || server.passthrough !== other.passthrough)
    return false;
  if (server.httpsRedirect || other.httpsRedirect) return server.httpsRedirect && other.httpsRedirect;
  return vs.gateways.includes(other.gateway) && listenerTls(server) === listenerTls(other);
}
