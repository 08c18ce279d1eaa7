import type { AnyResource } from '../2-decode/resource.ts';

/** Later than any object of a cluster. */
const NEWEST = '9999-12-31T00:00:00Z';

/**
 * An object that only the second of two sides has is created after all that the first has: where istiod takes the older of
 * two, it takes what was there. A creationTimestamp of its own says more.
 *
 * @see istio.io/istio/pkg/config/model.go, SortConfigByCreationTime
 */
export function withAges(
  before: readonly AnyResource[],
  after: readonly AnyResource[],
): readonly AnyResource[] {
  const known = new Set(before.map(keyOf));
  return after.map(resource =>
    resource.metadata.creationTimestamp !== undefined || known.has(keyOf(resource))
      ? resource
      : ({ ...resource, metadata: { ...resource.metadata, creationTimestamp: NEWEST } } as AnyResource),
  );
}

function keyOf({ type, namespace, name }: AnyResource): string {
  return `${type} ${namespace}/${name}`;
}
