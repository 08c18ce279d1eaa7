import type { Resource } from '../2-decode/resource.ts';
import type { Grants } from '../3-link/grants.ts';
import type { MayRefer } from './http-route.ts';

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
