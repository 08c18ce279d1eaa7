import { lineEnd, lineStart, startsLine } from './lines.ts';
import { type Token, tokensOf } from './tokens.ts';

/** The text around one object, cut where an edit may cut it. The three parts together are the whole text. */
export interface ObjectText {
  /** Blank lines and comments above the object. */
  readonly head: string;
  /** The object with the comments in it, from the start of its first line; no line break at its end. */
  readonly body: string;
  /** Line breaks, and comments that are not indented like something in the object. */
  readonly tail: string;
}

/**
 * Cuts the text of a document, or of a list item, into the object and what surrounds it.
 *
 * @param margin how far the object itself is indented: comments further right belong to it
 */
export function objectTextOf(text: string, margin: number): ObjectText {
  const [start, end] = text.includes('#') ? bounds(text, tokensOf(text), margin) : blankBounds(text);
  return { head: text.slice(0, start), body: text.slice(start, end), tail: text.slice(end) };
}

function blankBounds(text: string): readonly [number, number] {
  return [lineStart(text, text.search(/\S|$/)), text.trimEnd().length];
}

function bounds(text: string, tokens: readonly Token[], margin: number): readonly [number, number] {
  const first = tokens.find(token => token.kind === 'content');
  const last = tokens.findLast(token => token.kind === 'content');
  if (first === undefined || last === undefined) return [text.length, text.length];
  let { end } = last;
  for (const comment of tokens) {
    if (comment.start < last.end) continue;
    const column = comment.start - lineStart(text, comment.start);
    if (startsLine(text, comment.start) && column <= margin) break;
    end = comment.end;
  }
  return [lineStart(text, first.start), end];
}

/** A line of comment that tells an editor the schema of the old kind, which the new object does not follow. */
const oldSchema = /^[ \t]*#\s*yaml-language-server:\s*\$schema=.*(?:virtualservice|destinationrule|istio)/i;

/** @returns the text without schema comments that name the old kind */
export function withoutOldSchema(text: string): string {
  if (!text.includes('yaml-language-server')) return text;
  return linesOf(text)
    .filter(line => !oldSchema.test(line))
    .join('');
}

/**
 * The comments that stay above an object that goes: those that a blank line sets apart, and licences.
 *
 * @param head as in `ObjectText`
 */
export function lastingComments(head: string): string {
  const blocks = withoutOldSchema(head).split(/(?<=\n)(?=[ \t]*\r?\n)/);
  const own = blocks.at(-1) ?? '';
  return /copyright|licen[cs]e|spdx/i.test(own) || own.trim() === ''
    ? blocks.join('')
    : blocks.slice(0, -1).join('');
}

function linesOf(text: string): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at = lineEnd(text, at)) lines.push(text.slice(at, lineEnd(text, at)));
  return lines;
}
