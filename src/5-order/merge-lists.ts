import type { TranslatedEntry } from '../4-translate/entry.ts';
import { type Item, isCatchAllItem } from './item.ts';

/**
 * Puts the lists of several VirtualServices for one virtual host into the order that istiod gives them: one after the
 * other, but for the catch-alls, which come last. A list ends at its first catch-all; what stands behind that is put
 * behind all others, where nothing reaches it.
 *
 * @param listOf tells the lists apart
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, SortVHostRoutes, BuildHTTPRoutesForVirtualService
 */
export function mergeLists(
  items: readonly Item[],
  listOf: (entry: TranslatedEntry) => unknown,
): readonly Item[] {
  const ended = new Set<unknown>();
  const ranked = items.map(item => {
    const list = listOf(item.entry);
    if (ended.has(list)) return { item, rank: 2 };
    if (!isCatchAllItem(item)) return { item, rank: 0 };
    ended.add(list);
    return { item, rank: 1 };
  });
  const span = 1 + Math.max(0, ...items.map(({ position }) => position));
  return [0, 1, 2].flatMap(wanted =>
    ranked.flatMap(({ item, rank }) =>
      rank === wanted ? [{ ...item, position: item.position + rank * span }] : [],
    ),
  );
}
