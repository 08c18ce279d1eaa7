import type { CatalogEntry } from '../catalog.ts';

export const linkCodes = {} as const satisfies Readonly<Record<string, CatalogEntry>>;
