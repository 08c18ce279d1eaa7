import type { SourceDocument, SourceFile } from '../1-read/source.ts';
import type { Edit } from './edit.ts';
import { editDocument } from './edit-document.ts';
import { fileStyleOf } from './file-style.ts';
import { isJsonObject } from './flow.ts';
import { groupBy } from './group-by.ts';
import { lineStart } from './lines.ts';
import { withoutOldSchema } from './object-text.ts';

/** A file after its edits. */
export interface EditedFile {
  /** Undefined when no object is left: the file is to be deleted. */
  readonly text: string | undefined;
  /**
   * Comments that went with the fields they stood at: those that had commented out a part of an object that is gone,
   * and those between the braces of JSON-like YAML.
   */
  readonly lostComments: readonly string[];
}

/**
 * Makes edits to the text of a file. Every byte that no edit is about stays: other documents, comments, line breaks,
 * a byte order mark, a missing line break at the end.
 *
 * @param edits those of this file, in the order in which their results are to stand
 */
export function applyEdits(file: SourceFile, edits: readonly Edit[]): EditedFile {
  const { text } = file;
  if (edits.length === 0) return { text, lostComments: [] };
  const style = fileStyleOf(text);
  // YAML may follow JSON in a file that is called YAML.
  const soleJson = !/\.ya?ml$/.test(file.path) && isJsonObject(text);
  const pieces: string[] = [];
  const lostComments: string[] = [];
  let done = 0;
  let emptier = false;
  for (const [document, documentEdits] of byDocument(edits)) {
    const { start, end } = document.range;
    const mark = markBefore(text, start);
    const onMarkLine = mark !== undefined && lineStart(text, start) < start;
    const edited = editDocument(text.slice(start, end), documentEdits, { style, soleJson, onMarkLine });
    lostComments.push(...edited.lostComments);
    const before = text.slice(done, edited.gone && mark !== undefined ? mark : start);
    const changesKind = documentEdits.some(edit => edit.kind === 'replace');
    pieces.push(changesKind && !hasContent(before) ? withoutOldSchema(before) : before, edited.text);
    done = edited.gone ? end + endMarkAt(text, end).length : end;
    emptier ||= edited.gone;
  }
  pieces.push(text.slice(done));
  const result = pieces.join('');
  if (emptier && !hasContent(result)) return { text: undefined, lostComments };
  return { text: tidyStart(result, text), lostComments };
}

function byDocument(edits: readonly Edit[]): readonly (readonly [SourceDocument, readonly Edit[]])[] {
  const groups = groupBy(edits, edit => edit.source.document.range.start);
  return [...groups.values()]
    .flatMap(group => (group[0] === undefined ? [] : [[group[0].source.document, group] as const]))
    .toSorted(([a], [b]) => a.range.start - b.range.start);
}

/** @returns the offset of the `---` that a document starts with, if it has one */
function markBefore(text: string, start: number): number | undefined {
  const line = lineStart(text, Math.max(0, start - 1));
  const mark = /^\uFEFF?(?=---)/.exec(text.slice(line, start));
  return mark === null ? undefined : line + mark[0].length;
}

/** @returns the line of `...` at a place, which ends a document and means nothing without it */
function endMarkAt(text: string, end: number): string {
  return /^\.\.\.[^\n]*\n?/.exec(text.slice(end))?.[0] ?? '';
}

/** Whether there is more than marks, directives and comments. */
function hasContent(text: string): boolean {
  return /^(?!%|(?:---|\.\.\.)?[ \t]*(?:#.*)?\r?$)/m.test(text.replace(/^\uFEFF/, ''));
}

/** The first document has a mark only if the first one of the original had one. */
function tidyStart(text: string, original: string): string {
  return /^\uFEFF?---/.test(original) ? text : text.replace(/^(\uFEFF?)---[ \t]*\r?\n/, '$1');
}
