import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** @returns where links lead to; the path itself where nothing is */
export function realPath(absolute: string): string {
  try {
    return realpathSync(absolute);
  } catch {
    return absolute;
  }
}

/**
 * A path as people and reports know it.
 *
 * @param given the path on the command line that led to it
 */
export function shownPath(absolute: string, cwd: string, given: string): string {
  const path = isAbsolute(given) && !isInside(absolute, cwd) ? absolute : relative(cwd, absolute);
  return path.split(sep).join('/');
}

/** Whether a path is a folder or in it. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path);
}
