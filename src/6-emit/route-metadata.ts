import { withoutUnread } from '../3-link/gitops/external-dns.ts';
import { carriedMetadata } from '../3-link/gitops/ownership.ts';
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
    ...readMetadata(carriedMetadata(metadata), 'route'),
  };
}

/** Leaves out the annotations that external-dns reads from objects of the other kind alone. */
export function readMetadata(
  { annotations, ...rest }: Pick<gateway.ObjectMeta, 'labels' | 'annotations'>,
  kind: 'Gateway' | 'route',
): Pick<gateway.ObjectMeta, 'labels' | 'annotations'> {
  const read = annotations === undefined ? {} : withoutUnread(annotations, kind);
  return { ...rest, ...(Object.keys(read).length === 0 ? {} : { annotations: read }) };
}
