import type { AnyResource } from '../2-decode/resource.ts';

const NEWEST = '9999-12-31T00:00:00Z';

/**
 * An object that is created after all that is there: where istiod takes the older of two, it takes what was there. A
 * creationTimestamp of its own says more.
 *
 * @see istio.io/istio/pkg/config/model.go, SortConfigByCreationTime
 */
export function asNewest<R extends AnyResource>(resource: R): R {
  return resource.metadata.creationTimestamp === undefined
    ? { ...resource, metadata: { ...resource.metadata, creationTimestamp: NEWEST } }
    : resource;
}

/** Whether nobody knows how old an object is, or whether it is older than others that are made with it. */
export function isOfUnknownAge({ metadata: { creationTimestamp } }: Pick<AnyResource, 'metadata'>): boolean {
  return creationTimestamp === undefined || creationTimestamp === NEWEST;
}
