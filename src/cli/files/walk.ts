import { type Dirent, readdirSync } from 'node:fs';
import { sep } from 'node:path';
import type { BaseSettings } from './base-settings.ts';
import { isTemplateFile, isWorthReading } from './beside.ts';
import type { Tracked } from './git.ts';
import { type RuleChain, saysIgnored, withRulesOf } from './ignore-files.ts';

/** How a folder is searched. */
export interface WalkOptions {
  /** The rules of `.gitignore` files above the folder; undefined when they do not count, nor those below. */
  readonly gitignore: RuleChain | undefined;
  /** Files that decide how others are read, where those on the disk do not count. */
  readonly base?: BaseSettings | undefined;
  /** The files that git tracks: `.gitignore` does not apply to them, as in git itself. Asked where something is ignored. */
  readonly tracked: () => Tracked;
  /** The paths that the command line leaves out. */
  readonly exclude: RuleChain;
  /** A folder that is passed over, as it is written to. */
  readonly skip: string | undefined;
  /** One folder that cannot be read must not keep the others from being read, nor go unnoticed. */
  readonly onError: (folder: string, error: unknown) => void;
  /** Hears of files that are no manifests and may name objects: templates, and files of hidden folders. */
  readonly onBeside?: (absolute: string) => void;
}

/** File names that folders are searched for; a file that is named, or matched by a glob, may be called anything. */
const manifest = /(?:\.ya?ml|\.json|^kustomization)$/i;

/** Whether a file by this path, with `/`, is found in folders. */
export function isManifestPath(path: string): boolean {
  const parts = path.split('/');
  const isPassed = parts.some(part => part.startsWith('.') || part === 'node_modules');
  return !isPassed && manifest.test(parts.at(-1) ?? '');
}

/**
 * Finds the manifests in a folder and below. Hidden folders and node_modules hold none, and symbolic links are not
 * followed, so that nothing is read twice or from outside of the tree.
 *
 * @param folder absolute
 * @returns absolute paths, sorted
 */
export function walk(folder: string, options: WalkOptions): readonly string[] {
  const found: string[] = [];
  visit(folder.endsWith(sep) ? folder.slice(0, -1) : folder, options.gitignore, false, options, found);
  return found.sort();
}

/** @param inIgnored whether git ignores the folder, so that only what it tracks counts */
function visit(
  folder: string,
  above: RuleChain | undefined,
  inIgnored: boolean,
  options: WalkOptions,
  found: string[],
): void {
  const entries = entriesOf(folder, options);
  const { base } = options;
  const hasRules =
    above !== undefined &&
    (entries.some(({ name }) => name === '.gitignore') || base?.has(`${folder}${sep}.gitignore`) === true);
  const gitignore = hasRules ? withRulesOf(folder, above, base) : above;
  for (const entry of entries) {
    const { name } = entry;
    const isFolder = entry.isDirectory();
    if (name === 'node_modules') continue;
    const isHidden = name.startsWith('.');
    const isManifest = entry.isFile() && manifest.test(name);
    const isTemplate = options.onBeside !== undefined && entry.isFile() && isTemplateFile(name);
    if (!isFolder && !isManifest && !isTemplate) continue;
    const path = folder + sep + name;
    if (path === options.skip) continue;
    const isIgnored = inIgnored || (gitignore !== undefined && saysIgnored(gitignore, path, isFolder));
    if (isIgnored && !options.tracked().has(path)) continue;
    if (saysIgnored(options.exclude, path, isFolder)) continue;
    if (isHidden || (!isFolder && !isManifest)) passOver(path, isFolder, options);
    else if (isFolder) visit(path, gitignore, isIgnored, options, found);
    else found.push(path);
  }
}

/** Goes through what is not read as manifests, for the names in it; what the command line leaves out names nothing. */
function passOver(path: string, isFolder: boolean, options: WalkOptions): void {
  const { onBeside, exclude } = options;
  if (onBeside === undefined || saysIgnored(exclude, path, isFolder)) return;
  const name = path.slice(path.lastIndexOf(sep) + 1);
  if (!isFolder) {
    if (manifest.test(name) || isTemplateFile(name)) onBeside(path);
  } else if (isWorthReading(name)) {
    for (const entry of entriesOf(path, options))
      if (entry.isDirectory() || entry.isFile())
        passOver(path + sep + entry.name, entry.isDirectory(), options);
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
