import type { CatalogEntry } from '../catalog.ts';
import { attachCodes } from './attach.ts';
import { gatewayCodes } from './gateway.ts';

export const linkCodes = { ...attachCodes, ...gatewayCodes } as const satisfies Readonly<
  Record<string, CatalogEntry>
>;
