import type { AnyResource } from '../../2-decode/resource.ts';
import { folderOf } from '../gitops/kustomizations.ts';
import type { Environment } from './environments.ts';
import { pathOf } from './identity.ts';

/** How much of a folder is shared with another; of as much, the one with less below it is nearer. */
function closeness(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((part, index) => part !== b[index]);
  const shared = different < 0 ? a.length : different;
  return shared - (a.length - shared) / 100;
}

/** @returns which of several documents lie in the folder that shares most with one */
export function nearestTo(group: readonly AnyResource[], folder: string): readonly number[] {
  const parts = folder.split('/');
  const scores = group.map(resource => closeness(folderOf(pathOf(resource)).split('/'), parts));
  const best = Math.max(...scores);
  return scores.flatMap((score, index) => (score === best ? [index] : []));
}

export function positionsByFolder(group: readonly AnyResource[]): ReadonlyMap<string, readonly number[]> {
  const byFolder = new Map<string, number[]>();
  for (const [index, resource] of group.entries()) {
    const folder = folderOf(pathOf(resource));
    const known = byFolder.get(folder);
    if (known === undefined) byFolder.set(folder, [index]);
    else known.push(index);
  }
  return byFolder;
}

/** @returns the document that was chosen, or the nearest of those that are in an environment, if any */
export function inEnvironment(
  group: readonly AnyResource[],
  chosen: number,
  environment: Environment,
  file: string,
): readonly AnyResource[] {
  const first = group[chosen];
  if (first !== undefined && environment.has(pathOf(first))) return [first];
  const present = group.filter(resource => environment.has(pathOf(resource)));
  const [index = 0] = nearestTo(present, folderOf(file));
  return present.slice(index, index + 1);
}
