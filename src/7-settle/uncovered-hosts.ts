import type { AnyResource } from '../2-decode/resource.ts';
import { besideOnPods, type Facts, type IstioGateway } from '../3-link/facts.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import { namesInCommon } from '../3-link/hostname.ts';

/** A host that another Istio Gateway of the same pods serves, which stays. */
export interface UncoveredHost {
  /** `NAMESPACE/NAME`. */
  readonly gateway: string;
  readonly host: string;
}

/**
 * Hosts of an Istio Gateway that goes, where one that stays on its pods has them too. Behind TLS istiod keeps the server of the
 * older Gateway alone, and a redirect to https of one of them is for the host of both: these change for the other.
 *
 * @see istio.io/istio/pilot/pkg/model/gateway.go, mergeGateways
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
export function uncoveredHosts(
  facts: Facts,
  own: IstioGateway,
  gone: ReadonlySet<AnyResource>,
): readonly UncoveredHost[] {
  const covering = own.servers.filter(
    ({ protocol, httpsRedirect }) => isBehindTls(protocol) || httpsRedirect,
  );
  if (covering.length === 0) return [];
  const staying = besideOnPods(facts, own).filter(({ resource }) => !gone.has(resource));
  return staying.flatMap(({ resource, servers }) =>
    servers.flatMap(other =>
      covering
        .filter(({ listensOn }) => listensOn === other.listensOn)
        .flatMap(server =>
          namesInCommon(
            server.hosts,
            other.hosts.map(({ host }) => host),
          ),
        )
        .map(host => ({ gateway: `${resource.namespace}/${resource.name}`, host })),
    ),
  );
}

function isBehindTls(protocol: GatewayServer['protocol']): boolean {
  return protocol === 'https' || protocol === 'tls';
}
