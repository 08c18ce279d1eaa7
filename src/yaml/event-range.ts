import type { MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';

/** Positions that js-yaml's events leave out: where flow collections, block scalars and empty nodes begin or end. */

const ABSENT = -1;
const LITERAL_BLOCK = 4;
const FOLDED_BLOCK = 5;
const PLAIN = 1;
const KEEP = 3;

/** Where an anchor or tag begins, if it does so before the node itself. */
export function startWithProperties(
  event: ScalarEvent | SequenceEvent | MappingEvent,
  start: number,
): number {
  const { anchorStart, tagStart } = event;
  if (anchorStart === ABSENT && tagStart === ABSENT) return start;
  const anchor = anchorStart === ABSENT ? start : anchorStart - 1;
  return Math.min(anchor, tagStart === ABSENT ? start : tagStart, start);
}

/**
 * @param before where the token before the scalar ends
 * @returns where a scalar that is not empty begins with its quote or block header, after its anchor and tag
 */
export function scalarStart(text: string, { valueStart, style }: ScalarEvent, before: number): number {
  if (style === PLAIN) return valueStart;
  return style === LITERAL_BLOCK || style === FOLDED_BLOCK
    ? headerStart(text, valueStart, before)
    : valueStart - 1;
}

/**
 * @param start what `scalarStart` returns
 * @returns where a scalar that is not empty ends, with its quote
 */
export function scalarEnd(text: string, event: ScalarEvent, start: number): number {
  const { valueStart, valueEnd, style } = event;
  if (style === PLAIN) return valueEnd;
  if (style !== LITERAL_BLOCK && style !== FOLDED_BLOCK) return valueEnd + 1;
  const end =
    event.chomping === KEEP ? withoutLineBreak(text, valueEnd) : lastTextEnd(text, valueStart, valueEnd);
  return Math.max(end, headerEnd(text, start));
}

/** The `|` or `>` of a block scalar stands on the line before its text, maybe before a comment. */
function headerStart(text: string, valueStart: number, before: number): number {
  const end = withoutLineBreak(text, valueStart);
  const from = lineStart(text, end, before);
  const header = /[|>][-+0-9]*[ \t]*(?:[ \t]#[^\r\n]*)?$/.exec(text.slice(from, end));
  return header === null ? end : from + header.index;
}

function headerEnd(text: string, start: number): number {
  const header = /[|>][-+0-9]*/y;
  header.lastIndex = start;
  return header.test(text) ? header.lastIndex : start;
}

/** @returns where the line of a position begins, but no earlier than `from`, so that no text is searched twice */
function lineStart(text: string, position: number, from: number): number {
  let at = position;
  while (at > from && text[at - 1] !== '\n' && text[at - 1] !== '\r') at -= 1;
  return Math.max(at, from);
}

function withoutLineBreak(text: string, end: number): number {
  const feed = text[end - 1] === '\n' ? end - 1 : end;
  return text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** The end of the last line that holds more than spaces. */
function lastTextEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && ' \t\r\n'.includes(text[at - 1] ?? '')) at--;
  if (at === start) return start - 1;
  while (at < end && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

/** @returns behind the bracket that closes a flow collection whose last child ends at `after` */
export function flowEnd(text: string, after: number): number {
  return skip(text, after, ',:?') + 1;
}

/** @returns where an empty node stands: behind the colon or dash that follows `after`, or right there */
export function emptyPosition(text: string, after: number, indicator: ':' | '-'): number {
  const at = skip(text, after, '');
  return text[at] === indicator ? at + 1 : after;
}

/** Steps over white space, comments and the given characters. */
function skip(text: string, from: number, characters: string): number {
  let at = from;
  for (; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '#') while (at + 1 < text.length && !'\r\n'.includes(text[at + 1] ?? '')) at++;
    else if (!' \t\r\n'.includes(character) && !characters.includes(character)) break;
  }
  return at;
}
