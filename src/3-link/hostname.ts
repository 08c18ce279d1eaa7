/**
 * Hostnames with an optional wildcard first label, as istiod compares them.
 *
 * @see istio.io/istio/pkg/config/host/name.go
 */

export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Whether two hostnames, either of which may be a wildcard, have a name in common (Name.Matches). */
export function hostsOverlap(a: string, b: string): boolean {
  if (isWildcard(a)) {
    if (isWildcard(b)) return a.length < b.length ? b.endsWith(a.slice(1)) : a.endsWith(b.slice(1));
    return b.endsWith(a.slice(1));
  }
  return isWildcard(b) ? a.endsWith(b.slice(1)) : a === b;
}

/** Whether every name of `inner` is one of `outer` (Name.SubsetOf). */
export function isSubsetOfHost(inner: string, outer: string): boolean {
  if (!isWildcard(outer)) return inner === outer;
  return isWildcard(inner)
    ? inner.length >= outer.length && inner.slice(1).endsWith(outer.slice(1))
    : inner.endsWith(outer.slice(1));
}

/** @returns the narrower of two hostnames that overlap, undefined when they do not */
export function intersectHosts(a: string, b: string): string | undefined {
  if (isSubsetOfHost(a, b)) return a;
  return isSubsetOfHost(b, a) ? b : undefined;
}

/**
 * @param capitals names that are written with capitals, by the names without: istiod compares the hosts of a VirtualService with those
 * of an Istio Gateway as they are written
 * @returns what a host of a server and a name have in common
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
export function servedName(
  { host, written = host }: { readonly host: string; readonly written?: string },
  name: string,
  capitals?: ReadonlyMap<string, string>,
): string | undefined {
  const common = intersectHosts(host, name);
  const isMet = common !== undefined && intersectHosts(written, capitals?.get(name) ?? name) !== undefined;
  return isMet ? common : undefined;
}

/** @returns what each of some hosts and each of some names have in common */
export function namesInCommon(
  hosts: readonly { readonly host: string }[],
  names: readonly string[],
): readonly string[] {
  return hosts.flatMap(({ host }) => names.flatMap(name => intersectHosts(host, name) ?? []));
}

/**
 * Which of several virtual hosts takes a request: the exact name, else the longest wildcard, else `*`
 * (Envoy, RouteMatcher::findVirtualHost).
 */
export function mostSpecificHost(
  host: string,
  domains: { readonly has: (domain: string) => boolean },
): string | undefined {
  if (domains.has(host)) return host;
  for (let start = 1; start < host.length; start += 1) {
    const wildcard = `*${host.slice(start)}`;
    if (domains.has(wildcard)) return wildcard;
  }
  return domains.has('*') ? '*' : undefined;
}
