import { lstatSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import type fastGlob from 'fast-glob';
import { once } from '../../3-link/memoised.ts';
import { explainError, type Problem } from '../problem.ts';
import type { BaseSettings } from './base-settings.ts';
import type { Tracked } from './git.ts';
import { rulesFrom, saysIgnored } from './ignore-files.ts';
import { isInside, realPath, shownPath } from './paths.ts';
import { type WalkOptions, walk } from './walk.ts';

// Loading it takes longer than many a run, and most runs ask for no glob.
const loadGlob = (): typeof fastGlob => createRequire(import.meta.url)('fast-glob');

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

/** The files that paths on a command line lead to. */
export interface Discovery {
  /** In the order of the paths, those of a folder or glob sorted; each file once. */
  readonly files: readonly FoundFile[];
  /** Files of the folders that are no manifests and may name objects, such as templates and hidden files. */
  readonly beside: readonly Pick<FoundFile, 'path' | 'absolute'>[];
  readonly problems: readonly Problem[];
}

/** Files that are not read in folders and globs. */
export interface FindOptions {
  /** A folder that is written to. */
  readonly skip?: string | undefined;
  /** Whether `.gitignore` files count; they do if nobody says otherwise. */
  readonly ignoreFiles?: boolean | undefined;
  /** Files that decide how others are read, where those on the disk do not count. */
  readonly base?: BaseSettings | undefined;
  /** The files that git tracks below a folder; none by default. */
  readonly tracked?: ((folder: string) => Tracked) | undefined;
  /** Patterns as in a `.gitignore`, of the working folder; for folders elsewhere, of those. */
  readonly exclude?: readonly string[] | undefined;
  /** Shares the search of a large tree with another thread. */
  readonly share?: WalkOptions['share'];
  /** Hears of the files that the result will hold, absolute, where all of them are regular files that one folder holds. */
  readonly onFound?: ((files: readonly string[]) => void) | undefined;
}

/**
 * Finds the files that paths stand for: files, folders with everything in them, globs and `-`. Hidden folders,
 * node_modules and what git ignores are passed over in folders; a file that is named is read, whatever it is called.
 */
export function findFiles(paths: readonly string[], cwd: string, options: FindOptions = {}): Discovery {
  const problems: Problem[] = [];
  const found = new Map<string, FoundFile>();
  const beside = new Map<string, Pick<FoundFile, 'path' | 'absolute'>>();
  const onBeside = (absolute: string, path: string): unknown => beside.set(absolute, { path, absolute });
  const [only] = paths;
  if (only !== undefined && paths.length === 1 && only !== '' && isFolder(resolve(cwd, only))) {
    // It has each file once, and long paths take a while to compare.
    const files = inFolder(only, resolve(cwd, only), cwd, options, problems, onBeside).map(
      ([, file]) => file,
    );
    return { files, beside: sorted(beside.values()), problems };
  }
  for (const path of paths) {
    for (const [identity, file] of filesOf(
      path,
      cwd,
      { ...options, onFound: undefined },
      problems,
      onBeside,
    )) {
      if (!found.has(identity)) found.set(identity, file);
    }
  }
  return { files: [...found.values()], beside: sorted(beside.values()), problems };
}

/** Folders are searched in an order that depends on their number. */
function sorted<File extends Pick<FoundFile, 'absolute'>>(files: Iterable<File>): readonly File[] {
  return [...files].sort((one, other) => (one.absolute < other.absolute ? -1 : 1));
}

/** A file behind its real path, which is the same however it was reached. */
type Identified = readonly [string, FoundFile];

function filesOf(
  path: string,
  cwd: string,
  options: FindOptions,
  problems: Problem[],
  onBeside: (absolute: string, path: string) => unknown,
): readonly Identified[] {
  if (path === '-') return [[path, { path, absolute: path, root: cwd }]];
  if (path === '') {
    const remedy = 'Name a file or folder; this folder is `.`';
    problems.push({ path, message: 'the path is empty', remedy });
    return [];
  }
  const absolute = resolve(cwd, path);
  try {
    return statSync(absolute).isDirectory()
      ? inFolder(path, absolute, cwd, options, problems, onBeside)
      : [namedFile(absolute, cwd, path)];
  } catch (error) {
    if (loadGlob().isDynamicPattern(path)) return byGlob(path, cwd, options, problems);
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

function isFolder(absolute: string): boolean {
  return statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isLink(absolute: string): boolean {
  try {
    return lstatSync(absolute).isSymbolicLink();
  } catch {
    return false;
  }
}

function inFolder(
  path: string,
  folder: string,
  cwd: string,
  options: FindOptions,
  problems: Problem[],
  onBeside: (absolute: string, path: string) => unknown,
): readonly Identified[] {
  const before = problems.length;
  const shown = shownPath(folder, cwd, path);
  const prefix = shown === '' || shown === '/' ? shown : `${shown}/`;
  const shownAs = (absolute: string): string => {
    const below = absolute.slice(folder === sep ? 1 : folder.length + 1);
    return prefix + (sep === '/' ? below : below.replaceAll(sep, '/'));
  };
  const names = walk(folder, {
    settings: {
      ignoreFiles: options.ignoreFiles !== false,
      exclude: options.exclude ?? [],
      excludeFrom: isInside(folder, cwd) ? cwd : folder,
      skip: options.skip,
    },
    base: options.base,
    tracked: once(() => options.tracked?.(folder) ?? new Set()),
    share: options.share,
    onBeside: found => onBeside(found, shownAs(found)),
    onError: (unread, error) => {
      const remedy = 'Make the folder readable, or leave it out.';
      problems.push({ path: shownPath(unread, cwd, path), message: explainError(error), remedy });
    },
  });
  options.onFound?.(names);
  if (names.length === 0 && problems.length === before) {
    const message = 'no manifests in this folder';
    problems.push({ path, message, remedy: 'Manifests are files that end in .yaml, .yml or .json.' });
  }
  const root = realPath(folder);
  return names.map(absolute => {
    const below = absolute.slice(folder === sep ? 1 : folder.length + 1);
    const file = { path: shownAs(absolute), absolute, root };
    return [root === folder ? absolute : join(root, below), file];
  });
}

function byGlob(
  pattern: string,
  cwd: string,
  { skip, exclude = [] }: FindOptions,
  problems: Problem[],
): readonly Identified[] {
  const before = problems.length;
  const rules = rulesFrom(exclude, cwd);
  const names = globbed(pattern, cwd, problems)
    .filter(path => skip === undefined || !isInside(path, skip))
    .filter(path => !isInside(path, cwd) || !saysIgnored(rules, path, false))
    .toSorted();
  if (names.length === 0 && problems.length === before)
    problems.push({
      path: pattern,
      message: 'the pattern matches no file',
      remedy: 'Quote it, so that the shell leaves it alone, and mind that ** is for folders of any depth.',
    });
  return names.map(absolute => namedFile(absolute, cwd, pattern));
}

function globbed(pattern: string, cwd: string, problems: Problem[]): readonly string[] {
  try {
    const names = loadGlob().globSync(pattern, {
      cwd,
      ignore: ['**/node_modules/**'],
      followSymbolicLinks: false,
    });
    return names.map(name => resolve(cwd, name));
  } catch (error) {
    const remedy = 'Make the folders readable, or name others.';
    problems.push({ path: pattern, message: explainError(error), remedy });
    return [];
  }
}

/** A file that is named may be reached by a link, as long as it leads into the working folder or stays beside it. */
function namedFile(absolute: string, cwd: string, given: string): Identified {
  const working = realPath(cwd);
  const real = realPath(absolute);
  const root = isInside(real, working) ? working : realPath(dirname(absolute));
  return [real, { path: shownPath(absolute, cwd, given), absolute, root }];
}
