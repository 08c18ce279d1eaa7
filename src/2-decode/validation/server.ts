import { faultOfWildcardDomain, isLabel } from './domain-name.ts';
import { isIpAddress } from './ip-address.ts';
import { hasPlaceholder } from './placeholder.ts';

/** The protocol of a port of a Gateway or a ServiceEntry, as far as istiod's validation tells the protocols apart. */
export type ProtocolFamily = 'http' | 'tls' | 'other';

const families: ReadonlyMap<string, ProtocolFamily> = new Map<string, ProtocolFamily>([
  ...['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'].map(name => [name, 'http'] as const),
  ...['https', 'tls'].map(name => [name, 'tls'] as const),
  ...['tcp', 'udp', 'mongo', 'redis', 'mysql'].map(name => [name, 'other'] as const),
]);

/** The protocols that istiod knows, as people write them. */
export const protocols = [...families.keys()].map(name => name.toUpperCase()).join(', ');

/**
 * @param name in either case
 * @returns undefined for a protocol that istiod does not know
 * @see https://github.com/istio/istio/blob/master/pkg/config/protocol/instance.go (Parse)
 */
export function protocolOf(name: string): ProtocolFamily | undefined {
  return families.get(name.toLowerCase());
}

/**
 * @param host what stands in the `hosts` of a server: `HOST` or `NAMESPACE/HOST`
 * @returns why istiod refuses it, undefined when it does not
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/agent/validation.go (ValidateNamespaceSlashWildcardHostname)
 */
export function faultOfServerHost(host: string): string | undefined {
  if (hasPlaceholder(host)) return undefined;
  const slash = host.indexOf('/');
  const namespace = slash === -1 ? '*' : host.slice(0, slash);
  const name = host.slice(slash + 1);
  if (namespace === '' || name === '') return 'it has nothing on one side of the slash';
  if (namespace !== '*' && namespace !== '.' && !isLabel(namespace))
    return `\`${namespace}\` is not a namespace`;
  if (name !== '*' && !name.includes('.')) return 'a short name is not enough for a gateway';
  if (isIpAddress(name)) return undefined;
  return faultOfWildcardDomain(name) ?? (/^\*[^.]/.test(name) ? 'a `*` has to be a whole label' : undefined);
}
