import { canonicalJson } from './canonical.ts';
import { isExported } from './foreign-ports.ts';
import type { MeshService, Registry } from './registry.ts';
import { isOlder } from './virtual-services.ts';

/**
 * Services and ServiceEntries that a client may use for the host of a Service: one of its own namespace, else a Service, else one
 * that is exported to the namespace by name, else the oldest.
 *
 * @param client its namespace
 * @param isVisible whether the client sees one; without it, what is exported to its namespace
 * @returns one, or those among which ages decide that the manifests do not tell; where a client sees none, the Service itself
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, selectServices, appendSidecarServices
 * @see istio.io/istio/pilot/pkg/model/push_context.go, servicesExportedToNamespace
 */
export function usedByClient(
  { ofSameHost }: Registry,
  client: string,
  service: MeshService,
  isVisible: (service: MeshService) => boolean = one => isExported(one, client),
): readonly MeshService[] {
  const all = ofSameHost.get(service.host);
  if (all === undefined) return [service];
  const visible = all.filter(isVisible);
  if (visible.length === 0) return [service];
  const own = visible.filter(({ namespace }) => namespace === client);
  const candidates = own.length > 0 ? own : visible;
  return first(candidates).map(one => withPortsBeside(one, candidates));
}

/**
 * A Service with the ports that ServiceEntries of its namespace give its host: a sidecar has listeners and routes for them, although
 * it has no clusters, since Services and ServiceEntries are not put together.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/httproute.go, buildSidecarOutboundVirtualHosts: services of the egress listener
 * @see istio.io/istio/pilot/pkg/networking/core/cluster.go, buildOutboundClusters: services of the scope
 */
function withPortsBeside(service: MeshService, candidates: readonly MeshService[]): MeshService {
  if (service.kind !== 'Service') return service;
  const more = new Map(
    candidates
      .filter(({ kind, namespace }) => kind === 'ServiceEntry' && namespace === service.namespace)
      .flatMap(({ ports }) => ports)
      .filter(({ number }) => !service.ports.some(port => port.number === number))
      .map(port => [port.number, port] as const),
  );
  return more.size === 0 ? service : { ...service, ports: [...service.ports, ...more.values()] };
}

/**
 * The same for a gateway, which does not put objects of its namespace first, unless they are exported to it by name.
 *
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, DefaultSidecarScopeForGateway
 */
export function usedByGateway(
  { ofSameHost }: Registry,
  namespace: string,
  service: MeshService,
): MeshService {
  const visible = (ofSameHost.get(service.host) ?? []).filter(one => isExported(one, namespace));
  return first(visible)[0] ?? service;
}

/** A Service goes before ServiceEntries, and one that is exported to a namespace by name before those for all. */
function first(candidates: readonly MeshService[]): readonly MeshService[] {
  const inCluster = candidates.find(({ kind }) => kind === 'Service');
  if (inCluster !== undefined) return [inCluster];
  const named = candidates.filter(({ exportTo }) => exportTo?.includes('*') === false);
  return mergedByNamespace(oldest(named.length > 0 ? named : candidates));
}

/** @returns of several objects of one host the one of a namespace, which clients in it use (sidecar.go, selectServices) */
export function ofNamespace(
  { ofSameHost }: Registry,
  host: string,
  namespace: string,
): MeshService | undefined {
  return ofSameHost.get(host)?.find(service => service.namespace === namespace);
}

/** Those that none of the others is known to be older than; of one namespace all, for they may be put together. */
function oldest(services: readonly MeshService[]): readonly MeshService[] {
  return services.filter(
    service =>
      !services.some(
        other =>
          other.namespace !== service.namespace &&
          other.resource !== undefined &&
          service.resource !== undefined &&
          isOlder({ ...other, resource: other.resource }, { ...service, resource: service.resource }) ===
            true,
      ),
  );
}

/** ServiceEntries of one namespace that differ only in their ports are one for clients, with the ports of all. */
function mergedByNamespace(services: readonly MeshService[]): readonly MeshService[] {
  const merged: MeshService[] = [];
  for (const service of services) {
    const at = merged.findIndex(one => isMergeable(one, service));
    const same = merged[at];
    if (same === undefined) merged.push(service);
    else {
      const more = service.ports.filter(({ number }) => !same.ports.some(port => port.number === number));
      merged[at] = { ...same, ports: [...same.ports, ...more] };
    }
  }
  return merged;
}

/** @see istio.io/istio/pilot/pkg/model/sidecar.go, canMergeServices */
function isMergeable(a: MeshService, b: MeshService): boolean {
  const compared = ({ namespace, kind, labels, exportTo, resource }: MeshService) =>
    canonicalJson([
      namespace,
      kind,
      labels,
      exportTo,
      resource?.type === 'istio.ServiceEntry' ? (resource.spec.resolution ?? 'NONE') : '',
      resource?.type === 'istio.ServiceEntry' ? resource.spec.workloadSelector : undefined,
    ]);
  return compared(a) === compared(b);
}
