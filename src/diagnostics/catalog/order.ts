import type { CatalogEntry } from '../catalog.ts';

export const orderCodes = {} as const satisfies Readonly<Record<string, CatalogEntry>>;
