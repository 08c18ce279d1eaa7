import stringWidth from 'string-width';
import { visible } from '../print/visible.ts';

/** One line of a file as a terminal shows it, with the columns of what is to be underlined. */
export interface ShownLine {
  readonly text: string;
  /** Columns before the mark. */
  readonly indent: number;
  /** Columns of the mark, at least one. */
  readonly width: number;
}

/** How much of a long line is shown, and how much of that stands before the mark. */
export const LONGEST_LINE = 100;
const CONTEXT = 30;

/**
 * The line around an offset: tabs as spaces, control characters made harmless, long lines cut around the mark.
 *
 * @param text of the whole file
 * @param range what to mark; only its part on the first line counts
 * @param longest how many characters of a long line are shown
 */
export function showLine(
  text: string,
  range: { readonly start: number; readonly end: number },
  longest = LONGEST_LINE,
): ShownLine {
  const lineStart = range.start === 0 ? 0 : text.lastIndexOf('\n', range.start - 1) + 1;
  const feed = text.indexOf('\n', range.start);
  const lineEnd = text.slice(lineStart, feed === -1 ? undefined : feed).replace(/\r$/, '').length + lineStart;
  const start = Math.min(range.start, lineEnd);
  const end = Math.max(start, Math.min(range.end, lineEnd));
  const isLong = lineEnd - lineStart > longest;
  const from = isLong
    ? between(text, Math.max(lineStart, start - Math.min(CONTEXT, Math.floor(longest / 3))))
    : lineStart;
  const to = isLong ? between(text, Math.min(lineEnd, from + longest)) : lineEnd;
  const before = `${from > lineStart ? '…' : ''}${visible(text.slice(from, start))}`;
  const marked = visible(text.slice(start, Math.min(end, to)));
  const after = `${visible(text.slice(Math.min(end, to), to))}${to < lineEnd ? '…' : ''}`;
  return {
    text: before + marked + after,
    indent: stringWidth(before),
    width: Math.max(1, stringWidth(marked)),
  };
}

/** Moves an offset out of the middle of a surrogate pair. */
function between(text: string, offset: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(offset)) ? offset + 1 : offset;
}
