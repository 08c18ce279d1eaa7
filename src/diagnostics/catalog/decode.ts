import type { CatalogEntry } from '../catalog.ts';

export const decodeCodes = {} as const satisfies Readonly<Record<string, CatalogEntry>>;
