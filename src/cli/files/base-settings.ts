import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { baseTextOf, type DiffFile } from '../../suggest/diff.ts';
import { Refusal } from '../problem.ts';

/**
 * Files that decide how others are read, as they were before a pull request, by their absolute path; null where there was
 * none. Files that are not in it are on the disk as they were.
 */
export type BaseSettings = ReadonlyMap<string, string | null>;

/**
 * The changes of a pull request to the files that decide how others are read: a stranger's pull request must not choose what
 * is looked at, nor how.
 *
 * @param root where the paths of the diff start
 * @param isSetting whether a path from there is of such a file
 * @throws Refusal where the diff does not tell what the file was
 */
export function baseSettings(
  diff: readonly DiffFile[],
  root: string,
  isSetting: (path: string) => boolean,
): BaseSettings {
  const found = new Map<string, string | null>();
  for (const file of diff) {
    const { path, oldPath = path } = file;
    if (!isSetting(path) && !isSetting(oldPath)) continue;
    if (path !== oldPath || file.status === 'added') found.set(join(root, path), null);
    if (file.status === 'added') continue;
    const before = baseTextOf(
      file,
      file.status === 'deleted' ? '' : readFileSync(resolve(root, path), 'utf8'),
    );
    if (before === undefined)
      throw new Refusal({
        path,
        message:
          'decides how the pull request is read, is changed by it, and the diff does not say what it was',
        remedy:
          'Name the target with --base. Use --trust-head where everybody who opens pull requests is trusted.',
      });
    found.set(join(root, oldPath), before);
  }
  return found;
}

/** @returns the text of a file that decides how others are read; undefined where there is none */
export function settingText(path: string, base: BaseSettings | undefined): string | undefined {
  const before = base?.get(path);
  if (before !== undefined) return before ?? undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
