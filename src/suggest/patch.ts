import { formatPatch, structuredPatch } from 'diff';
import type { SourceFile } from '../1-read/source.ts';
import { editFiles, type FileChange } from '../6-emit/edit-files.ts';
import { type Change, secretRanges } from './changes.ts';
import { redact } from './credentials.ts';
import { isWithinRange, overlap } from './region.ts';

/** Beyond this many differing lines a diff is not worked out line by line. */
const MAX_EDITS = 4000;

/**
 * A change as a diff for people to read, with the kustomizations that have to know of it. Values that look like
 * credentials are blotted out, and no line of a Secret is shown.
 *
 * @param files everything that was read
 */
export function patchOf({ parts }: Change, files: readonly SourceFile[]): string {
  const edits = parts.flatMap(part => part.edits);
  return editFiles(files, edits).map(patchOfFile).join('');
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
