import { includesNamespace } from './export-to.ts';
import { isSubsetOfHost, isWildcard } from './hostname.ts';
import type { MeshService, Registry } from './registry.ts';
import { carriesHttp } from './service-protocol.ts';
import { importsOf, type SidecarClient, type Sidecars } from './sidecars.ts';

/** The hosts of a VirtualService, or of what istiod makes of routes. */
interface HostList {
  readonly hosts: readonly string[];
  readonly semantics: 'istio' | 'gateway';
}

/** Services by the ports that carry HTTP, of those that were shown. */
export type HttpPorts = ReadonlyMap<number, readonly MeshService[]>;

/** A Service of which nobody asks more than whether clients know it: they all do. */
const elsewhere: MeshService = {
  kind: 'Service',
  host: '',
  namespace: '',
  name: '',
  ports: [{ number: 80, protocol: 'http', targetPort: 80 }],
  selector: undefined,
  labels: {},
  assumed: false,
};

/**
 * A host that VirtualServices name and that is no Service and no ServiceEntry of the input. Sidecars apply the VirtualServices to its
 * name at the ports of others; everything else asks for an address.
 *
 * @param namespace of a VirtualService
 */
export function hostOutside(host: string, namespace: string): MeshService {
  return {
    kind: 'ServiceEntry',
    host,
    namespace,
    name: '',
    ports: [],
    selector: undefined,
    labels: {},
    assumed: false,
  };
}

/** Whether nothing of the input is for a host but VirtualServices. */
export function isOutside({ kind, resource, assumed }: MeshService): boolean {
  return kind === 'ServiceEntry' && resource === undefined && !assumed;
}

/**
 * @param isElsewhere whether a Service that is not in the registry, and that all clients know, has HTTP at port 80
 * @returns the Services of a registry by their ports that carry HTTP
 */
export function httpPortsOf({ byHost }: Registry, isElsewhere = false): HttpPorts {
  const ports = new Map<number, MeshService[]>();
  for (const service of byHost.values()) {
    for (const { number, protocol } of service.ports) {
      if (!carriesHttp(protocol)) continue;
      const known = ports.get(number);
      if (known === undefined) ports.set(number, [service]);
      else known.push(service);
    }
  }
  if (isElsewhere && !ports.has(80)) ports.set(80, [elsewhere]);
  return ports;
}

/**
 * Ports that a Service does not have and at which a sidecar applies a VirtualService to its name all the same: those of the
 * other hosts of the VirtualService, and 80 where any Service has HTTP there.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, buildSidecarVirtualHostsForVirtualService
 */
export function foreignPorts(
  httpPorts: HttpPorts,
  service: MeshService,
  list: HostList,
): readonly { readonly number: number; readonly of: readonly MeshService[] }[] {
  // Routes of the Gateway API are for the ports of their Service.
  if (service.assumed || list.semantics === 'gateway') return [];
  const wildcard = list.hosts.includes(service.host) ? undefined : widest(list.hosts, service.host);
  if (wildcard === undefined && !list.hosts.includes(service.host)) return [];
  // A wildcard is a name of its own only where no Service that it covers has the port.
  const isNamed = (services: readonly MeshService[]) =>
    wildcard === undefined || !services.some(({ host }) => isSubsetOfHost(host, wildcard));
  const isOwn = (port: number) => service.ports.some(({ number }) => number === port);
  const at80 = httpPorts.get(80) ?? [];
  const found = at80.length === 0 || isOwn(80) || !isNamed(at80) ? [] : [{ number: 80, of: at80 }];
  if (list.hosts.length === 1) return found;
  const hosts = new Set(list.hosts);
  const others = [...httpPorts].flatMap(([number, services]) => {
    const of =
      number === 80 || isOwn(number) || !isNamed(services)
        ? []
        : services.filter(({ host }) => hosts.has(host));
    return of.length === 0 ? [] : [{ number, of }];
  });
  return [...found, ...others];
}

function widest(hosts: readonly string[], host: string): string | undefined {
  return hosts
    .filter(candidate => isWildcard(candidate) && isSubsetOfHost(host, candidate))
    .toSorted((a, b) => a.length - b.length)[0];
}

/** Whether a client knows a Service: it is exported to its namespace, and its Sidecar object takes it in. */
export function isVisible(
  sidecars: Sidecars,
  client: SidecarClient,
  service: Pick<MeshService, 'namespace' | 'host' | 'exportTo'>,
  port: number | undefined,
): boolean {
  return isExported(service, client.namespace) && importsOf(sidecars, client, port).service(service);
}

/** Whether clients in a namespace, or everywhere for `*`, know a Service (push_context.go, servicesExportedToNamespace). */
export function isExported({ exportTo }: Pick<MeshService, 'exportTo'>, namespace: string): boolean {
  return exportTo === undefined || includesNamespace(exportTo, namespace);
}

/** A Service as clients that do not know it see it: by its name alone, which a VirtualService may have for them. */
export function nameAlone(service: MeshService): MeshService {
  return { ...service, ports: [] };
}

/** Whether a client has a route configuration at a port where a list is applied to a Service without that port. */
export function isAppliedAtForeignPort(
  httpPorts: HttpPorts,
  sidecars: Sidecars,
  client: SidecarClient,
  service: MeshService,
  port: number,
): (list: HostList) => boolean {
  const sees = (one: MeshService) => isVisible(sidecars, client, one, port);
  return list =>
    foreignPorts(httpPorts, service, list).some(({ number, of }) => number === port && of.some(sees));
}
