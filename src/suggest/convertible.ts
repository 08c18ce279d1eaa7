import type { CatalogEntry } from '../diagnostics/catalog.ts';

/** The code of what is no trouble at all: a VirtualService that can be converted. */
export const CONVERTIBLE = 'convertible';

/** What formats with a list of rules say of it. */
export const convertible: CatalogEntry = {
  severity: 'info',
  fate: 'note',
  family: 'matches',
  message: 'this VirtualService can be a Gateway API route',
  why: 'Every request was shown to go where it goes today, but for differences that are named.',
  remedy: 'Take the suggestion, or run vs2route convert --write.',
};
