import { ownValue } from '../yaml/own-value.ts';
/** The protocol of a Service port for istiod; `sniffed` is a port without a declared protocol. */
export type Protocol = 'http' | 'http2' | 'grpc' | 'grpc-web' | 'tcp' | 'tls' | 'udp' | 'sniffed';

const byName: Readonly<Record<string, Protocol>> = {
  tcp: 'tcp',
  udp: 'udp',
  grpc: 'grpc',
  'grpc-web': 'grpc-web',
  http: 'http',
  http_proxy: 'http',
  http2: 'http2',
  https: 'tls',
  tls: 'tls',
  mongo: 'tcp',
  redis: 'tcp',
  mysql: 'tcp',
};

const byAppProtocol: Readonly<Record<string, Protocol>> = {
  'kubernetes.io/h2c': 'http2',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'tls',
};

/** SMTP, DNS, MySQL, MongoDB: server-first protocols that must not be sniffed. */
const wellKnownTcpPorts = [25, 53, 3306, 27017];

/**
 * @param name the port's name; what stands before its first `-` decides when there is no appProtocol
 * @see istio.io/istio/pkg/config/kube/conversion.go, ConvertProtocol
 */
export function protocolOf(port: number, name = '', transport = 'TCP', appProtocol?: string): Protocol {
  if (transport.toUpperCase() === 'UDP') return 'udp';
  if (appProtocol !== undefined) {
    const known = ownValue(byAppProtocol, appProtocol);
    if (known !== undefined) return known;
  }
  const declared = (appProtocol ?? name).toLowerCase();
  if (declared.startsWith('grpc-web')) return 'grpc-web';
  const known = ownValue(byName, declared.split('-')[0] ?? '');
  return known ?? (wellKnownTcpPorts.includes(port) ? 'tcp' : 'sniffed');
}

/** Whether http routes apply to a port: declared as HTTP, or sniffed (Protocol.IsHTTPOrSniffed). */
export function carriesHttp(protocol: Protocol): boolean {
  return protocol !== 'tcp' && protocol !== 'tls' && protocol !== 'udp';
}

/** Whether a port was declared to carry gRPC. */
export function carriesGrpc(protocol: Protocol): boolean {
  return protocol === 'grpc' || protocol === 'grpc-web';
}
