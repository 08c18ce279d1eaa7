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
