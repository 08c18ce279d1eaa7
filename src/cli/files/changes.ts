import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { editFiles, type FileChange } from '../../6-emit/edit-files.ts';
import type { Conversion } from '../../conversion.ts';
import type { Inputs, ReadFile } from './read.ts';

/** A file of the disk that is to get another text or name, or to go. */
export interface Change extends Omit<FileChange, 'file'> {
  readonly file: ReadFile;
  /** Where it is afterwards. */
  readonly target: string;
}

/** @returns what a conversion does to the files that were read: the same for every command */
export function changesOf(
  conversion: Conversion,
  { read }: Inputs,
  rename: boolean | undefined,
): readonly Change[] {
  const byPath = new Map(read.map(file => [file.path, file]));
  const targetOf = (path: string, { absolute }: ReadFile): string =>
    join(dirname(absolute), path.slice(path.lastIndexOf('/') + 1));
  const changes = editFiles(
    read.map(({ source }) => source),
    conversion.edits,
    {
      rename: rename === true,
      isTaken: (path, { path: old }) => {
        const file = byPath.get(old);
        return file === undefined || existsSync(targetOf(path, file));
      },
    },
  );
  return changes.flatMap(({ file: { path }, ...change }) => {
    const file = byPath.get(path);
    if (file === undefined) return [];
    const target = change.path === path ? file.absolute : targetOf(change.path, file);
    return [{ ...change, file, target }];
  });
}
