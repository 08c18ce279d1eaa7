import { groupBy } from '../3-link/group-by.ts';
import type { SourceDocument, SourceFile } from '../yaml/source.ts';
import type { Edit } from './edit.ts';
import { editDocument } from './edit-document.ts';
import { fileStyleOf } from './file-style.ts';
import { isJsonObject } from './flow.ts';
import { lineStart } from './lines.ts';
import { withoutOldSchema } from './object-text.ts';

/** A file after its edits. */
export interface EditedFile {
  /** Undefined when no object is left: the file is to be deleted. */
  readonly text: string | undefined;
  /** The whole file in pieces, in order, each as it was and as it is. */
  readonly segments: readonly Segment[];
  /**
   * Comments that went with the fields they stood at: those of objects and fields that nothing takes the place of, those
   * that had commented out a part of an object that is gone, and those between the braces of JSON-like YAML.
   */
  readonly lostComments: readonly string[];
}

/** A piece of a file. A document that is edited is one; what stands between two is another. */
export interface Segment {
  readonly before: string;
  readonly after: string;
}

/**
 * Makes edits to the text of a file. Every byte that no edit is about stays: other documents, comments, line breaks,
 * a byte order mark, a missing line break at the end.
 *
 * @param edits those of this file, in the order in which their results are to stand
 */
export function applyEdits(file: SourceFile, edits: readonly Edit[]): EditedFile {
  const { text } = file;
  if (edits.length === 0) return { text, segments: [{ before: text, after: text }], lostComments: [] };
  const style = fileStyleOf(text);
  // YAML may follow JSON in a file that is called YAML.
  const soleJson = !/\.ya?ml$/.test(file.path) && isJsonObject(text);
  const segments: Segment[] = [];
  const lostComments: string[] = [];
  let done = 0;
  let emptier = false;
  for (const [document, documentEdits] of byDocument(edits)) {
    const { start, end } = document.range;
    const mark = markBefore(text, start);
    const onMarkLine = mark !== undefined && lineStart(text, start) < start;
    const edited = editDocument(text.slice(start, end), documentEdits, { style, soleJson, onMarkLine });
    lostComments.push(...edited.lostComments);
    // The mark of a document that goes, and the line that ends it, go with it.
    const from = edited.gone && mark !== undefined ? mark : start;
    const to = edited.gone ? end + endMarkAt(text, end).length : end;
    const above = text.slice(done, from);
    const changesKind = documentEdits.some(edit => edit.kind === 'replace');
    segments.push({
      before: above,
      after: changesKind && !hasContent(above) ? withoutOldSchema(above) : above,
    });
    segments.push({ before: text.slice(from, to), after: edited.text });
    done = to;
    emptier ||= edited.gone;
  }
  segments.push({ before: text.slice(done), after: text.slice(done) });
  const tidy = tidyStart(segments, text);
  const result = tidy.map(({ after }) => after).join('');
  const isEmpty = emptier && !hasContent(result);
  return {
    text: isEmpty ? undefined : result,
    segments: isEmpty ? [{ before: text, after: '' }] : tidy,
    // An earlier run may have carried them to what it wrote.
    lostComments: lostComments.filter(comment => isEmpty || !result.includes(`${comment}\n`)),
  };
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

/**
 * @returns the line of `...` at a place, which ends a document and means nothing without it. It stays where text without a
 * `---` follows, since that would become part of the document above.
 */
function endMarkAt(text: string, end: number): string {
  const rest = text.slice(end);
  return /^\.\.\.[^\n]*\n?(?=(?:[ \t]*(?:#.*)?\r?\n)*(?:---|\.\.\.|%|[ \t]*(?:#.*)?$))/.exec(rest)?.[0] ?? '';
}

/** Whether there is more than marks, directives and comments. */
function hasContent(text: string): boolean {
  return /^(?!%|(?:---|\.\.\.)?[ \t]*(?:#.*)?\r?$)/m.test(text.replace(/^\uFEFF/, ''));
}

/** The first document has a mark only if the first one of the original had one. */
function tidyStart(segments: readonly Segment[], original: string): readonly Segment[] {
  if (/^\uFEFF?---/.test(original)) return segments;
  const text = segments.map(({ after }) => after).join('');
  const [all = '', byteOrderMark = ''] = /^(\uFEFF?)---[ \t]*\r?\n/.exec(text) ?? [];
  let skip = byteOrderMark.length;
  let drop = all.length - skip;
  return segments.map(({ before, after }) => {
    const kept = after.slice(0, skip);
    const tidied = kept + after.slice(kept.length + drop);
    drop -= Math.min(drop, after.length - kept.length);
    skip -= kept.length;
    return { before, after: tidied };
  });
}
