import { formatPatch, structuredPatch } from 'diff';
import type { SourceFile } from '../1-read/source.ts';
import { applyEdits } from '../6-emit/apply-edits.ts';
import { groupBy } from '../6-emit/group-by.ts';
import { type Change, secretRanges } from './changes.ts';
import { redact } from './credentials.ts';
import { isWithinRange, overlap } from './region.ts';

/** Beyond this many differing lines a diff is not worked out line by line. */
const MAX_EDITS = 4000;

/**
 * A change as a diff for people to read. Values that look like credentials are blotted out, and no line of a Secret is
 * shown.
 */
export function patchOf({ parts }: Change): string {
  return [...groupBy(parts, part => part.file)]
    .map(([file, own]) =>
      patchOfFile(
        file,
        own.flatMap(({ edits }) => edits),
      ),
    )
    .join('');
}

function patchOfFile(file: SourceFile, edits: Parameters<typeof applyEdits>[1]): string {
  const { text } = applyEdits(file, edits);
  const secrets = secretRanges(file);
  const isInSecret = (line: number): boolean =>
    secrets.some(range => isWithinRange({ start: line, end: line }, range));
  const name = `${file.path}`;
  const patch = structuredPatch(`a/${name}`, `b/${name}`, file.text, text ?? '', undefined, undefined, {
    context: 3,
    maxEditLength: MAX_EDITS,
  });
  if (patch === undefined) return `# ${file.path}: most of the file differs.\n`;
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
