import type { TranslatedEntry, TranslatedMatch } from '../4-translate/entry.ts';
import type { Item } from './item.ts';
import { canChangePath, type MatchSets, type PositiveMatch, positivePart } from './match-sets.ts';

/** A decision list without conditions that must not hold, or the match that has no such form. */
export type Positive =
  | { readonly kind: 'items'; readonly items: readonly Item[] }
  | {
      readonly kind: 'impossible';
      readonly entry: TranslatedEntry;
      readonly match: number;
      readonly reason: ComplementFailure;
    };

/** `unmatched`: requests with the header fall through to nothing, which no rule can say. */
export type ComplementFailure = 'unmatched' | 'not-expressible';

/** Items whose order among themselves makes no difference; the last one is the first as they are written. */
type Group = Item[];

/**
 * Rewrites a decision list so that every condition holds positively.
 *
 * `withoutHeaders` means that requests with the header go on to what follows in the list. So what follows is put before
 * the entry, for requests with the header; then the entry may take all that is left.
 */
export function withoutNegations(entries: readonly TranslatedEntry[], sets: MatchSets): Positive {
  // The last one is the first in the list, since the list is built from its end.
  const following: Group[] = [];
  for (const entry of [...entries].reverse()) {
    for (const [match, translated] of [...entry.matches.entries()].reverse()) {
      const item = itemOf(entry, match, translated);
      const before: Group[] = [];
      for (const [name, condition] of translated.withoutHeaders) {
        const excluded = sets.intersect(item.conditions, {
          path: item.conditions.path,
          method: undefined,
          headers: new Map([[name, condition]]),
          queryParams: new Map(),
        });
        // The other matches of its entry follow a match, too.
        const fallThrough = excluded === undefined ? 'not-expressible' : restrict(following, excluded, sets);
        if (typeof fallThrough === 'string') return { kind: 'impossible', entry, match, reason: fallThrough };
        before.push(...fallThrough);
      }
      const next = following.at(-1);
      // Those of a group all do the same.
      if (next?.[0] !== undefined && doSame(next[0], item)) next.push(item);
      else following.push([item]);
      for (const group of before.toReversed()) following.push(group);
    }
  }
  return {
    kind: 'items',
    items: following
      .toReversed()
      .map(group => group.toReversed())
      .flatMap((group, position) => group.map(item => ({ ...item, position }))),
  };
}

function itemOf(entry: TranslatedEntry, match: number, translated: TranslatedMatch): Item {
  return {
    position: 0,
    entry,
    match,
    conditions: positivePart(translated),
    pathChange: translated.pathChange,
    asRegex: false,
    padding: 0,
  };
}

function doSame(a: Item, b: Item): boolean {
  return a.entry === b.entry && JSON.stringify(a.pathChange) === JSON.stringify(b.pathChange);
}

/** A match that is made takes as long as so many comparisons, and will be compared with others. */
const COMPARISONS_PER_MATCH = 500;

/** The rest of the list, for the excluded requests only. */
function restrict(
  following: readonly (readonly Item[])[],
  excluded: PositiveMatch,
  sets: MatchSets,
): readonly Group[] | ComplementFailure {
  const groups: Group[] = [];
  for (let index = following.length - 1; index >= 0; index -= 1) {
    const group = following[index] ?? [];
    const items: Item[] = [];
    for (const item of group) {
      if (!sets.overlap(item.conditions, excluded)) continue;
      const conditions = sets.intersect(item.conditions, excluded);
      if (conditions === undefined || !canChangePath(item.pathChange, conditions.path))
        return 'not-expressible';
      sets.count(COMPARISONS_PER_MATCH);
      items.push({ ...item, conditions });
    }
    if (items.length > 0) groups.push(items);
    if (group.some(item => sets.implies(excluded, item.conditions))) return groups;
  }
  return 'unmatched';
}
