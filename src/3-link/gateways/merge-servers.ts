import { type GatewayServer, listenerOf, type ServerHost, type ServerProtocol } from './gateway-server.ts';

type ServerPort = GatewayServer['listensOn'];

/**
 * The servers that a proxy serves, of all that are meant for it: one that has a TLS setting, be it only a redirect to
 * https, is left out when an earlier one of its port of the pods has one of its hosts; and what speaks no HTTP does not share a port
 * with what does.
 *
 * @param servers of the older Gateway first
 * @see istio.io/istio/pilot/pkg/model/gateway.go, mergeGateways
 */
export function mergeServers(servers: readonly GatewayServer[]): readonly GatewayServer[] {
  const tlsHosts = new Map<ServerPort, Set<string>>();
  const ports = new Set<ServerPort>();
  const plain = new Map<ServerPort, ServerProtocol>();
  return servers.filter(server => {
    const { listensOn: port, protocol } = server;
    const hasTls = isTlsSet(server);
    if (hasTls) {
      const known = tlsHosts.get(port) ?? new Set<string>();
      tlsHosts.set(port, known);
      const hosts = server.hosts.map(writtenHost);
      if (hosts.some(host => known.has(host))) return false;
      for (const host of hosts) known.add(host);
    }
    const beside = plain.get(port);
    if (ports.has(port) && beside !== undefined) return protocol === 'http' && beside === 'http';
    ports.add(port);
    if (!hasTls || protocol === 'http') plain.set(port, protocol);
    return true;
  });
}

/**
 * Why istiod leaves a server out when it comes after another one, of a Gateway on the same pods.
 *
 * @param first the server of the older Gateway
 * @returns `host shop.example.com`, `protocol TCP` or `protocols TCP and HTTPS`; undefined where both are served
 */
export function conflictOf(first: GatewayServer, second: GatewayServer): string | undefined {
  if (first.listensOn !== second.listensOn) return undefined;
  if (isTlsSet(first) && isTlsSet(second)) {
    const known = new Set(first.hosts.map(writtenHost));
    const host = second.hosts.map(writtenHost).find(one => known.has(one));
    if (host !== undefined) return `host ${host}`;
  }
  const isPlain = !isTlsSet(first) || first.protocol === 'http';
  if (!isPlain || (first.protocol === 'http' && second.protocol === 'http')) return undefined;
  const [one, other] = [protocolOf(first), protocolOf(second)];
  return one === other ? `protocol ${one}` : `protocols ${one} and ${other}`;
}

function protocolOf({ resource, index, protocol }: GatewayServer): string {
  const written =
    resource.type === 'istio.Gateway' ? resource.spec.servers?.[index]?.port.protocol : undefined;
  return written ?? protocol.toUpperCase();
}

function isTlsSet(server: GatewayServer): boolean {
  const { resource, index } = server;
  return resource.type === 'istio.Gateway'
    ? resource.spec.servers?.[index]?.tls !== undefined
    : listenerOf(server)?.tls !== undefined;
}

/** Hosts are compared with the namespace they name, so that `ns/h` and `h` are two. */
function writtenHost({ namespaces: [namespace = '*'], host }: ServerHost): string {
  return namespace === '*' ? host : `${namespace}/${host}`;
}
