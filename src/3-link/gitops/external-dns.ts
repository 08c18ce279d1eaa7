import type * as gateway from '../../gateway-api/index.ts';
import type { ResolvedVirtualService } from '../virtual-services.ts';

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

/**
 * The target that all VirtualServices of an Istio Gateway have in common: from a route nobody would read it.
 *
 * @param gateway `NAMESPACE/NAME`
 * @returns the annotation; undefined where they differ, some have none, or the Gateway has one of its own
 */
export function commonTarget(
  virtualServices: readonly Pick<ResolvedVirtualService, 'gateways' | 'resource'>[],
  gateway: string,
  own: Annotations = {},
): readonly [name: string, value: string] | undefined {
  if (Object.keys(own).some(isReadFromGateways)) return undefined;
  const targets = virtualServices
    .filter(({ gateways }) => gateways.includes(gateway))
    .map(({ resource }) =>
      Object.entries(resource.metadata.annotations ?? {}).find(([name]) => isReadFromGateways(name)),
    );
  const [first] = targets;
  return first !== undefined && targets.every(target => target?.[0] === first[0] && target[1] === first[1])
    ? first
    : undefined;
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
