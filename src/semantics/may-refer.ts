import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import type { Grants } from '../3-link/grants.ts';
import { groupBy } from '../3-link/group-by.ts';
import { lowerCaseHost } from '../3-link/host.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { MayRefer } from './http-route.ts';

/** The namespaces with a ServiceEntry for a host, by the host. */
export type HostNamespaces = ReadonlyMap<string, readonly string[]>;

/** @returns where the hosts of ServiceEntries are */
export function hostNamespacesIn(resources: readonly AnyResource[]): HostNamespaces {
  const hosts = resources
    .filter(isType('istio.ServiceEntry'))
    .flatMap(({ namespace, spec }) =>
      (spec.hosts ?? []).map(host => ({ host: lowerCaseHost(host), namespace })),
    );
  return new Map(
    [...groupBy(hosts, ({ host }) => host)].map(([host, own]) => [
      host,
      own.map(({ namespace }) => namespace),
    ]),
  );
}

/**
 * A backend in another namespace than the route needs a ReferenceGrant there; a Hostname has to be one of a ServiceEntry in the
 * namespace of the route, as far as there is any.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gatewaycommon/references.go, BackendAllowed
 */
export function mayReferFrom(
  route: Pick<Resource, 'kind' | 'namespace'>,
  grants: Grants,
  hosts: HostNamespaces,
): MayRefer {
  return backend => {
    if (isHostname(backend)) return isFound(route, backend, hosts);
    const namespace = backend.namespace ?? route.namespace;
    if (namespace === route.namespace) return true;
    return (grants.get(namespace) ?? []).some(
      ({ spec }) =>
        spec.from.some(from => from.kind === route.kind && from.namespace === route.namespace) &&
        spec.to.some(
          to =>
            to.kind === (backend.kind ?? 'Service') &&
            to.group === (backend.group ?? '') &&
            (to.name === undefined || to.name === '' || to.name === backend.name),
        ),
    );
  };
}

/** The same for a route inside the mesh, which needs no grants. */
export function mayReferInMesh(route: Pick<Resource, 'namespace'>, hosts: HostNamespaces): MayRefer {
  return backend => !isHostname(backend) || isFound(route, backend, hosts);
}

function isHostname({ group, kind }: gateway.BackendObjectReference): boolean {
  return group === 'networking.istio.io' && kind === 'Hostname';
}

/** @see istio.io/istio/pilot/pkg/config/kube/gatewaycommon/context.go, GetService */
function isFound(
  { namespace }: Pick<Resource, 'namespace'>,
  { name }: gateway.BackendObjectReference,
  hosts: HostNamespaces,
): boolean {
  return hosts.get(lowerCaseHost(name))?.includes(namespace) ?? true;
}
