import type { AnyResource } from '../2-decode/resource.ts';
import type { Conversion } from '../conversion.ts';

/**
 * Numbers the sets of objects that change together (`Conversion.together`), so that a report can name them.
 *
 * @returns the number of the set for each listed object that changes with others, counted from 1 in the order in which the
 *   report lists their first members; an object that changes by itself has none
 */
export function changeSets({
  resources,
  together,
}: Pick<Conversion, 'resources' | 'together'>): ReadonlyMap<AnyResource, number> {
  const listed = new Set(resources.map(({ resource }) => resource));
  const setOf = new Map(
    together
      .map(set => [...set].filter(resource => listed.has(resource)))
      .filter(members => members.length > 1)
      .flatMap(members => members.map(resource => [resource, members] as const)),
  );
  const numbers = new Map<unknown, number>();
  const found = new Map<AnyResource, number>();
  for (const resource of listed) {
    const set = setOf.get(resource);
    if (set === undefined) continue;
    const number = numbers.get(set) ?? numbers.size + 1;
    numbers.set(set, number);
    found.set(resource, number);
  }
  return found;
}
