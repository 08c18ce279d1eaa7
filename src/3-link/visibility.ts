/** A list, as far as it decides how early it comes. */
interface Visible {
  readonly namespace: string;
  readonly exportTo: readonly string[];
  readonly semantics: 'istio' | 'gateway';
}

/**
 * Private lists come first, then exported ones, then routes of the proxy's own namespace, then the rest.
 *
 * @param namespace of the proxy
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, SelectVirtualServices
 * @see istio.io/istio/pilot/pkg/model/push_context.go, VirtualServicesForGateway
 */
export function byVisibility<List extends Visible>(
  lists: readonly List[],
  namespace: string,
): readonly List[] {
  if (lists.length < 2) return lists;
  return [0, 1, 2, 3].flatMap(wanted => lists.filter(list => visibilityRank(list, namespace) === wanted));
}

/** The smaller one comes first; of one rank the older list does. */
export function visibilityRank(list: Visible, namespace: string): number {
  if (!list.exportTo.includes('*')) return list.namespace === namespace ? 0 : 1;
  return list.semantics === 'gateway' && list.namespace === namespace ? 2 : 3;
}

/** How a VirtualService stands to another of the same host, as far as it does not depend on their ages. */
export type Standing = 'first' | 'last' | 'by-age' | 'varies';

/**
 * Which of two VirtualServices the proxies of some namespaces ask first: one of their own namespace that some namespaces see comes
 * before those that others export to them, whatever their ages.
 *
 * @param namespaces of proxies that see both
 * @returns 'varies' where it is not the same in all of them
 */
export function standingOf(
  own: Omit<Visible, 'semantics'>,
  other: Omit<Visible, 'semantics'>,
  namespaces: readonly string[],
): Standing {
  const rankOf = (vs: Omit<Visible, 'semantics'>, namespace: string) =>
    visibilityRank({ ...vs, semantics: 'istio' }, namespace);
  const orders = new Set(
    namespaces.map(namespace => Math.sign(rankOf(own, namespace) - rankOf(other, namespace))),
  );
  if (orders.size > 1) return 'varies';
  if (orders.has(-1)) return 'first';
  return orders.has(1) ? 'last' : 'by-age';
}
