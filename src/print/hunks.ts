import { type ChangeObject, diffLines, type StructuredPatchHunk } from 'diff';
import type { Segment } from '../6-emit/apply-edits.ts';

/** Lines that stayed, went or came, with their line breaks. */
interface Run {
  readonly sign: ' ' | '-' | '+';
  readonly lines: readonly string[];
}

/** How many lines that stayed are shown around what changed. */
const CONTEXT = 3;

/** The line of git for a last line without a line break. */
const NO_LINE_BREAK = '\\ No newline at end of file';

/**
 * The hunks of a unified diff. Segments are compared one by one, so that a file with thousands of edited documents
 * takes no longer than they do one after another.
 */
export function hunksOf(segments: readonly Segment[]): readonly StructuredPatchHunk[] {
  const hunks: StructuredPatchHunk[] = [];
  let [oldLine, newLine] = [1, 1];
  let open: { start: readonly [number, number]; lines: string[]; counts: [number, number] } | undefined;
  let before: readonly string[] = [];
  const close = (): void => {
    if (open === undefined) return;
    const [oldStart, newStart] = open.start;
    const [oldLines, newLines] = open.counts;
    hunks.push({ oldStart, oldLines, newStart, newLines, lines: open.lines });
    open = undefined;
  };
  const add = (sign: Run['sign'], lines: readonly string[]): void => {
    if (open === undefined) return;
    for (const line of lines) {
      if (line.endsWith('\n')) open.lines.push(sign + line.slice(0, -1));
      else open.lines.push(sign + line, NO_LINE_BREAK);
    }
    if (sign !== '+') open.counts[0] += lines.length;
    if (sign !== '-') open.counts[1] += lines.length;
  };
  const runs = runsOf(segments);
  for (const [index, { sign, lines }] of runs.entries()) {
    if (sign === ' ') {
      const isLast = index === runs.length - 1;
      if (open !== undefined && (isLast || lines.length > 2 * CONTEXT)) {
        add(' ', lines.slice(0, CONTEXT));
        close();
      } else add(' ', lines);
      before = lines.slice(-CONTEXT);
    } else if (open === undefined) {
      const start = [oldLine - before.length, newLine - before.length] as const;
      open = { start, lines: [], counts: [0, 0] };
      add(' ', before);
      add(sign, lines);
    } else add(sign, lines);
    if (sign !== '+') oldLine += lines.length;
    if (sign !== '-') newLine += lines.length;
  }
  close();
  return hunks;
}

/** Neighbouring lines of one sign are one run. */
function runsOf(segments: readonly Segment[]): readonly Run[] {
  const runs: { sign: Run['sign']; lines: string[] }[] = [];
  const add = (sign: Run['sign'], text: string): void => {
    if (text === '') return;
    const lines = text.split(/(?<=\n)/);
    const last = runs.at(-1);
    if (last?.sign === sign) last.lines.push(...lines);
    else runs.push({ sign, lines });
  };
  for (const { before, after } of wholeLines(segments)) {
    if (before === after) add(' ', before);
    else
      for (const { added, removed, value } of compareLines(before, after))
        add(added ? '+' : removed ? '-' : ' ', value);
  }
  return runs;
}

/** A comparison takes time with the square of what differs; beyond this the whole text goes and comes. */
const MOST_DIFFERENCES = 4000;

function compareLines(
  before: string,
  after: string,
): readonly Pick<ChangeObject<string>, 'added' | 'removed' | 'value'>[] {
  const all = [
    { removed: true, added: false, value: before },
    { removed: false, added: true, value: after },
  ];
  return diffLines(before, after, { maxEditLength: MOST_DIFFERENCES }) ?? all;
}

/** Joins segments that meet in the middle of a line. */
function wholeLines(segments: readonly Segment[]): readonly Segment[] {
  const whole: Segment[] = [];
  for (const segment of segments) {
    const last = whole.at(-1);
    const isOpen = last !== undefined && !(endsLine(last.before) && endsLine(last.after));
    if (isOpen)
      whole.splice(-1, 1, { before: last.before + segment.before, after: last.after + segment.after });
    else if (segment.before !== '' || segment.after !== '') whole.push(segment);
  }
  return whole;
}

function endsLine(text: string): boolean {
  return text === '' || text.endsWith('\n');
}
