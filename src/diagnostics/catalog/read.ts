import type { CatalogEntry } from '../catalog.ts';

export const readCodes = {} as const satisfies Readonly<Record<string, CatalogEntry>>;
