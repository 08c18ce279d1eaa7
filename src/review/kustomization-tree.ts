import { splitDocuments } from '../1-read/split-documents.ts';
import { resolvePath } from '../3-link/gitops/kustomizations.ts';
import { parseDocument } from '../yaml/parse-document.ts';
import { isRecord, toJson } from '../yaml/yaml-node.ts';

/** A tree of files. Paths have `/` between their parts and no `.` or `..`; the tree's own folder is ''. */
export interface Tree {
  /** @returns undefined where there is no such file */
  readonly read: (path: string) => string | undefined;
}

/** A kustomization, as it is written. */
export interface WrittenKustomization {
  /** The file. */
  readonly path: string;
  readonly folder: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** @returns the kustomization of a folder; undefined where it has none, or one that does not parse */
export function kustomizationIn(tree: Tree, folder: string): WrittenKustomization | undefined {
  for (const name of names) {
    const path = resolvePath(folder, name);
    const text = tree.read(path);
    if (text === undefined) continue;
    const fields = valuesIn({ path, text })[0];
    return isRecord(fields) ? { path, folder, fields } : undefined;
  }
  return undefined;
}

/** @returns what the documents of a file hold; documents that do not parse hold nothing */
export function valuesIn(file: { readonly path: string; readonly text: string }): readonly unknown[] {
  return splitDocuments(file).flatMap(document => {
    const { root } = parseDocument(document);
    return root === undefined ? [] : [toJson(root)];
  });
}

/** Whether a document of a file does not parse, so that kustomize refuses the file. */
export function isBroken(file: { readonly path: string; readonly text: string }): boolean {
  return splitDocuments(file).some(document => parseDocument(document).root === undefined);
}

/** @returns the texts of a list; whatever else is in it is left out */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Whether kustomize would fetch a resource: an address, or a repository such as `github.com/shop/base?ref=v1`. */
export function isRemote(resource: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:\/\//i.test(resource) ||
    /^(git@|git::)/.test(resource) ||
    /^[\w-]+(\.[\w-]+)+\/[^/]+\/[^/]+.*[?]/.test(resource) ||
    /^(github|gitlab|bitbucket)\.(com|org)[/:]/.test(resource)
  );
}

/** The files of a kustomization. */
export interface Reach {
  /** The files that are read, kustomizations and patches included. */
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  readonly remote: readonly { readonly path: string; readonly resource: string }[];
}

const fileLists = ['resources', 'bases', 'components', 'patchesStrategicMerge', 'crds', 'configurations'];
const pluginLists = ['transformers', 'generators', 'validators'];

/** Follows a kustomization to all that it is made of. */
export function reachOf(tree: Tree, root: string): Reach {
  const files = new Set<string>();
  const folders = new Set<string>();
  const remote: { path: string; resource: string }[] = [];
  const visit = (folder: string): void => {
    if (folders.has(folder)) return;
    const found = kustomizationIn(tree, folder);
    if (found === undefined) return;
    folders.add(folder);
    files.add(found.path);
    const listed = [...fileLists, ...pluginLists].flatMap(name => textsIn(found.fields[name]));
    const patches = ['patches', 'patchesJson6902', 'replacements'].flatMap(name =>
      pathsOf(found.fields[name]),
    );
    for (const item of [...listed, ...patches]) {
      if (isRemote(item)) {
        remote.push({ path: found.path, resource: item });
        continue;
      }
      const path = resolvePath(folder, item);
      if (kustomizationIn(tree, path) !== undefined) visit(path);
      else if (tree.read(path) !== undefined) files.add(path);
    }
  };
  visit(root);
  return { files, folders, remote };
}

function pathsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly unknown[]).flatMap(item =>
    isRecord(item) && typeof item['path'] === 'string' ? [item['path']] : [],
  );
}

/**
 * The kustomizations that nothing else uses, so that a cluster gets them as they are.
 *
 * @param folders all that have a kustomization
 */
export function rootsAmong(tree: Tree, folders: readonly string[]): readonly string[] {
  const used = new Set<string>();
  for (const folder of folders) {
    const fields = kustomizationIn(tree, folder)?.fields ?? {};
    for (const item of ['resources', 'bases', 'components'].flatMap(name => textsIn(fields[name])))
      if (!isRemote(item)) used.add(resolvePath(folder, item));
  }
  return folders.filter(folder => {
    const found = kustomizationIn(tree, folder);
    return found !== undefined && found.fields['kind'] !== 'Component' && !used.has(folder);
  });
}
