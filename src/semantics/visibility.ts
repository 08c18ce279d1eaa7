/** The key that decides how early a list comes. */
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
