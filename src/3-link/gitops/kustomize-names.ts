import type { AnyResource } from '../../2-decode/resource.ts';
import { type Applier, appliersOf } from './appliers.ts';

/** @returns for each file whose objects are renamed on their way to the cluster, what does so */
export function renamersOf(resources: readonly AnyResource[]): ReadonlyMap<string, Applier['by']> {
  const renaming = new Map<string, Applier['by']>();
  const seen = new Set<string>();
  for (const { by, renames, files } of appliersOf(resources)) {
    if (!renames) continue;
    for (const file of files(seen)) if (!renaming.has(file)) renaming.set(file, by);
  }
  return renaming;
}
