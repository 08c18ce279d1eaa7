import type { CatalogEntry } from '../diagnostics/catalog-entry.ts';

export { CONVERTIBLE } from '../diagnostics/convertible.ts';

/** The rule of it in formats with a list of rules. */
export const convertible: CatalogEntry = {
  severity: 'info',
  fate: 'note',
  family: 'matches',
  message: 'this VirtualService can be a Gateway API route',
  why: 'Every request is proven to go where it goes today, except for the differences that the text names.',
  remedy: 'Take the suggestion, or run vs2route convert --write.',
};

/** The code of what a pull request takes away from VirtualServices that stay. */
export const REMOVED_IN_USE = 'removed-in-use';

/** The rule of it in formats with a list of rules. */
export const removedInUse: CatalogEntry = {
  severity: 'error',
  fate: 'input',
  family: 'subsets',
  message: 'this pull request removes something that a VirtualService uses',
  why: 'istiod has no cluster for a subset or a Service that is gone: requests to it get 503.',
  remedy: 'Restore it, or change the VirtualService first.',
};
