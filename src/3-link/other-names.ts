import { clusterDomain } from './host.ts';
import { isSubsetOfHost } from './hostname.ts';
import { findPort, findService, type MeshService, type Registry } from './registry.ts';
import { carriesHttp } from './service-protocol.ts';
import type { ResolvedVirtualService } from './virtual-services.ts';

/**
 * Names that VirtualServices have for hosts, and that sidecars give to a Service of another name, too: `reviews.bookinfo` and
 * `reviews.bookinfo.svc`, and those of Services of type ExternalName that lead to it. A name is in one virtual host only, that
 * of the VirtualService that comes first.
 *
 * @returns by the full name of the Service
 * @see istio.io/istio/pilot/pkg/networking/core/httproute.go, generateVirtualHostDomains and dedupeDomains
 */
export function otherNames(
  registry: Registry,
  virtualServices: readonly ResolvedVirtualService[],
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, Set<string>>();
  const add = (host: string, name: string) => names.set(host, (names.get(host) ?? new Set()).add(name));
  const aliases = [...registry.byHost.values()].flatMap(service => {
    const named = leadsTo(registry, service);
    return named === undefined ? [] : [{ host: service.host, named }];
  });
  for (const { gateways, hosts, http } of virtualServices) {
    if (http.length === 0 || !gateways.includes('mesh')) continue;
    for (const host of hosts) {
      const service = serviceOfShortName(registry, host);
      if (service !== undefined) add(service.host, host);
      for (const alias of aliases) if (isSubsetOfHost(alias.host, host)) add(alias.named.host, alias.host);
    }
  }
  return new Map([...names].map(([host, found]) => [host, [...found]]));
}

/** @returns the Service in the end of a chain of Services of type ExternalName; undefined outside the mesh, and for other Services */
export function leadsTo(registry: Registry, { externalName }: MeshService): MeshService | undefined {
  const passed = new Set<string>();
  for (let next = externalName?.toLowerCase(); next !== undefined && !passed.has(next); ) {
    passed.add(next);
    const service = registry.byHost.get(next);
    if (service?.externalName === undefined) return service;
    next = service.externalName.toLowerCase();
  }
  return undefined;
}

/** istiod reads a VirtualService for a name that is in no registry at port 80 alone (route.go, buildSidecarVirtualHostsForVirtualService). */
function serviceOfShortName(registry: Registry, host: string): MeshService | undefined {
  const [, name] = /^([a-z0-9-]+\.[a-z0-9-]+)(?:\.svc)?$/.exec(host) ?? [];
  if (name === undefined || registry.byHost.has(host)) return undefined;
  const service = findService(registry, `${name}.svc.${clusterDomain}`);
  const port = service === undefined ? undefined : findPort(service, 80);
  return port !== undefined && carriesHttp(port.protocol) ? service : undefined;
}
