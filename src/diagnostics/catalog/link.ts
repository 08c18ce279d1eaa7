import type { CatalogEntry } from '../catalog-entry.ts';
import { attachCodes } from './attach.ts';
import { gatewayCodes } from './gateway.ts';
import { kustomizeCodes } from './kustomize.ts';
import { policyCodes } from './policy.ts';

export const linkCodes = {
  ...attachCodes,
  ...gatewayCodes,
  ...kustomizeCodes,
  ...policyCodes,
} as const satisfies Readonly<Record<string, CatalogEntry>>;
