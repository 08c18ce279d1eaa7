import type { CatalogEntry } from '../catalog.ts';
import { attachCodes } from './attach.ts';
import { gatewayCodes } from './gateway.ts';
import { kustomizeCodes } from './kustomize.ts';

export const linkCodes = { ...attachCodes, ...gatewayCodes, ...kustomizeCodes } as const satisfies Readonly<
  Record<string, CatalogEntry>
>;
