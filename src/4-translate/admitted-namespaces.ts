import type { GatewayServer, ServerHost } from '../3-link/gateways/gateway-server.ts';
import { serverAdmits } from '../3-link/gateways/gateway-servers.ts';
import { hostsOverlap, isSubsetOfHost } from '../3-link/hostname.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';

/** A VirtualService of the Istio Gateway. */
export type Speaker = Pick<ResolvedVirtualService, 'namespace' | 'hosts'>;

/**
 * The namespaces whose routes a listener has to admit so that VirtualServices keep their say: those that the server names for the
 * host, and those that have it by a wildcard, where one of them speaks of it. Routes reach the closest listener alone, and a
 * VirtualService for a wildcard is not asked for a name that another one has.
 *
 * @param servers of one Istio Gateway; those without TLS are one where they share a port
 * @param speakers asked only where wildcards are for other namespaces
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, pickMatchingGatewayHosts
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, hostnameAllowedByIsolation
 */
export function admittedNamespaces(
  servers: readonly GatewayServer[],
  server: GatewayServer,
  host: string,
  speakers: () => readonly Speaker[],
): readonly string[] {
  const covering = servedWith(servers, server).filter(other => isSubsetOfHost(host, other.host));
  const named = covering.filter(other => other.host === host);
  const admitted = new Set(named.flatMap(({ namespaces }) => namespaces));
  if (admitted.has('*')) return [...admitted];
  const wider = covering.filter(({ namespaces }) => namespaces.some(namespace => !admitted.has(namespace)));
  if (wider.length === 0) return [...admitted];
  const all = speakers();
  const speaksOf = ({ hosts }: Speaker) => hosts.some(own => isSubsetOfHost(own, host));
  const isTaken = all.some(vs => speaksOf(vs) && covering.some(other => serverAdmits(other, vs.namespace)));
  const speaks = (vs: Speaker) => speaksOf(vs) || (!isTaken && vs.hosts.some(own => hostsOverlap(own, host)));
  for (const other of wider) {
    const speaking = all.filter(vs => serverAdmits(other, vs.namespace) && speaks(vs));
    for (const { namespace } of speaking) admitted.add(namespace);
  }
  return [...admitted];
}

/** The hosts of the servers that are one with a server. */
function servedWith(servers: readonly GatewayServer[], server: GatewayServer): readonly ServerHost[] {
  if (server.protocol !== 'http') return server.hosts;
  return servers.flatMap(({ protocol, listensOn, hosts }) =>
    protocol === 'http' && listensOn === server.listensOn ? hosts : [],
  );
}
