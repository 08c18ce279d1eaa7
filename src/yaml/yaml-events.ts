import { type Event, parseEvents, YAMLException } from 'js-yaml';

/** How deep collections may be nested, aliases followed; manifests stay below 70, and Node's stack takes far more. */
export const MAX_DEPTH = 300;

export type Events =
  | {
      readonly events: readonly Event[];
      /** Line breaks were overlooked: what an event calls one line may be several. */
      readonly repaired: boolean;
    }
  | { readonly reason: string; readonly position: number };

/**
 * Parses one document.
 *
 * js-yaml asks for what the specification asks for: the lines of a flow collection or of a quoted text are indented
 * more than the key that holds them. kubectl's parser does not, and people close lists with a bracket in column 0. A
 * line break means no more than a space there, so such breaks are overwritten before another try. So are tabs between the
 * items of a flow collection within a line, which the specification allows and js-yaml 5 does not. Offsets stay.
 */
export function readEvents(text: string): Events {
  let lenient = text;
  for (let repairs = 0; ; repairs++) {
    try {
      return { events: parseEvents(lenient, { maxDepth: MAX_DEPTH }), repaired: repairs > 0 };
    } catch (error) {
      const failure = failureOf(error);
      const repaired =
        failure.reason === 'deficient indentation' && repairs < MAX_REPAIRS
          ? (withoutTabsBefore(lenient, failure.position) ?? joinWithLineBefore(lenient, failure.position))
          : lenient;
      if (repaired === lenient) return failure;
      lenient = repaired;
    }
  }
}

/** Every repair parses the document again. */
const MAX_REPAIRS = 200;

function failureOf(error: unknown): { readonly reason: string; readonly position: number } {
  if (error instanceof YAMLException) return { reason: error.reason, position: error.mark?.position ?? 0 };
  return { reason: error instanceof Error ? error.message : String(error), position: 0 };
}

/** Overwrites tabs before a position with spaces, unless they begin its line. */
function withoutTabsBefore(text: string, position: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', position - 1) + 1, position);
  const before = line.trimEnd();
  if (before === '' || !line.includes('\t', before.length)) return undefined;
  const blanks = line.length - before.length;
  return text.slice(0, position - blanks) + ' '.repeat(blanks) + text.slice(position);
}

/** Overwrites the line break before the line of a position, and the comment before the break, with spaces. */
function joinWithLineBefore(text: string, position: number): string {
  const feed = text.lastIndexOf('\n', position - 1);
  if (feed === -1) return text;
  const lineStart = text.lastIndexOf('\n', feed - 1) + 1;
  const line = text.slice(lineStart, feed);
  const comment = commentStart(line);
  const before = line.slice(0, comment).trimEnd().at(-1) ?? ',';
  // A comment ends a scalar without quotes, which spaces would not.
  if (comment < line.trimEnd().length && !`[{,:"'`.includes(before) && !',]}:'.includes(text[position] ?? ''))
    return text;
  const start = lineStart + comment;
  return text.slice(0, start) + ' '.repeat(position - start) + text.slice(position);
}

/** @returns where the comment of a line begins, or the end of its text */
function commentStart(line: string): number {
  const quotedOrComment = /"(?:[^"\\]|\\.)*"|'[^']*'|(^|[ \t])#/g;
  for (const found of line.matchAll(quotedOrComment))
    if (found[1] !== undefined) return found.index + found[1].length;
  return line.trimEnd().length;
}
