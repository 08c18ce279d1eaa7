import { aliasesOf } from '../diagnostics/aliases.ts';
import { type Code, catalog, entryOf } from '../diagnostics/catalog.ts';
import type { CatalogEntry } from '../diagnostics/catalog-entry.ts';
import { type Family, families } from '../diagnostics/families.ts';

/** A code as `codes --json` and `explain --json` print it. */
export interface CodeJson {
  readonly code: Code;
  readonly family: Family;
  readonly severity: CatalogEntry['severity'];
  readonly fate: CatalogEntry['fate'];
  readonly message: string;
  readonly why: string;
  readonly remedy: string;
  readonly example?: string;
  /** Codes of earlier versions that became this one. */
  readonly aliases: readonly string[];
  /** Its section in the documentation, from the root of the project. */
  readonly page: string;
}

/** @returns the path of the page that explains a code, with its anchor */
export function pageOf(code: Code): string {
  return `docs/codes/${entryOf(code).family}.md#${code.replaceAll('.', '')}`;
}

/** @returns a code with everything that is known of it */
export function codeAsJson(code: Code): CodeJson {
  const { severity, fate, family, message, why, remedy, example } = entryOf(code);
  return {
    code,
    family,
    severity,
    fate,
    message,
    why,
    remedy,
    ...(example === undefined ? {} : { example }),
    aliases: aliasesOf(code),
    page: pageOf(code),
  };
}

/** @returns a family with its codes */
export function familyAsJson(family: Family): object {
  return { family, ...families[family], codes: codesOf(family).map(([code]) => codeAsJson(code)) };
}

/** @returns every family with its codes, in the order of the reference */
export function familiesAsJson(): readonly object[] {
  return familyNames.map(familyAsJson);
}

/** In the order of the reference. */
export const familyNames: readonly Family[] = Object.keys(families) as Family[];

/** @returns the codes of a family in alphabetical order */
export function codesOf(family: Family): readonly (readonly [Code, CatalogEntry])[] {
  const codes = (Object.keys(catalog) as Code[]).toSorted();
  return codes.map(code => [code, entryOf(code)] as const).filter(([, entry]) => entry.family === family);
}
