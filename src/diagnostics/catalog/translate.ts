import type { CatalogEntry } from '../catalog.ts';

export const translateCodes = {} as const satisfies Readonly<Record<string, CatalogEntry>>;
