import type * as gateway from '../gateway-api/index.ts';

type Annotations = NonNullable<gateway.ObjectMeta['annotations']>;

const prefix = /^external-dns(?:\.alpha)?\.kubernetes\.io\//;

/** Whether external-dns reads an annotation; v0.22 reads those without `alpha` by default, older ones those with it. */
export function isExternalDns(annotation: string): boolean {
  return prefix.test(annotation);
}

/**
 * Whether external-dns reads an annotation from a Gateway of the Gateway API: `target` alone. It reads all others from
 * routes, and `target` from no route.
 *
 * @see https://kubernetes-sigs.github.io/external-dns/latest/docs/sources/gateway-api/
 */
export function isReadFromGateways(annotation: string): boolean {
  return isExternalDns(annotation) && annotation.replace(prefix, '') === 'target';
}

/** @returns annotations without those that external-dns does not read there */
export function withoutUnread(annotations: Annotations, kind: 'Gateway' | 'route'): Annotations {
  return Object.fromEntries(
    Object.entries(annotations).filter(
      ([key]) => !isExternalDns(key) || isReadFromGateways(key) === (kind === 'Gateway'),
    ),
  );
}

/** The annotations of a kind of object that external-dns will not read there any more. */
export function unreadOn(
  { annotations = {} }: Pick<gateway.ObjectMeta, 'annotations'>,
  kind: 'Gateway' | 'route',
): readonly string[] {
  const read = withoutUnread(annotations, kind);
  return Object.keys(annotations).filter(key => !Object.hasOwn(read, key));
}
