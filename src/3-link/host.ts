/** The DNS domain of the cluster; istiod's default, and the only one whose names manifests write out. */
export const clusterDomain = 'cluster.local';

const ipAddress = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+)$/i;

/** Whether a host is an IP address, which no route can name. */
export function isIpAddress(host: string): boolean {
  return ipAddress.test(host);
}

/** Placeholders that other tools fill in: `${VAR}`, `$(VAR)`, `{{ .Values.x }}`, `###VAR###`. */
const placeholder = /\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}|###\w+###/g;

/** Few hosts have any, and most are looked at many times. */
const mayHavePlaceholder = /[({#]/;

/** @returns the host with every placeholder replaced by something that is a legal part of a name */
export function withoutPlaceholders(host: string): string {
  return mayHavePlaceholder.test(host) ? host.replace(placeholder, 'placeholder') : host;
}

/** Host names are compared in lower case; placeholders keep theirs. */
export function lowerCaseHost(host: string): string {
  if (!mayHavePlaceholder.test(host)) return host.toLowerCase();
  const kept = host.match(placeholder) ?? [];
  let index = 0;
  return host.toLowerCase().replace(placeholder, text => kept[index++] ?? text);
}

/**
 * Completes a short host name, as VirtualServices and DestinationRules of a namespace mean it. A name with a dot is
 * taken as it is: `reviews.bookinfo` is no Service.
 *
 * @returns the name with the case it is written in: a destination in capitals is no Service (route.go,
 * GetDestinationCluster)
 * @see istio.io/istio/pilot/pkg/model/config.go, ResolveShortnameToFQDN
 */
export function completeHost(host: string, namespace: string): string {
  if (host === '' || host === '*' || host.includes('.') || isIpAddress(host)) return host;
  return `${host}.${namespace}.svc.${clusterDomain}`;
}

/** Whether a name without a dot may get some by what is filled in: `${DOMAIN}`. */
export function mayBeFullName(host: string): boolean {
  return !host.includes('.') && withoutPlaceholders(host) !== host;
}

/** The same in lower case, as hosts of requests are compared (route.go, separateVSHostsAndServices). */
export function resolveHost(host: string, namespace: string): string {
  return lowerCaseHost(completeHost(host, namespace));
}

/** The Service that a full name stands for. */
export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/** Whether a host has a placeholder that is filled in field by field, which a converted field would be left out of. */
export function hasFieldPlaceholder(host: string): boolean {
  return /\$\([^)]*\)/.test(host);
}

/** @returns the Service named by `NAME.NAMESPACE.svc.cluster.local`, undefined for any other host */
export function serviceNameOf(host: string): ServiceName | undefined {
  if (!host.includes('.svc.')) return undefined;
  // No Service has capitals in its name. The domain of the cluster may be left to be filled in.
  if (lowerCaseHost(host) !== host) return undefined;
  const kept = mayHavePlaceholder.test(host) ? (host.match(placeholder) ?? []) : [];
  // Placeholders have dots of their own, as in `{{ .Values.name }}`.
  const masked = kept.length === 0 ? host : host.replace(placeholder, '#');
  const [, name, namespace] = /^([^.*]+)\.([^.]+)\.svc\.(?:cluster\.local|#)$/.exec(masked) ?? [];
  if (name === undefined || namespace === undefined) return undefined;
  if (kept.length === 0) return { name, namespace };
  let index = 0;
  const unmasked = (part: string): string => part.replaceAll('#', () => kept[index++] ?? '');
  return { name: unmasked(name), namespace: unmasked(namespace) };
}

/** @returns the full host name of a Service */
export function serviceHost({ namespace, name }: ServiceName): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

/**
 * Completes the name of an Istio Gateway, as a VirtualService of a namespace writes it: `mesh`, `gw`, `ns/gw`, `./gw`, or
 * the old `gw.ns.svc.cluster.local`.
 *
 * @returns `mesh` or `NAMESPACE/NAME`
 * @see istio.io/istio/pilot/pkg/model/config.go, resolveGatewayName
 */
export function resolveGateway(gateway: string, namespace: string): string {
  if (gateway === 'mesh') return gateway;
  const slash = gateway.indexOf('/');
  if (slash >= 0) {
    const before = gateway.slice(0, slash);
    return before === '.' ? `${namespace}${gateway.slice(slash)}` : gateway;
  }
  const [name, of] = gateway.split('.');
  return of === undefined ? `${namespace}/${gateway}` : `${of}/${name}`;
}
