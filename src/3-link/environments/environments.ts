import { isKustomizationFile } from '../../1-read/manifests.ts';
import { type AnyResource, isRoute, isType } from '../../2-decode/resource.ts';
import {
  folderOf,
  type Kustomizations,
  kustomizationsByFile,
  kustomizationsOf,
} from '../gitops/kustomizations.ts';

/**
 * Files that belong to one deployment. Overlays that share a base, and folders that define the same object, are
 * environments of which a cluster has one: what one of them holds is not there for the others.
 */
export interface Environments {
  /**
   * @param file the path of a file
   * @returns the environments that a file is deployed to, each with what is there; one for most files
   */
  readonly of: (file: string) => readonly Environment[];
}

/** One deployment, as seen from a file. */
export interface Environment {
  /** Equal for files with the same neighbours. */
  readonly key: string;
  /** The name that people know it by: the folder of its kustomization, or of the file. */
  readonly name: string;
  /** The folder of its outermost kustomization; undefined where there is none, or where it makes no difference. */
  readonly root: string | undefined;
  /** Whether the objects of a file can be in the cluster together with it. */
  readonly has: (file: string) => boolean;
}

/** Two documents for one of these in different folders make the folders environments. */
const telling: ReadonlySet<AnyResource['type']> = new Set([
  'istio.VirtualService',
  'istio.DestinationRule',
  'istio.ServiceEntry',
  'core.Service',
]);

export function environmentsOf(resources: readonly AnyResource[]): Environments {
  const kustomizations = kustomizationsOf(resources);
  const roots = rootsByFile(kustomizations);
  const rivalFolders = rivalFoldersOf(resources);
  const rivalRoots = rivalRootsOf(resources, roots);
  const known = new Map<string, readonly Environment[]>();
  if (rivalFolders.size === 0 && rivalRoots.size === 0) {
    const all: readonly Environment[] = [{ key: '', name: '.', root: undefined, has: () => true }];
    return { of: () => all };
  }
  const areRivals = (a: string, b: string): boolean =>
    a !== b && (rivalRoots.get(a) ?? []).some(set => set.has(b));
  const environment = (file: string, root: string | undefined): Environment => {
    const folder = folderOf(file);
    const parts = folder === '' ? [] : folder.split('/');
    return {
      key: JSON.stringify([root ?? '', branchesOf(parts, rivalFolders)]),
      name: root ?? (folder || '.'),
      root,
      has: other => {
        if (other === file) return true;
        const theirs = roots(other);
        // Kustomizations know better than folders what is deployed together.
        if (root !== undefined && theirs.size > 0)
          return theirs.has(root) || [...theirs].some(one => !areRivals(root, one));
        return !isRivalFolder(parts, folderOf(other), rivalFolders);
      },
    };
  };
  return {
    of: file => {
      const own = [...roots(file)];
      const key = own.length === 0 ? `folder ${folderOf(file)}` : `roots ${folderOf(file)} ${own.join('\n')}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const made =
        own.length === 0 ? [environment(file, undefined)] : own.map(root => environment(file, root));
      known.set(key, made);
      return made;
    },
  };
}

const none: ReadonlySet<string> = new Set();

/** @returns for each file the kustomizations that lead to it and that no other includes */
function rootsByFile(kustomizations: Kustomizations): (file: string) => ReadonlySet<string> {
  if (kustomizations.listed.size === 0) return () => none;
  const listed = new Set([...kustomizations.listed.values()].flat());
  const leading = kustomizationsByFile(kustomizations);
  const byFolder = rootsByFolder(kustomizations, listed);
  const including = (folder: string): ReadonlySet<string> => {
    const found = byFolder.get(folder);
    if (found !== undefined) return found;
    if (!listed.has(folder)) return new Set([folder]);
    const users = [...kustomizations.listed].filter(([, items]) => items.includes(folder));
    return new Set(users.flatMap(([user]) => [...(byFolder.get(user) ?? none)]));
  };
  const known = new Map<string, ReadonlySet<string>>();
  return file => {
    // A kustomization lists itself nowhere, and is deployed with what it lists.
    const found = known.get(file);
    if (found !== undefined) return found;
    // A kustomization lists itself nowhere, and is deployed with what it lists.
    const roots = isKustomizationFile(file)
      ? including(folderOf(file))
      : new Set([...leading(file)].filter(folder => !listed.has(folder)));
    known.set(file, roots);
    return roots;
  };
}

/**
 * @param listed every path that some kustomization lists
 * @returns for the folder of each kustomization those that no other lists and that include it, itself among them; none where
 * kustomizations list each other in a circle
 */
function rootsByFolder(
  kustomizations: Kustomizations,
  listed: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const roots = new Map<string, Set<string>>();
  for (const root of kustomizations.listed.keys()) {
    if (listed.has(root)) continue;
    const below = new Set([root]);
    for (const folder of below) {
      const known = roots.get(folder);
      if (known === undefined) roots.set(folder, new Set([root]));
      else known.add(root);
      for (const item of kustomizations.listed.get(folder) ?? [])
        if (kustomizations.listed.has(item)) below.add(item);
    }
  }
  return roots;
}

type RivalFolders = ReadonlyMap<string, readonly ReadonlySet<string>[]>;

/** Folders beside each other that define the same object, by the folder that they are in. */
function rivalFoldersOf(resources: readonly AnyResource[]): RivalFolders {
  const rivals = new Map<string, Map<string, ReadonlySet<string>>>();
  for (const folders of foldersByObject(resources).values()) {
    if (folders.size < 2) continue;
    const children = new Map<string, Set<string>>();
    for (const folder of folders) {
      const parts = folder === '' ? [] : folder.split('/');
      for (let depth = 0; depth < parts.length; depth += 1) {
        const above = parts.slice(0, depth).join('/');
        const below = parts.slice(0, depth + 1).join('/');
        const before = children.get(above);
        if (before === undefined) children.set(above, new Set([below]));
        else before.add(below);
      }
    }
    for (const [above, below] of children) {
      if (below.size < 2) continue;
      const sets = rivals.get(above) ?? new Map<string, ReadonlySet<string>>();
      sets.set([...below].sort().join('\n'), below);
      rivals.set(above, sets);
    }
  }
  return new Map([...rivals].map(([folder, sets]) => [folder, [...sets.values()]]));
}

function foldersByObject(resources: readonly AnyResource[]): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>();
  for (const resource of resources) {
    const path = resource.source?.document.file.path;
    const object = identityOf(resource);
    if (path === undefined || object === undefined) continue;
    const known = folders.get(object);
    if (known === undefined) folders.set(object, new Set([folderOf(path)]));
    else known.add(folderOf(path));
  }
  return folders;
}

function identityOf(resource: AnyResource): string | undefined {
  const { type, namespace, name } = resource;
  return telling.has(type) || isRoute(resource) ? `${type} ${namespace}/${name}` : undefined;
}

/** @returns the folder, and those that it is in, that are environments beside others */
function branchesOf(parts: readonly string[], rivals: RivalFolders): readonly string[] {
  return parts.flatMap((_, depth) => {
    const own = parts.slice(0, depth + 1).join('/');
    const sets = rivals.get(parts.slice(0, depth).join('/')) ?? [];
    return sets.some(set => set.has(own)) ? [own] : [];
  });
}

/** Whether a folder is in another environment: where the paths of both part, rivals lie. */
function isRivalFolder(parts: readonly string[], other: string, rivals: RivalFolders): boolean {
  const theirs = other === '' ? [] : other.split('/');
  const depth = parts.findIndex((part, index) => part !== theirs[index]);
  if (depth < 0 || depth >= theirs.length) return false;
  const sets = rivals.get(parts.slice(0, depth).join('/')) ?? [];
  const [own, their] = [parts, theirs].map(path => path.slice(0, depth + 1).join('/'));
  return sets.some(set => set.has(own ?? '') && set.has(their ?? ''));
}

/** Kustomizations that share files or define the same object, of which a cluster has one: the sets that each is in. */
function rivalRootsOf(
  resources: readonly AnyResource[],
  roots: (file: string) => ReadonlySet<string>,
): ReadonlyMap<string, readonly ReadonlySet<string>[]> {
  const rivals = new Map<string, ReadonlySet<string>[]>();
  if (!resources.some(isType('kustomize.Kustomization'))) return rivals;
  const byObject = new Map<string, Set<string>>();
  for (const resource of resources) {
    const path = resource.source?.document.file.path;
    const object = identityOf(resource);
    if (path === undefined || object === undefined) continue;
    const known = byObject.get(object) ?? new Set<string>();
    for (const root of roots(path)) known.add(root);
    byObject.set(object, known);
  }
  const sets = new Map([...byObject.values()].map(set => [[...set].sort().join('\n'), set]));
  for (const set of sets.values()) {
    if (set.size < 2) continue;
    for (const root of set) {
      const known = rivals.get(root);
      if (known === undefined) rivals.set(root, [set]);
      else known.push(set);
    }
  }
  return rivals;
}
