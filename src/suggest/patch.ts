import { formatPatch, structuredPatch } from 'diff';
import type { SourceFile } from '../1-read/source.ts';
import { editFiles, type FileChange } from '../6-emit/edit-files.ts';
import type { Change } from './changes.ts';
import { redact } from './credentials.ts';
import { isWithinRange, overlap } from './lines.ts';
import { secretRanges } from './secret-documents.ts';

/** Beyond this many differing lines a diff is not worked out line by line. */
const MAX_EDITS = 4000;

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
 * Changes as a diff for people to read. Values that look like credentials are blotted out, and no line of a Secret is
 * shown.
 */
export function patchOf(changes: readonly FileChange[]): string {
  return changes.map(patchOfFile).join('');
}

function patchOfFile({ file, text }: FileChange): string {
  const secrets = secretRanges(file);
  const isInSecret = (line: number): boolean =>
    secrets.some(range => isWithinRange({ start: line, end: line }, range));
  const { path } = file;
  const patch = structuredPatch(`a/${path}`, `b/${path}`, file.text, text ?? '', undefined, undefined, {
    context: 3,
    maxEditLength: MAX_EDITS,
  });
  if (patch === undefined) return `# ${path}: most of the file differs.\n`;
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
  return redact(formatPatch({ ...patch, hunks, isGit: true, ...(text === undefined && { isDelete: true }) }));
}

/** Whether a change is within a document that holds a Secret, as in a List. */
export function touchesSecret({ parts }: Change): boolean {
  return parts.some(({ file, range }) => secretRanges(file).some(secret => overlap(secret, range)));
}
