import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import { groupBy } from './group-by.ts';

/** ReferenceGrants by their namespace, which is that of the backends they are about. */
export type Grants = ReadonlyMap<string, readonly Resource<'gateway.ReferenceGrant'>[]>;

/** @returns the ReferenceGrants among resources */
export function grantsIn(resources: readonly AnyResource[]): Grants {
  return groupBy(resources.filter(isType('gateway.ReferenceGrant')), ({ namespace }) => namespace);
}
