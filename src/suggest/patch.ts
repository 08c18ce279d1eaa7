import { formatPatch } from 'diff';
import type { SourceFile } from '../1-read/source.ts';
import { editFiles, type FileChange } from '../6-emit/edit-files.ts';
import { structuredPatchOf } from '../reporters/patch.ts';
import type { Change } from './changes.ts';
import { redact } from './credentials.ts';
import { isWithinRange, overlap } from './lines.ts';
import { secretRanges } from './secret-documents.ts';

/**
 * The files that a change edits, with the kustomizations that have to know of it.
 *
 * @param files everything that was read
 */
export function fileChanges({ parts }: Change, files: readonly SourceFile[]): readonly FileChange[] {
  return editFiles(
    files,
    parts.flatMap(part => part.edits),
  );
}

/**
 * Changes as `vs2route diff` prints them. Values that look like credentials are blotted out, and no line of a Secret is
 * shown.
 */
export function patchOf(changes: readonly FileChange[]): string {
  return changes.map(patchOfFile).join('');
}

function patchOfFile({ file, text, segments }: FileChange): string {
  const secrets = secretRanges(file);
  const isInSecret = (line: number): boolean =>
    secrets.some(range => isWithinRange({ start: line, end: line }, range));
  const { path } = file;
  const patch = structuredPatchOf({ segments, text, oldName: path, newName: path, mode: '100644' });
  const hunks = patch.hunks.map(hunk => {
    let line = hunk.oldStart;
    const lines = hunk.lines.map(text => {
      const hidden =
        isInSecret(line) && !text.startsWith('\\') ? `${text.charAt(0)}[a line of a Secret]` : text;
      if (!text.startsWith('+') && !text.startsWith('\\')) line += 1;
      return hidden;
    });
    return { ...hunk, lines };
  });
  return redact(formatPatch({ ...patch, hunks }));
}

/** Whether a change is within a document that holds a Secret, as in a List. */
export function touchesSecret({ parts }: Change): boolean {
  return parts.some(({ file, range }) => secretRanges(file).some(secret => overlap(secret, range)));
}
