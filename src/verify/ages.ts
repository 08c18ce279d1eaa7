import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import { asNewest } from '../3-link/newest.ts';

/** Gives objects that only the second of two sides has an age: they are created after all that the first has. */
export function withAges(
  before: readonly AnyResource[],
  after: readonly AnyResource[],
): readonly AnyResource[] {
  const known = new Set(before.map(nameKey));
  return after.map(resource => (known.has(nameKey(resource)) ? resource : asNewest(resource)));
}
