import type { AnyResource } from '../2-decode/resource.ts';

/**
 * Gives an object that another one becomes on its way into the cluster.
 *
 * @param change equal for equal changes of one object
 */
export type Derive = (from: AnyResource, change: string, make: () => AnyResource) => AnyResource;

/** Makes the object each time. */
export const anew: Derive = (_from, _change, make) => make();

/** @returns a function that gives the same object as before as long as the change of it is the same */
export function rememberDerived(): Derive {
  const known = new WeakMap<AnyResource, { readonly change: string; readonly made: AnyResource }>();
  return (from, change, make) => {
    const found = known.get(from);
    if (found?.change === change) return found.made;
    const made = make();
    known.set(from, { change, made });
    return made;
  };
}
