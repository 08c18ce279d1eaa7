import { decodeCodes } from './catalog/decode.ts';
import { gitopsCodes } from './catalog/gitops.ts';
import { linkCodes } from './catalog/link.ts';
import { orderCodes } from './catalog/order.ts';
import { readCodes } from './catalog/read.ts';
import { translateCodes } from './catalog/translate.ts';
import type { CatalogEntry, Fate } from './catalog-entry.ts';

/** Every diagnostic, once. Codes are permanent: one that is no longer reported stays listed as retired. */
export const catalog = {
  ...readCodes,
  ...decodeCodes,
  ...linkCodes,
  ...translateCodes,
  ...orderCodes,
  ...gitopsCodes,
} as const satisfies Readonly<Record<string, CatalogEntry>>;

export type Code = keyof typeof catalog;

type PlaceholdersOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersOf<Rest>
  : never;

/** The values that the texts of a code ask for. */
export type Arguments<C extends Code> = {
  readonly [Name in PlaceholdersOf<(typeof catalog)[C]['message' | 'why' | 'remedy']>]: string | number;
};

const refusing: ReadonlySet<Fate> = new Set(['unsupported', 'needs-input', 'input']);

/** @returns whether a fate keeps its object from being converted */
export function refuses(fate: Fate): boolean {
  return refusing.has(fate);
}

/** @returns whether a code keeps its object from being converted */
export function holdsBack(code: Code): boolean {
  return refusing.has(catalog[code].fate);
}

/** @returns the entry of a code, with its texts as plain strings */
export function entryOf(code: Code): CatalogEntry {
  return catalog[code];
}
