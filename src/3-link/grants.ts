import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';

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
