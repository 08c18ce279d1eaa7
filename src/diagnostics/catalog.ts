import { decodeCodes } from './catalog/decode.ts';
import { gitopsCodes } from './catalog/gitops.ts';
import { linkCodes } from './catalog/link.ts';
import { orderCodes } from './catalog/order.ts';
import { readCodes } from './catalog/read.ts';
import { translateCodes } from './catalog/translate.ts';

/** error: the VirtualService is held back. warning: traffic differs or the result is not portable. info: harmless. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * What becomes of the field a diagnostic speaks of. `input` is for what is wrong with the input itself, `note` for
 * what changes nothing.
 */
export type Fate = 'approximate' | 'unsupported' | 'needs-input' | 'irrelevant' | 'input' | 'note';

/** One code. `{placeholders}` in the three texts are filled in by whoever reports it. */
export interface CatalogEntry {
  readonly severity: Severity;
  readonly fate: Fate;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** Why it matters, citing what istiod or the specification does. */
  readonly why: string;
  /** What to do, in sentences. */
  readonly remedy: string;
  /** A manifest that shows it, for `explain` and MIGRATION.md. */
  readonly example?: string;
}

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

/** @returns the entry of a code, with its texts as plain strings */
export function entryOf(code: Code): CatalogEntry {
  return catalog[code];
}
