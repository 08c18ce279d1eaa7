import { carriedMetadata } from '../3-link/ownership.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type * as gateway from '../gateway-api/index.ts';

/**
 * The metadata of a route: labels and annotations of the VirtualService go with it, and a namespace is written where the
 * VirtualService has one written, or where the route lies in another.
 */
export function routeMetadata(
  { vs, namespace }: { readonly vs: ResolvedVirtualService; readonly namespace: string },
  name: string,
): gateway.ObjectMeta {
  const { metadata } = vs.resource;
  const written = namespace === vs.namespace ? metadata.namespace : namespace;
  return {
    name,
    ...(written === undefined ? {} : { namespace: written }),
    ...carriedMetadata(metadata),
  };
}
