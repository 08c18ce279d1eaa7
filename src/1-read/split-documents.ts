import type { SourceDocument, SourceFile, TextRange } from '../yaml/source.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const HASH = 35;
const PERCENT = 37;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Splits a file at the lines that begin with `---` or `...`. YAML keeps such lines for itself wherever they are, in a
 * block scalar and between quotes too, so that a document that does not parse takes no other document with it.
 *
 * @returns the documents that hold more than blank lines and comments, in order
 * @see https://yaml.org/spec/1.2.2/#91-documents
 */
export function splitDocuments(file: SourceFile): readonly SourceDocument[] {
  const ranges = contentRanges(file.text).filter(({ start, end }) => !isBlank(file.text, start, end));
  return ranges.map((range, index) => ({ file, index, range }));
}

/**
 * Whether a document follows one that `...` ends, and no `---` stands between them. YAML begins a document there; kubectl
 * splits files at `---` alone and takes the first document of each piece, so that it never sees this one.
 *
 * @see k8s.io/apimachinery/pkg/util/yaml/decoder.go, splitYAMLDocument
 */
export function isDroppedByKubectl({ file: { text }, range }: SourceDocument): boolean {
  let end = range.start;
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 2) + 1;
    const line = text.slice(start, end);
    if (line.startsWith('...')) return true;
    if (line.trim() !== '' && !line.startsWith('%')) return false;
    end = start;
  }
  return false;
}

const marks = /(?:^\uFEFF?|\n)(---|\.\.\.)(?=[ \t\r\n]|$)/g;
const restOfLine = /[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;

function contentRanges(text: string): readonly TextRange[] {
  const ranges: TextRange[] = [];
  let start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  let directives = true;
  for (const mark of text.matchAll(marks)) {
    const after = mark.index + mark[0].length;
    const end = after - 3;
    ranges.push({ start: directives ? afterDirectives(text, start, end) : start, end });
    directives = mark[1] === '...';
    start = afterMark(text, after);
  }
  ranges.push({ start: directives ? afterDirectives(text, start, text.length) : start, end: text.length });
  return ranges;
}

/** @returns the next line's start, as a rule; right behind the mark where the document begins on the mark's line */
function afterMark(text: string, after: number): number {
  const rest = new RegExp(restOfLine);
  rest.lastIndex = after;
  return rest.test(text) ? rest.lastIndex : after;
}

/** Directives stand before the `---` of their document, at the start of a file or after `...` only. */
function afterDirectives(text: string, start: number, end: number): number {
  let after = start;
  for (let line = start; line < end; ) {
    const next = lineEnd(text, line, end);
    if (text.charCodeAt(line) === PERCENT) after = next;
    else if (!isBlank(text, line, next)) break;
    line = next;
  }
  return after;
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === HASH) at = lineEnd(text, at, end) - 1;
    else if (code !== 32 && code !== 9 && code !== LINE_FEED && code !== CARRIAGE_RETURN) return false;
  }
  return true;
}

function lineEnd(text: string, at: number, end: number): number {
  const feed = text.indexOf('\n', at);
  return feed === -1 || feed >= end ? end : feed + 1;
}
