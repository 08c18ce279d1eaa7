import { lstatSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import fastGlob from 'fast-glob';
import { isInside, realPath, shownPath } from './paths.ts';
import { explainError, type Problem } from './problem.ts';
import { search } from './search.ts';

/** A file that a command is to read. */
export interface FoundFile {
  /**
   * As people and reports know it: relative to the working folder, with `/`; absolute when it is elsewhere and was
   * given so; `-` is the standard input.
   */
  readonly path: string;
  readonly absolute: string;
  /** The folder that an edit of this file must not leave. */
  readonly root: string;
}

/** What paths on a command line lead to. */
export interface Discovery {
  /** In the order of the paths, those of a folder or glob sorted; each file once. */
  readonly files: readonly FoundFile[];
  readonly problems: readonly Problem[];
}

/** What folders are searched for; a file that is named, or matched by a glob, may be called anything. */
const manifests = '**/{*.yaml,*.yml,*.json,Kustomization}';

/**
 * Finds the files that paths stand for: files, folders with everything in them, globs and `-`. Hidden folders and
 * node_modules are passed over, and symbolic links in folders are not followed, so that nothing is read twice or from
 * outside of the tree.
 *
 * @param excluded a folder that is passed over, as it is written to
 */
export function findFiles(paths: readonly string[], cwd: string, excluded?: string): Discovery {
  const problems: Problem[] = [];
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    for (const file of filesOf(path, cwd, problems)) {
      const isExcluded = excluded !== undefined && isInside(file.absolute, excluded);
      const identity = path === '-' ? path : realPath(file.absolute);
      if (!isExcluded && !found.has(identity)) found.set(identity, file);
    }
  }
  return { files: [...found.values()], problems };
}

function filesOf(path: string, cwd: string, problems: Problem[]): readonly FoundFile[] {
  if (path === '-') return [{ path: '-', absolute: '-', root: cwd }];
  if (path === '') {
    problems.push({
      path,
      message: 'the path is empty',
      remedy: 'Name a file or folder; this folder is `.`',
    });
    return [];
  }
  const absolute = resolve(cwd, path);
  try {
    return statSync(absolute).isDirectory()
      ? inFolder(path, absolute, cwd, problems)
      : [namedFile(absolute, cwd, path)];
  } catch (error) {
    if (fastGlob.isDynamicPattern(path)) return byGlob(path, cwd, problems);
    problems.push(missing(path, absolute, error));
    return [];
  }
}

function missing(path: string, absolute: string, error: unknown): Problem {
  if (isLink(absolute))
    return {
      path,
      message: 'the symbolic link leads nowhere',
      remedy: 'Mend the link, or leave the path out.',
    };
  return {
    path,
    message: explainError(error),
    remedy: 'Check the path; it is relative to the working folder.',
  };
}

function isLink(absolute: string): boolean {
  try {
    return lstatSync(absolute).isSymbolicLink();
  } catch {
    return false;
  }
}

function inFolder(path: string, folder: string, cwd: string, problems: Problem[]): readonly FoundFile[] {
  const before = problems.length;
  const names = search(manifests, folder, path, cwd, problems);
  if (names.length === 0 && problems.length === before) {
    const message = 'no manifests in this folder';
    problems.push({ path, message, remedy: 'Manifests are files that end in .yaml, .yml or .json.' });
  }
  const root = realPath(folder);
  return names.map(name => {
    const absolute = resolve(folder, name);
    return { path: shownPath(absolute, cwd, path), absolute, root };
  });
}

function byGlob(pattern: string, cwd: string, problems: Problem[]): readonly FoundFile[] {
  const names = search(pattern, cwd, pattern, cwd, problems);
  if (names.length === 0)
    problems.push({
      path: pattern,
      message: 'the pattern matches no file',
      remedy: 'Quote it, so that the shell leaves it alone, and mind that ** is for folders of any depth.',
    });
  return names.map(name => namedFile(resolve(cwd, name), cwd, pattern));
}

/** A file that is named may be reached by a link, as long as it leads into the working folder or stays beside it. */
function namedFile(absolute: string, cwd: string, given: string): FoundFile {
  const real = realPath(cwd);
  const root = isInside(realPath(absolute), real) ? real : realPath(dirname(absolute));
  return { path: shownPath(absolute, cwd, given), absolute, root };
}
