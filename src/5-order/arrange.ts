import { canonicalJson } from '../3-link/canonical.ts';
import { withoutPlaceholders } from '../3-link/host.ts';
import type { TranslatedEntry } from '../4-translate/entry.ts';
import { asWritten, isPlain } from '../4-translate/path-sets.ts';
import type { Budget } from '../budget.ts';
import { implementationsOf } from '../implementations/profiles.ts';
import { compareRanks, type Rank, ranks } from '../implementations/ranks.ts';
import type { Options } from '../options.ts';
import { compareSpecificity, type Specificity } from '../semantics/specificity.ts';
import { type ComplementFailure, withoutNegations } from './complement.ts';
import { countedIn, fitsPathLength, type Item, rankOf, writtenMatch } from './item.ts';
import { canChangePath, MatchSets, type PositiveMatch } from './match-sets.ts';
import { mergeLists } from './merge-lists.ts';
import { NearMatches } from './near-matches.ts';

/** How the order was kept, from the plainest means to the oddest. */
export type Means = 'plain' | 'intersection' | 'regular-expression' | 'lengthening';

/** The matches of a route, such that the most specific one is the first in the list. */
export interface Arranged {
  readonly kind: 'arranged';
  /** By position; ties between items of one owner go to the earlier. */
  readonly items: readonly Item[];
  readonly means: Means;
  /** Matches that an earlier one takes everything from. */
  readonly dead: readonly Hidden[];
  /** Matches that an earlier prefix takes everything from by letters, and not by segments. */
  readonly revived: readonly Hidden[];
}

/** A match, and the earlier one that hides it. */
export interface Hidden {
  readonly item: Item;
  readonly by: Item;
}

export type Arrangement =
  | Arranged
  | {
      readonly kind: 'complement';
      readonly entry: TranslatedEntry;
      readonly match: number;
      readonly reason: ComplementFailure;
    }
  /** No form keeps the first before the second. */
  | { readonly kind: 'unordered'; readonly first: Item; readonly second: Item; readonly reason: Unordered };

/**
 * `path-change`: a replaced prefix needs a PathPrefix. `not-portable`: only istiod promises the order. `placeholder`: the
 * path is not known as a whole.
 */
export type Unordered = 'path-change' | 'not-portable' | 'placeholder' | 'limits';

/** More matches than these are not added to keep an order; later means take over. */
const maxAdded = 64;

/**
 * Brings a decision list into a form in which the order of the Gateway API has the same effect.
 *
 * Nothing is changed unless two entries overlap and the later one would win. Then, in this order: the requests of both
 * are given to the earlier entry by a match of their own, which is more specific; the later path is written as a regular
 * expression, which ranks below every other kind; an expression is lengthened, since istiod prefers the longer one.
 *
 * For other implementations than Istio, the same matches see to it that their orders have the same effect as well. Where they
 * cannot, the order of the specification counts alone.
 *
 * @param profile but for `istio`, no order among regular expressions is promised
 * @param listOf tells the lists of several VirtualServices apart; without it, there is one
 * @param budget says when to stop; its LimitReached is thrown
 */
export function arrange(
  entries: readonly TranslatedEntry[],
  profile: Options['profile'],
  listOf: (entry: TranslatedEntry) => unknown = () => undefined,
  budget?: Budget,
): Arrangement {
  const orders = implementationsOf(profile).flatMap(name => ranks[name] ?? []);
  const forAll = orders.length === 0 ? undefined : arrangeBy(orders, entries, profile, listOf, budget);
  return forAll?.kind === 'arranged' ? forAll : arrangeBy([], entries, profile, listOf, budget);
}

/** @param orders that have to agree with the specification's */
function arrangeBy(
  orders: readonly Rank[],
  entries: readonly TranslatedEntry[],
  profile: Options['profile'],
  listOf: (entry: TranslatedEntry) => unknown,
  budget: Budget | undefined,
): Arrangement {
  const sets = new MatchSets(budget);
  const positive = withoutNegations(entries, sets);
  if (positive.kind === 'impossible') return { ...positive, kind: 'complement' };
  const { alive, dead } = dropDead(mergeLists(positive.items, listOf), sets);
  const workbench = new Workbench(alive, sets, orders);
  for (let violation = workbench.violation(); violation !== undefined; violation = workbench.violation()) {
    const [first, second] = violation;
    const mended =
      workbench.addIntersection(first, second) || (profile === 'istio' && workbench.lower(first, second));
    if (mended === true) continue;
    return {
      kind: 'unordered',
      first,
      second,
      reason: profile !== 'istio' ? 'not-portable' : workbench.failure(second),
    };
  }
  if (profile !== 'istio') {
    const unpromised = workbench.unpromised();
    if (unpromised !== undefined)
      return { kind: 'unordered', first: unpromised[0], second: unpromised[1], reason: 'not-portable' };
  }
  const { means } = workbench;
  const items = withoutRepeats(workbench.items);
  const revived = revivedIn(items, sets);
  return { kind: 'arranged', items, means, dead: [...dead, ...workbench.dead], revived };
}

/**
 * Leaves out matches that are written like an earlier one: each request that matches one matches the other, and the earlier takes
 * precedence. Matches that were added for two pairs of entries come to be alike.
 */
function withoutRepeats(items: readonly Item[]): readonly Item[] {
  const written = new Set<string>();
  return items.filter(item => {
    const text = writtenMatch(item);
    const isRepeat = written.has(text);
    written.add(text);
    return !isRepeat;
  });
}

function revivedIn(items: readonly Item[], sets: MatchSets): readonly Hidden[] {
  const written = new NearMatches<number>();
  for (const [index, { conditions }] of items.entries()) {
    const path = asWritten(conditions.path);
    if (path !== conditions.path) written.add({ ...conditions, path }, index);
  }
  if (written.size === 0) return [];
  return items.flatMap((item): readonly Hidden[] => {
    const by = inOrder(written.to(item.conditions), items).find(
      earlier => earlier.position < item.position && hidesByLetters(earlier, item, sets),
    );
    return by === undefined ? [] : [{ item, by }];
  });
}

function inOrder(indices: readonly number[], items: readonly Item[]): readonly Item[] {
  // Items of a short list come in order.
  const isInOrder = indices.every((index, at) => at === 0 || (indices[at - 1] ?? 0) < index);
  const found: Item[] = [];
  for (const index of isInOrder ? indices : indices.toSorted((a, b) => a - b)) {
    const item = items[index];
    if (item !== undefined) found.push(item);
  }
  return found;
}

function hasPlaceholder({ conditions: { path } }: Item): boolean {
  return path.kind !== 'regex' && withoutPlaceholders(path.value) !== path.value;
}

/** Leaves out what an earlier match takes whole. */
function dropDead(
  items: readonly Item[],
  sets: MatchSets,
): {
  readonly alive: readonly Item[];
  readonly dead: readonly Hidden[];
} {
  const alive: Item[] = [];
  const dead: Hidden[] = [];
  const near = new NearMatches<number>();
  for (const item of items) {
    const before = inOrder(near.to(item.conditions), alive).filter(
      ({ position }) => position < item.position,
    );
    const by = before.find(earlier => sets.implies(item.conditions, earlier.conditions));
    if (by === undefined) {
      const left = leftOf(item, before, sets);
      near.add(left.conditions, alive.length);
      alive.push(left);
    } else dead.push({ item, by });
  }
  return { alive, dead };
}

/** Tells whether the prefix that was written takes everything from a later match, which something else then becomes of. */
function hidesByLetters(earlier: Item, { conditions, entry, pathChange }: Item, sets: MatchSets): boolean {
  const letters: PositiveMatch = { ...earlier.conditions, path: asWritten(earlier.conditions.path) };
  if (letters.path === earlier.conditions.path || !sets.implies(conditions, letters)) return false;
  return canonicalJson([earlier.entry.body, earlier.pathChange]) !== canonicalJson([entry.body, pathChange]);
}

/** For `/foo` behind `/foo/` only the path itself is left, which an exact match keeps apart. */
function leftOf(item: Item, before: readonly Item[], sets: MatchSets): Item {
  const { path } = item.conditions;
  if (path.kind !== 'segments' || path.value === '/') return item;
  const below: PositiveMatch = { ...item.conditions, path: { ...path, prefix: `${path.value}/` } };
  const isTaken = before.some(({ conditions }) => sets.implies(below, conditions));
  if (!isTaken) return item;
  return { ...item, conditions: { ...item.conditions, path: { kind: 'exact', value: path.value } } };
}

/** The CRD takes as many headers, and as many query parameters, in one match. */
const maxConditions = 16;

function fitsOneMatch({ headers, queryParams }: PositiveMatch): boolean {
  return headers.size <= maxConditions && queryParams.size <= maxConditions;
}

/** The items while they are being arranged. */
class Workbench {
  readonly #sets: MatchSets;
  readonly #orders: readonly Rank[];
  #items: Item[];
  /** Where each item is in the list; those that are gone are in here no longer. */
  #places = new Map<Item, number>();
  /** All items there ever were. */
  readonly #near = new NearMatches<Item>();
  /** All pairs before this one are in order. */
  #checked = 0;
  #ranks = new Map<Item, Specificity>();
  #overlaps = new Map<PositiveMatch, Map<PositiveMatch, boolean>>();
  #dead: Hidden[] = [];
  #added = 0;
  #means: Means = 'plain';

  constructor(items: readonly Item[], sets: MatchSets, orders: readonly Rank[]) {
    this.#items = [...items];
    this.#sets = sets;
    this.#orders = orders;
    for (const item of items) this.#near.add(item.conditions, item);
    this.#number();
  }

  #number(): void {
    this.#places = new Map(this.#items.map((item, index) => [item, index]));
  }

  /** The items before a place in the list that may have a request in common with one, in the order of the list. */
  #nearBefore(place: number, { conditions }: Item): Iterable<Item> {
    const near = this.#near.to(conditions);
    this.#sets.count(Math.min(near.length, place));
    // Where most of them are near, the list itself is already in order.
    if (4 * near.length >= place) return this.#before(place);
    const places = near.flatMap(item => {
      const index = this.#places.get(item);
      return index === undefined || index >= place ? [] : [index];
    });
    return inOrder(places, this.#items);
  }

  *#before(place: number): Generator<Item, void, undefined> {
    for (let index = 0; index < place; index += 1) {
      const item = this.#items[index];
      if (item !== undefined) yield item;
    }
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  /** Items that became hidden on the way. */
  get dead(): readonly Hidden[] {
    return this.#dead;
  }

  get means(): Means {
    return this.#means;
  }

  /**
   * The first pair, by the list, of which the later item would win. Whether a pair is in order depends on items up to the
   * later one only, so that what was looked at before the last change need not be looked at again.
   */
  violation(): readonly [Item, Item] | undefined {
    for (; this.#checked < this.#items.length; this.#checked += 1) {
      const second = this.#items[this.#checked];
      if (second === undefined) continue;
      for (const first of this.#nearBefore(this.#checked, second)) {
        if (first.position === second.position || this.#comesFirst(first, second)) continue;
        if (this.#overlap(first, second) && !this.#isCovered(first, second)) return [first, second];
      }
    }
    return undefined;
  }

  /** A pair of which one is a regular expression, so that the specification does not say which wins. */
  unpromised(): readonly [Item, Item] | undefined {
    for (const [index, second] of this.#items.entries()) {
      for (const first of this.#nearBefore(index, second)) {
        if (first.position === second.position || (this.#rank(first).kind > 1 && this.#rank(second).kind > 1))
          continue;
        if (this.#overlap(first, second)) return [first, second];
      }
    }
    return undefined;
  }

  /** Gives the requests of both items to the first by a match of their own. */
  addIntersection(first: Item, second: Item): boolean {
    if (first.asRegex || second.asRegex || this.#added >= maxAdded) return false;
    const conditions = this.#sets.intersect(first.conditions, second.conditions);
    if (
      conditions === undefined ||
      !isPlain(conditions.path) ||
      !fitsOneMatch(conditions) ||
      !canChangePath(first.pathChange, conditions.path)
    )
      return false;
    const item: Item = { ...first, conditions };
    if (!this.#comesFirst(item, second)) return false;
    const index = (this.#places.get(first) ?? -1) + 1;
    this.#items.splice(index, 0, item);
    this.#near.add(item.conditions, item);
    this.#number();
    this.#checked = Math.min(this.#checked, index);
    this.#added += 1;
    this.#use('intersection');
    return true;
  }

  /** Makes the second item less specific, and where that is not enough the first one more so. */
  lower(first: Item, second: Item): boolean {
    if (this.#rank(second).kind > 1) {
      if (!canChangePath(second.pathChange, { kind: 'regex', source: '' })) return false;
      // The value of a placeholder cannot be escaped.
      if (hasPlaceholder(second)) return false;
      // An expression can say what was written, letter by letter.
      const conditions = { ...second.conditions, path: asWritten(second.conditions.path) };
      const lowered: Item = { ...second, conditions, asRegex: true };
      this.#replace(second, lowered);
      if (conditions.path !== second.conditions.path) this.#dropHiddenBy(lowered);
      this.#use('regular-expression');
      return true;
    }
    let longer: Item = { ...first, padding: first.padding + 1 };
    while (!this.#comesFirst(longer, second)) longer = { ...longer, padding: longer.padding + 1 };
    if (!fitsPathLength(longer)) return false;
    this.#replace(first, longer);
    this.#use('lengthening');
    return true;
  }

  failure(second: Item): Unordered {
    if (hasPlaceholder(second)) return 'placeholder';
    return this.#rank(second).kind > 1 ? 'path-change' : 'limits';
  }

  #use(means: Means): void {
    const order: readonly Means[] = ['plain', 'intersection', 'regular-expression', 'lengthening'];
    if (order.indexOf(means) > order.indexOf(this.#means)) this.#means = means;
  }

  #dropHiddenBy(by: Item): void {
    const isHidden = (item: Item) =>
      item.position > by.position && this.#sets.implies(item.conditions, by.conditions);
    this.#dead.push(...this.#items.filter(isHidden).map(item => ({ item, by })));
    this.#items = this.#items.filter(item => !isHidden(item));
    this.#number();
  }

  #replace(item: Item, by: Item): void {
    const index = this.#places.get(item);
    if (index === undefined) return;
    this.#items[index] = by;
    this.#places.delete(item);
    this.#places.set(by, index);
    this.#near.add(by.conditions, by);
    this.#checked = Math.min(this.#checked, index);
  }

  /** Tells whether the sort puts one item before a later one; between owners, nothing we control decides a tie. */
  #comesFirst(first: Item, second: Item): boolean {
    const order = compareSpecificity(this.#rank(first), this.#rank(second));
    if (order === 0 ? first.entry.owner !== second.entry.owner : order > 0) return false;
    return this.#orders.every(rank => compareRanks(rank, countedIn(first), countedIn(second)) >= 0);
  }

  #rank(item: Item): Specificity {
    const known = this.#ranks.get(item);
    if (known !== undefined) return known;
    const rank = rankOf(item);
    this.#ranks.set(item, rank);
    return rank;
  }

  #overlap(first: Item, second: Item): boolean {
    const row = this.#overlaps.get(first.conditions) ?? new Map<PositiveMatch, boolean>();
    this.#overlaps.set(first.conditions, row);
    const known = row.get(second.conditions);
    if (known !== undefined) return known;
    const overlap = this.#sets.overlap(first.conditions, second.conditions);
    row.set(second.conditions, overlap);
    return overlap;
  }

  /** Tells whether another item of the first one's place already takes what both take, and comes before the second. */
  #isCovered(first: Item, second: Item): boolean {
    const rivals = this.#items.filter(
      item => item !== first && item.position === first.position && this.#comesFirst(item, second),
    );
    if (rivals.length === 0) return false;
    const common = this.#sets.intersect(first.conditions, second.conditions);
    return common !== undefined && rivals.some(item => this.#sets.implies(common, item.conditions));
  }
}
