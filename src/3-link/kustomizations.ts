import type { Kustomization } from '../2-decode/kustomization.ts';
import { type AnyResource, isType } from '../2-decode/resource.ts';

/** The kustomizations of the input, by the folder they lie in. */
export type Kustomizations = ReadonlyMap<string, Kustomization>;

export function kustomizationsOf(resources: readonly AnyResource[]): Kustomizations {
  return new Map(
    resources.filter(isType('kustomize.Kustomization')).flatMap(kustomization => {
      const path = kustomization.source?.document.file.path;
      return path === undefined ? [] : [[folderOf(path), kustomization.spec] as const];
    }),
  );
}

/**
 * Goes through the files that a kustomization lists, also through kustomizations it lists.
 *
 * @param visitFile gets the folders on the way, the outermost first
 */
export function walkKustomization(
  kustomizations: Kustomizations,
  folder: string,
  visitFile: (file: string, folders: readonly string[]) => void,
  above: readonly string[] = [],
): void {
  const spec = kustomizations.get(folder);
  if (spec === undefined || above.includes(folder)) return;
  const folders = [...above, folder];
  for (const item of [...(spec.resources ?? []), ...(spec.bases ?? []), ...(spec.components ?? [])]) {
    const path = resolvePath(folder, item);
    if (kustomizations.has(path)) walkKustomization(kustomizations, path, visitFile, folders);
    else visitFile(path, folders);
  }
}

/** @returns for each file the kustomizations that lead to it */
export function kustomizationsByFile(
  kustomizations: Kustomizations,
): ReadonlyMap<string, ReadonlySet<string>> {
  const byFile = new Map<string, Set<string>>();
  for (const folder of kustomizations.keys()) {
    walkKustomization(kustomizations, folder, file => {
      const known = byFile.get(file);
      if (known === undefined) byFile.set(file, new Set([folder]));
      else known.add(folder);
    });
  }
  return byFile;
}

/** @returns the folder a path lies in; empty for the working folder */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Follows a relative path from a folder; `.` and `..` are resolved. */
export function resolvePath(folder: string, relative: string): string {
  const absolute = relative.startsWith('/') || folder.startsWith('/');
  const parts: string[] = relative.startsWith('/') ? [] : folder.split('/').filter(part => part !== '');
  for (const part of relative.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${absolute ? '/' : ''}${parts.join('/')}`;
}

/** @returns the folders of the kustomizations that list a component */
export function usersOf(kustomizations: Kustomizations, component: string): readonly string[] {
  return [...kustomizations].flatMap(([folder, { components = [] }]) =>
    components.some(listed => resolvePath(folder, listed) === component) ? [folder] : [],
  );
}
