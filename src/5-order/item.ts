import { canonicalJson } from '../3-link/canonical.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type { PathChange, TranslatedEntry } from '../4-translate/entry.ts';
import { expressionOf, isCatchAllPath, isPlain, maxPathLength } from '../4-translate/path-sets.ts';
import type { Counted } from '../implementations/ranks.ts';
import type { Specificity } from '../semantics/specificity.ts';
import { byteLength } from '../yaml/byte-length.ts';
import type { PositiveMatch } from './match-sets.ts';

/** One match on its way into a route: what it takes, whose it is, and how its path is written. */
export interface Item {
  /** Its place in the decision list; items of one place do not compete. */
  readonly position: number;
  readonly entry: TranslatedEntry;
  /** The position of the match that it stems from, among those of the entry that apply in its scope. */
  readonly match: number;
  readonly conditions: PositiveMatch;
  readonly pathChange: PathChange;
  /** Written as a regular expression although another form would do. */
  readonly asRegex: boolean;
  /** How many empty groups lengthen its expression. */
  readonly padding: number;
}

/** Lengthens an expression by four characters and changes nothing else. */
export const emptyGroup = '(?:)';

/** How the path of an item is written. */
export interface WrittenPath {
  readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression';
  readonly value: string;
}

/** @returns the path as the route will have it */
export function writtenPath({ conditions: { path }, asRegex, padding }: Item): WrittenPath {
  if (!asRegex && path.kind !== 'regex' && isPlain(path)) {
    return { type: path.kind === 'exact' ? 'Exact' : 'PathPrefix', value: path.value };
  }
  return { type: 'RegularExpression', value: expressionOf(path) + emptyGroup.repeat(padding) };
}

/** @returns a text that is the same for items whose matches a route has in the same form */
export function writtenMatch(item: Item): string {
  const { method, headers, queryParams } = item.conditions;
  const sorted = (conditions: ReadonlyMap<string, unknown>) =>
    [...conditions].sort(([a], [b]) => compareText(a, b));
  return canonicalJson([writtenPath(item), method ?? null, sorted(headers), sorted(queryParams)]);
}

/** Tells whether an item is what istiod takes for a catch-all. */
export function isCatchAllItem({ conditions: { path, method, headers, queryParams } }: Item): boolean {
  return isCatchAllPath(path) && method === undefined && headers.size + queryParams.size === 0;
}

export function fitsPathLength(item: Item): boolean {
  return writtenPath(item).value.length <= maxPathLength;
}

/** @returns what the orders of other implementations count of an item */
export function countedIn(item: Item): Counted {
  const { type, value } = writtenPath(item);
  const { method, headers, queryParams } = item.conditions;
  return {
    type,
    length: value.length,
    isRoot: value === '/',
    method: method === undefined ? 0 : 1,
    headers: headers.size,
    queryParams: queryParams.size,
  };
}

const ranks = { Exact: 3, PathPrefix: 2, RegularExpression: 1 } as const;

/** @returns what istiod will sort an item by */
export function rankOf(item: Item): Specificity {
  const { type, value } = writtenPath(item);
  const { method, headers, queryParams } = item.conditions;
  return {
    kind: ranks[type],
    length: byteLength(value),
    method: method !== undefined,
    headers: headers.size,
    queryParams: queryParams.size,
  };
}
