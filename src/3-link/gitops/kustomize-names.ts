import type { AnyResource } from '../../2-decode/resource.ts';
import { type Applier, appliersOf } from './appliers.ts';
import { kustomizationsByFile, kustomizationsOf } from './kustomizations.ts';

/** Names of objects that change on their way to the cluster. */
export interface Renamer {
  readonly by: Applier['by'];
  /**
   * The folder of a kustomization on the way whose `configurations` can make names follow in more fields than kustomize knows:
   * those of VirtualServices, for example.
   */
  readonly configuredIn: string | undefined;
}

/** @returns for each file whose objects are renamed on their way to the cluster, what does so */
export function renamersOf(resources: readonly AnyResource[]): ReadonlyMap<string, Renamer> {
  const renaming = new Map<string, Renamer>();
  const seen = new Set<string>();
  const renamers = appliersOf(resources).filter(({ renames }) => renames);
  if (renamers.length === 0) return renaming;
  const kustomizations = kustomizationsOf(resources);
  const above = kustomizationsByFile(kustomizations);
  const isConfigured = (folder: string): boolean =>
    (kustomizations.specs.get(folder)?.configurations ?? []).length > 0;
  for (const { by, files } of renamers) {
    for (const file of files(seen))
      if (!renaming.has(file)) renaming.set(file, { by, configuredIn: [...above(file)].find(isConfigured) });
  }
  return renaming;
}
