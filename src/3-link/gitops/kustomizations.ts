import type { Kustomization } from '../../2-decode/kustomization.ts';
import { type AnyResource, isType } from '../../2-decode/resource.ts';

/** The kustomizations of the input, and how they list each other. */
export interface Kustomizations {
  /** By the folder they lie in. */
  readonly specs: ReadonlyMap<string, Kustomization>;
  /** The resolved paths that each lists, by its folder: those of other kustomizations and of files. */
  readonly listed: ReadonlyMap<string, readonly string[]>;
  /** The folders of those that list a component, by its folder. */
  readonly users: ReadonlyMap<string, readonly string[]>;
}

export function kustomizationsOf(resources: readonly AnyResource[]): Kustomizations {
  const specs = new Map(
    resources.filter(isType('kustomize.Kustomization')).flatMap(kustomization => {
      const path = kustomization.source?.document.file.path;
      return path === undefined ? [] : [[folderOf(path), kustomization.spec] as const];
    }),
  );
  const listed = new Map<string, readonly string[]>();
  const users = new Map<string, string[]>();
  for (const [folder, { resources: own = [], bases = [], components = [] }] of specs) {
    const resolve = (item: string): string => resolvePath(folder, item);
    listed.set(folder, [...own, ...bases, ...components].map(resolve));
    for (const component of new Set(components.map(resolve))) {
      const known = users.get(component);
      if (known === undefined) users.set(component, [folder]);
      else known.push(folder);
    }
  }
  return { specs, listed, users };
}

/**
 * The files that kustomizations list, also through kustomizations they list, each once and in the order of the lists.
 *
 * @param seen folders that need no second look, whose files are left out; those of this walk are added
 */
export function filesBelow(
  { listed }: Kustomizations,
  roots: readonly string[],
  seen: Set<string> = new Set(),
): ReadonlySet<string> {
  const files = new Set<string>();
  const open = roots.filter(root => listed.has(root)).toReversed();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const items = listed.get(path);
    if (items === undefined) files.add(path);
    else if (!seen.has(path)) {
      seen.add(path);
      for (let index = items.length - 1; index >= 0; index -= 1) open.push(items[index] ?? '');
    }
  }
  return files;
}

/** Prefixes and suffixes of names from the kustomizations on the way to a file, the innermost first. */
export type Affixes = readonly { readonly prefix: string; readonly suffix: string }[];

/**
 * Goes through the files that a kustomization lists, also through kustomizations it lists: once for every way in which
 * those on the way rename what is in a file. Ways that rename alike count as one.
 *
 * @param take called for each step; false when there are to be no more of them
 * @returns whether every way was followed
 */
export function walkKustomization(
  { specs, listed }: Kustomizations,
  root: string,
  visitFile: (file: string, affixes: Affixes) => void,
  take: () => boolean = () => true,
): boolean {
  const seen = new Set<string>();
  const open: { readonly path: string; readonly affixes: Affixes; readonly key: string }[] = [];
  if (listed.has(root)) open.push({ path: root, affixes: [], key: '' });
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { path } = step;
    const items = listed.get(path);
    if (items === undefined) {
      visitFile(path, step.affixes);
      continue;
    }
    const { namePrefix: prefix = '', nameSuffix: suffix = '' } = specs.get(path) ?? {};
    const renames = prefix !== '' || suffix !== '';
    const key = renames ? `${step.key}\n${prefix}/${suffix}` : step.key;
    const state = `${path}\n${key}`;
    if (seen.has(state) || step.affixes.length > MAX_RENAMING_LAYERS) continue;
    seen.add(state);
    if (!take()) return false;
    const affixes = renames ? [{ prefix, suffix }, ...step.affixes] : step.affixes;
    for (let index = items.length - 1; index >= 0; index -= 1)
      open.push({ path: items[index] ?? '', affixes, key });
  }
  return true;
}

/** kustomize refuses kustomizations that list each other in a circle, and names have 253 characters at most. */
const MAX_RENAMING_LAYERS = 253;

/** @returns a function that tells for a file the kustomizations that lead to it; each is looked for when asked */
export function kustomizationsByFile({ listed }: Kustomizations): (path: string) => ReadonlySet<string> {
  const listedIn = new Map<string, string[]>();
  for (const [folder, items] of listed) {
    for (const item of items) {
      const known = listedIn.get(item);
      if (known === undefined) listedIn.set(item, [folder]);
      else known.push(folder);
    }
  }
  const byPath = new Map<string, ReadonlySet<string>>();
  return path => {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const above = new Set<string>();
    // A path that is a kustomization's folder is no file.
    const open = listed.has(path) ? [] : [...(listedIn.get(path) ?? [])];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      if (above.has(folder)) continue;
      above.add(folder);
      open.push(...(listedIn.get(folder) ?? []));
    }
    byPath.set(path, above);
    return above;
  };
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
