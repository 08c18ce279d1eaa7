import { formatPatch, type StructuredPatch } from 'diff';
import type { FileChange } from '../6-emit/edit-files.ts';
import { hunksOf } from './hunks.ts';
import type { Palette } from './palette.ts';

/** A change of a file as a patch names it. */
export interface PatchedFile extends Pick<FileChange, 'segments' | 'text'> {
  /** From the top of the repository, with `/`. */
  readonly oldName: string;
  readonly newName: string;
  /** As git writes it: `100644`. */
  readonly mode: string;
}

/** @returns the change as `git diff` prints it and `git apply` reads it; empty when nothing changes */
export function printPatch(file: PatchedFile): string {
  const patch = structuredPatchOf(file);
  return patch.hunks.length === 0 && patch.isRename !== true ? '' : formatPatch(patch);
}

/** @returns lines that came and lines that went */
export function countLines(file: PatchedFile): { readonly added: number; readonly removed: number } {
  const lines = hunksOf(file.segments).flatMap(hunk => hunk.lines);
  const count = (sign: string): number => lines.filter(line => line.startsWith(sign)).length;
  return { added: count('+'), removed: count('-') };
}

/** @returns the change before it is printed */
export function structuredPatchOf({ segments, text, oldName, newName, mode }: PatchedFile): StructuredPatch {
  const isDelete = text === undefined;
  return {
    oldFileName: `a/${oldName}`,
    newFileName: isDelete ? '/dev/null' : `b/${newName}`,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [...hunksOf(segments)],
    isGit: true,
    ...(isDelete ? { isDelete, oldMode: mode } : {}),
    ...(!isDelete && oldName !== newName ? { isRename: true } : {}),
  };
}

/** Colours the patch of one file as git does. */
export function paintPatch(patch: string, { strong, info, error, good }: Palette): string {
  const lines = patch.split('\n');
  const start = lines.findIndex(line => line.startsWith('@@'));
  const painted = lines.map((line, index) => {
    if (start === -1 || index < start) return strong(line);
    if (line.startsWith('@@')) return info(line);
    if (line.startsWith('-')) return error(line);
    return line.startsWith('+') ? good(line) : line;
  });
  return painted.join('\n');
}
