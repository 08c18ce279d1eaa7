import type { SourceFile } from '../yaml/source.ts';
import { baseTextOf, type DiffFile } from './diff.ts';

/**
 * The files of a tree as they were before a pull request, told by what they are and the diff.
 *
 * @param files those of the head, by path
 * @returns undefined where the diff leaves out what some file was
 */
export function baseFiles(
  diff: readonly DiffFile[],
  files: ReadonlyMap<string, SourceFile>,
): readonly SourceFile[] | undefined {
  const base = new Map(files);
  for (const file of diff) {
    const { path, oldPath = path, status } = file;
    const now = files.get(path);
    base.delete(path);
    if (status === 'added') continue;
    // A file that is not read, such as a picture, is none of ours.
    if (now === undefined && status !== 'deleted') continue;
    if (!/\.(ya?ml|json)$/i.test(oldPath)) continue;
    const text = baseTextOf(file, status === 'deleted' ? '' : (now?.text ?? ''));
    if (text === undefined) return undefined;
    base.set(oldPath, { path: oldPath, text });
  }
  return [...base.values()];
}

/** Whether a pull request removes a line that something else may need: of a DestinationRule, a Service or a Gateway. */
export function mayRemoveUses(diff: readonly DiffFile[], base: readonly SourceFile[]): boolean {
  const shrinking = new Set(
    diff
      .filter(({ hunks }) => hunks.some(({ lines }) => lines.some(({ kind }) => kind === 'removed')))
      .map(({ path, oldPath = path }) => oldPath),
  );
  return base.some(
    ({ path, text }) =>
      shrinking.has(path) && /\bkind["']?\s*:\s*["']?(DestinationRule|Service|Gateway)\b/.test(text),
  );
}
