import { commentsAbove, lineEnd, lineStart, startsLine } from './lines.ts';
import type { Part } from './parts.ts';
import type { Splice } from './splice.ts';

/**
 * Takes children out of a map or a list. Comments that speak of them go too: those behind them, and those right
 * above them unless they head a group of which something stays.
 *
 * @param gone indices into the parent's children
 */
export function removeChildren(text: string, parent: Part, gone: ReadonlySet<number>): readonly Splice[] {
  if (gone.size === 0) return [];
  if (gone.size === parent.children.length) return [emptied(text, parent)];
  return parent.flow ? betweenCommas(parent, gone) : wholeLines(text, parent, gone);
}

function emptied(text: string, parent: Part): Splice {
  const space = /^\s/.test(text.slice(parent.valueFrom)) ? ' ' : '';
  const brackets = parent.kind === 'list' ? '[]' : '{}';
  return { start: parent.valueFrom, end: parent.end, text: `${space}${brackets}` };
}

function betweenCommas(parent: Part, gone: ReadonlySet<number>): readonly Splice[] {
  const lastKept = parent.children.findLast((_, index) => !gone.has(index));
  return parent.children.flatMap((child, index) => {
    const next = parent.children[index + 1];
    if (!gone.has(index)) return [];
    // Behind the last one that stays, the comma before each goes with it; elsewhere the comma after it.
    if (lastKept !== undefined && child.start > lastKept.end) {
      const before = parent.children[index - 1];
      return before === undefined ? [] : [{ start: before.end, end: child.end, text: '' }];
    }
    return next === undefined ? [] : [{ start: child.start, end: next.start, text: '' }];
  });
}

function wholeLines(text: string, parent: Part, gone: ReadonlySet<number>): readonly Splice[] {
  const firstKept = parent.children.findIndex((_, index) => !gone.has(index));
  const lines = parent.children.flatMap((child, index): readonly Splice[] => {
    if (!gone.has(index)) return [];
    // The first key of a list item shares its line with the dash, which has to stay for what follows.
    if (index < firstKept && !startsLine(text, parent.children[0]?.start ?? 0))
      return [{ start: child.start, end: parent.children[index + 1]?.start ?? child.end, text: '' }];
    const start = headsAGroup(text, parent, index, gone)
      ? lineStart(text, child.start)
      : commentsAbove(text, child.start);
    return [{ start, end: commentsBelow(text, child), text: '' }];
  });
  return text.endsWith('\n') ? lines : withLineBreakBefore(text, lines);
}

/** Where the last line goes that has no line break at its end, the one before it goes with it. */
function withLineBreakBefore(text: string, lines: readonly Splice[]): readonly Splice[] {
  const first =
    lines.findLastIndex((line, index) => line.end !== (lines[index + 1]?.start ?? text.length)) + 1;
  const start = lines[first]?.start;
  if (start === undefined) return lines;
  const lineBreak = /\r?\n$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return [...lines.slice(0, first), { start: start - lineBreak, end: text.length, text: '' }];
}

/** Whether the comment above a list item speaks of the next one too: that one stays and has no comment of its own. */
function headsAGroup(text: string, parent: Part, index: number, gone: ReadonlySet<number>): boolean {
  const next = parent.children[index + 1];
  if (parent.kind !== 'list' || next === undefined || gone.has(index + 1)) return false;
  return commentsAbove(text, next.start) === lineStart(text, next.start);
}

/** The end of a child's last line and of the comment lines below it that are indented further than the child. */
function commentsBelow(text: string, child: Part): number {
  const column = child.start - lineStart(text, child.start);
  const deeper = new RegExp(`(?:[ \\t]{${column + 1},}#[^\\n]*(?:\\n|$))*`, 'y');
  const end = lineEnd(text, child.end);
  deeper.lastIndex = end;
  return end + (deeper.exec(text)?.[0].length ?? 0);
}
