import { formatPatch } from 'diff';
import { editFiles, type FileChange } from '../6-emit/edit-files.ts';
import { structuredPatchOf } from '../print/patch.ts';
import type { SourceFile } from '../yaml/source.ts';
import type { Part } from './changes.ts';
import { hasCredentials } from './credentials.ts';
import { overlap } from './lines.ts';
import { secretRanges } from './secret-documents.ts';

/**
 * The files that parts of a change edit, with the kustomizations that have to know of it.
 *
 * @param files everything that was read
 */
export function fileChanges(parts: readonly Part[], files: readonly SourceFile[]): readonly FileChange[] {
  return editFiles(
    files,
    parts.flatMap(part => part.edits),
  );
}

/**
 * Changes as `vs2route diff` prints them, so that `git apply` takes them.
 *
 * @returns undefined where a line looks like a credential, or is one of a Secret: it is not repeated, and a diff without it is none
 */
export function patchOf(changes: readonly FileChange[]): string | undefined {
  const patches = changes.map(patchOfFile);
  const whole = patches.every(patch => patch !== undefined) ? patches.join('') : undefined;
  return whole === undefined || hasCredentials(whole) ? undefined : whole;
}

function patchOfFile({ file, text, segments }: FileChange): string | undefined {
  const secrets = secretRanges(file);
  const { path } = file;
  const patch = structuredPatchOf({ segments, text, oldName: path, newName: path, mode: '100644' });
  const isSecret = patch.hunks.some(({ oldStart, oldLines }) =>
    secrets.some(range => overlap(range, { start: oldStart, end: oldStart + Math.max(0, oldLines - 1) })),
  );
  return isSecret ? undefined : formatPatch(patch);
}

/** Whether some parts are within a document that holds a Secret, as in a List. */
export function touchesSecret(parts: readonly Part[]): boolean {
  return parts.some(({ file, range }) => secretRanges(file).some(secret => overlap(secret, range)));
}
