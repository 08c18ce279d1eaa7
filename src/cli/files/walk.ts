import { type Dirent, readdirSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { BaseSettings } from './base-settings.ts';
import { isTemplateFile, isWorthReading } from './beside.ts';
import type { Tracked } from './git.ts';
import { type RuleChain, rulesAbove, rulesFrom, saysIgnored, withRulesOf } from './ignore-files.ts';
import type { SharedWalk, Sharing, WalkSettings } from './sharing.ts';

/** How a folder is searched, and who hears of what. */
export interface WalkOptions {
  readonly settings: WalkSettings;
  /** Files that decide how others are read, where those on the disk do not count. */
  readonly base?: BaseSettings | undefined;
  /** The files that git tracks: `.gitignore` does not apply to them, as in git itself. Asked where something is ignored. */
  readonly tracked: () => Tracked;
  /** One folder that cannot be read must not keep the others from being read, nor go unnoticed. */
  readonly onError: (folder: string, error: unknown) => void;
  /** Hears of files that are no manifests and may name objects: templates, and files of hidden folders. */
  readonly onBeside?: (absolute: string) => void;
  readonly share?: Sharing | undefined;
}

/** File names that folders are searched for; a file that is named, or matched by a glob, may be called anything. */
const manifest = /(?:\.ya?ml|\.json|^kustomization)$/i;

/** Whether a file by this path, with `/`, is found in folders. */
export function isManifestPath(path: string): boolean {
  const parts = path.split('/');
  const isPassed = parts.some(part => part.startsWith('.') || part === 'node_modules');
  return !isPassed && manifest.test(parts.at(-1) ?? '');
}

/** A search under way. */
interface Search {
  readonly options: WalkOptions;
  readonly exclude: RuleChain;
  readonly found: string[];
}

/** A folder to be searched. */
interface Folder {
  readonly path: string;
  /** The rules of `.gitignore` files above it; undefined when they do not count, nor those below. */
  readonly above: RuleChain | undefined;
  /** Whether git ignores it, so that only what it tracks counts. */
  readonly inIgnored: boolean;
}

/** So many folders at once can be shared out well, however deep they lie. */
const SHARES = 64;

/**
 * Finds the manifests in a folder and below. Hidden folders and node_modules hold none, and symbolic links are not
 * followed, so that nothing is read twice or from outside of the tree.
 *
 * @param root absolute
 * @returns absolute paths, sorted
 */
export function walk(root: string, options: WalkOptions): readonly string[] {
  const search = searchOf(options);
  const first = root.endsWith(sep) ? root.slice(0, -1) : root;
  let folders: readonly Folder[] = [
    {
      path: first,
      above: options.settings.ignoreFiles ? rulesAbove(root, options.base) : undefined,
      inIgnored: false,
    },
  ];
  for (let next = folders[0]; next !== undefined && folders.length < SHARES; next = folders[0])
    folders = [...folders.slice(1), ...visit(next, search)];
  visitTogether(first, folders, search);
  return search.found.sort();
}

/** Searches folders, from the first one on; another thread may search from the last one on. */
function visitTogether(root: string, folders: readonly Folder[], search: Search): void {
  const { options, found } = search;
  const from = options.share?.from ?? Number.POSITIVE_INFINITY;
  let at = 0;
  for (; at < folders.length && found.length < from; at += 1) visitBelow(folders[at], search);
  const left = folders.slice(at);
  const shared = share(root, left, options);
  let next = 0;
  for (; next < left.length && shared?.take(next) !== false; next += 1) visitBelow(left[next], search);
  const results = next < left.length ? shared?.results() : undefined;
  for (; next < left.length; next += 1) {
    const result = results?.get(next);
    if (result === undefined) visitBelow(left[next], search);
    for (const path of result?.found ?? []) found.push(path);
    for (const path of result?.beside ?? []) options.onBeside?.(path);
  }
}

function share(root: string, folders: readonly Folder[], options: WalkOptions): SharedWalk | undefined {
  const { share: other, base, settings } = options;
  // The other thread knows neither the files of another commit, nor that git ignores a folder and tracks a file in it.
  const isKnownThere = root !== '' && base === undefined && !folders.some(({ inIgnored }) => inIgnored);
  if (folders.length === 0 || !isKnownThere) return undefined;
  return other?.ask(
    root,
    folders.map(({ path }) => path),
    settings,
  );
}

/**
 * Searches one folder of a walk, as the walk would.
 *
 * @param root absolute, where the walk began; not the root of the file system
 * @param folder absolute, at or below the root, where git ignores no folder between them
 * @returns absolute paths, not sorted
 */
export function walkBelow(root: string, folder: string, options: WalkOptions): readonly string[] {
  const search = searchOf(options);
  visitBelow(
    {
      path: folder,
      above: options.settings.ignoreFiles ? rulesAt(root, folder) : undefined,
      inIgnored: false,
    },
    search,
  );
  return search.found;
}

/** @returns the rules of all folders above a folder, those above the root included */
function rulesAt(root: string, folder: string): RuleChain {
  const between: string[] = [];
  for (let at = folder; at !== root; ) {
    at = dirname(at);
    between.unshift(at);
  }
  return between.reduce((rules, at) => withRulesOf(at, rules, undefined), rulesAbove(root));
}

function searchOf(options: WalkOptions): Search {
  const { exclude, excludeFrom } = options.settings;
  return { options, exclude: rulesFrom(exclude, excludeFrom), found: [] };
}

function visitBelow(folder: Folder | undefined, search: Search): void {
  if (folder === undefined) return;
  for (const below of visit(folder, search)) visitBelow(below, search);
}

/** Looks through one folder. @returns the folders in it that are to be searched */
function visit(
  { path: folder, above, inIgnored }: Folder,
  { options, exclude, found }: Search,
): readonly Folder[] {
  const entries = entriesOf(folder, options);
  const { base, settings } = options;
  const hasRules =
    above !== undefined &&
    (entries.some(({ name }) => name === '.gitignore') || base?.has(`${folder}${sep}.gitignore`) === true);
  const gitignore = hasRules ? withRulesOf(folder, above, base) : above;
  const below: Folder[] = [];
  for (const entry of entries) {
    const { name } = entry;
    const isFolder = entry.isDirectory();
    if (name === 'node_modules') continue;
    const isHidden = name.startsWith('.');
    const isManifest = entry.isFile() && manifest.test(name);
    const isTemplate = options.onBeside !== undefined && entry.isFile() && isTemplateFile(name);
    if (!isFolder && !isManifest && !isTemplate) continue;
    const path = folder + sep + name;
    if (path === settings.skip) continue;
    const isIgnored = inIgnored || (gitignore !== undefined && saysIgnored(gitignore, path, isFolder));
    if (isIgnored && !options.tracked().has(path)) continue;
    if (saysIgnored(exclude, path, isFolder)) continue;
    if (isHidden || (!isFolder && !isManifest)) passOver(path, isFolder, exclude, options);
    else if (isFolder) below.push({ path, above: gitignore, inIgnored: isIgnored });
    else found.push(path);
  }
  return below;
}

/** Goes through what is not read as manifests, for the names in it; what the command line leaves out names nothing. */
function passOver(path: string, isFolder: boolean, exclude: RuleChain, options: WalkOptions): void {
  const { onBeside } = options;
  if (onBeside === undefined || saysIgnored(exclude, path, isFolder)) return;
  const name = path.slice(path.lastIndexOf(sep) + 1);
  if (!isFolder) {
    if (manifest.test(name) || isTemplateFile(name)) onBeside(path);
  } else if (isWorthReading(name)) {
    for (const entry of entriesOf(path, options))
      if (entry.isDirectory() || entry.isFile())
        passOver(path + sep + entry.name, entry.isDirectory(), exclude, options);
  }
}

function entriesOf(folder: string, { onError }: WalkOptions): readonly Dirent[] {
  try {
    return readdirSync(folder === '' ? sep : folder, { withFileTypes: true });
  } catch (error) {
    // A folder that went away meanwhile holds nothing.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) onError(folder, error);
    return [];
  }
}
