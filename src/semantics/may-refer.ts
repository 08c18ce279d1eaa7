import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import type { MayRefer } from './http-route.ts';

/** ReferenceGrants by their namespace, which is that of the backends they are about. */
export type Grants = ReadonlyMap<string, readonly Resource<'gateway.ReferenceGrant'>[]>;

/** @returns the ReferenceGrants among resources */
export function grantsIn(resources: readonly AnyResource[]): Grants {
  const grants = new Map<string, Resource<'gateway.ReferenceGrant'>[]>();
  for (const grant of resources.filter(isType('gateway.ReferenceGrant'))) {
    const known = grants.get(grant.namespace);
    if (known === undefined) grants.set(grant.namespace, [grant]);
    else known.push(grant);
  }
  return grants;
}

/**
 * A backend in another namespace than the route needs a ReferenceGrant there.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gatewaycommon/references.go, BackendAllowed
 */
export function mayReferFrom(route: Pick<Resource, 'kind' | 'namespace'>, grants: Grants): MayRefer {
  return backend => {
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
