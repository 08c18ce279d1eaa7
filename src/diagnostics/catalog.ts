import { decodeCodes } from './catalog/decode.ts';
import { gitopsCodes } from './catalog/gitops.ts';
import { linkCodes } from './catalog/link.ts';
import { orderCodes } from './catalog/order.ts';
import { readCodes } from './catalog/read.ts';
import { translateCodes } from './catalog/translate.ts';
import type { Family } from './families.ts';

/** error: not converted. warning: traffic can change, or somebody has to act. info: no action needed. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * The result for the field of a diagnostic. `input`: the input itself is wrong. `note`: no request changes. The status
 * of an object follows from fates; the severity is for people and decides nothing.
 */
export type Fate = 'approximate' | 'unsupported' | 'needs-input' | 'irrelevant' | 'input' | 'note';

/** One code. `{placeholders}` in the three texts are filled in by whoever reports it. */
export interface CatalogEntry {
  readonly severity: Severity;
  readonly fate: Fate;
  readonly family: Family;
  /** The fact with its names and numbers, in one sentence without a full stop. */
  readonly message: string;
  /** The reason, citing the behaviour of istiod or the specification. */
  readonly why: string;
  /** The likeliest action first; `No action needed` as the first words where there is none. */
  readonly remedy: string;
  /** A manifest that shows it, for `explain` and docs/codes. */
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
