import type { CatalogEntry } from '../catalog-entry.ts';
import { actionCodes } from './action.ts';
import { matchCodes } from './match.ts';

export const translateCodes = { ...matchCodes, ...actionCodes } as const satisfies Readonly<
  Record<string, CatalogEntry>
>;
