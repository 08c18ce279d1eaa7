import type { CatalogEntry } from '../catalog.ts';
import { attachCodes } from './attach.ts';

export const linkCodes = { ...attachCodes } as const satisfies Readonly<Record<string, CatalogEntry>>;
