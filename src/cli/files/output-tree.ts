import { mkdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { explainError, type Problem, Refusal } from '../problem.ts';
import type { Change } from './changes.ts';
import { type FoundFile, findFiles } from './files.ts';
import { isInside } from './paths.ts';
import { removeLeftovers } from './temporary-files.ts';
import { copyFile, replaceFile } from './write.ts';

/**
 * The folder that a tree of files hangs from: the one that was named when it is one, else what all have in common.
 *
 * @param paths as given on the command line; files among them stand for their folders
 */
export function commonFolder(paths: readonly string[], files: readonly FoundFile[], cwd: string): string {
  const folders = paths.map(path => resolve(cwd, path)).filter(isFolder);
  const others = files.filter(file => !folders.some(folder => isInside(file.absolute, folder)));
  const all = [...folders, ...others.map(file => dirname(file.absolute))];
  const [first = [], ...rest] = all.map(folder => folder.split(sep));
  const end = first.findIndex((part, depth) => rest.some(parts => parts[depth] !== part));
  return first.slice(0, end === -1 ? undefined : end).join(sep) || sep;
}

/** @throws Refusal when the folder cannot take a tree of these files */
export function checkOutputFolder(output: string, shown: string, base: string): void {
  if (isFile(output))
    throw new Refusal({ path: shown, message: 'is a file', remedy: 'Name a folder for `--output`.' });
  if (isInside(base, realOf(output)) || isInside(base, output))
    throw new Refusal({
      path: shown,
      message: 'is, or holds, the folder that is read',
      remedy: 'Name another folder for `--output`, or edit the files in place with `--write`.',
    });
}

/** The folder that a tree was written to, and the files in its way. */
export interface WrittenTree {
  readonly problems: readonly Problem[];
  /** Manifests of the folder that no input stands behind. */
  readonly leftovers: readonly string[];
}

/**
 * Writes a tree of files: those with changes changed, the others as they are.
 *
 * @param output the folder; made if it is not there
 */
export function writeTree(
  output: string,
  base: string,
  files: readonly FoundFile[],
  changes: readonly Change[],
): WrittenTree {
  const changed = new Map(changes.map(change => [change.file.absolute, change]));
  const problems: Problem[] = [];
  const written = new Set<string>();
  for (const file of files) {
    const change = changed.get(file.absolute);
    if (change !== undefined && change.text === undefined) continue;
    const target = join(output, relative(base, change?.target ?? file.absolute));
    written.add(target);
    try {
      mkdirSync(dirname(target), { recursive: true });
      if (!isInside(realpathSync(dirname(target)), realpathSync(output)))
        throw new Error('a symbolic link leads out of the folder');
      if (change?.text === undefined) copyFile(file.absolute, target);
      else replaceFile(target, change.text, statSync(file.absolute));
    } catch (error) {
      const message = `cannot be written: ${explainError(error)}`;
      problems.push({ path: target, message, remedy: 'Run the command again when this is mended.' });
    }
  }
  removeLeftovers([...written].map(dirname));
  const leftovers = isFolder(output)
    ? findFiles([output], output, { ignoreFiles: false }).files.map(file => file.absolute)
    : [];
  return { problems, leftovers: leftovers.filter(path => !written.has(path)) };
}

/** Whether a path leads to a folder that is there. */
export function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() ?? false;
}

function isFile(path: string): boolean {
  const stats = statsOf(path);
  return stats !== undefined && !stats.isDirectory();
}

/** @returns undefined also where links lead in a circle */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function realOf(path: string): string {
  return isFolder(path) ? realpathSync(path) : path;
}
