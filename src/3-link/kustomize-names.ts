import type { AnyResource } from '../2-decode/resource.ts';
import { kustomizationsOf, walkKustomization } from './kustomizations.ts';

/** @returns for each file whose objects a kustomization renames, the folder of that kustomization */
export function renamingFolders(resources: readonly AnyResource[]): ReadonlyMap<string, string> {
  const kustomizations = kustomizationsOf(resources);
  const renaming = new Map<string, string>();
  for (const [folder, { namePrefix, nameSuffix }] of kustomizations) {
    if (!namePrefix && !nameSuffix) continue;
    walkKustomization(kustomizations, folder, file => {
      if (!renaming.has(file)) renaming.set(file, folder);
    });
  }
  return renaming;
}
