import type { LineRange } from './lines.ts';

/** Lines of a file that give way to others. */
export interface Region {
  /** From 1. An `end` before `start` means that nothing goes and lines come before `start`. */
  readonly range: LineRange;
  /** Without line feeds. */
  readonly lines: readonly string[];
}

/**
 * The difference between two texts, as one stretch of whole lines, as short as can be.
 *
 * @returns undefined where nothing differs
 */
export function regionBetween(before: string, after: string): Region | undefined {
  if (before === after) return undefined;
  const old = before.split('\n');
  const now = after.split('\n');
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return {
    range: { start: head + 1, end: old.length - tail },
    lines: now.slice(head, now.length - tail),
  };
}

/** Replaces lines as forges apply suggestions; regions must not overlap. */
export function applyRegions(text: string, regions: readonly Region[]): string {
  const lines = text.split('\n');
  for (const { range, lines: replacement } of regions.toSorted((a, b) => b.range.start - a.range.start))
    lines.splice(range.start - 1, range.end - range.start + 1, ...replacement);
  return lines.join('\n');
}

/** The same replacement, spelt out over more lines, which stay as they are. */
export function widened({ range, lines }: Region, to: LineRange, text: string): Region {
  const all = text.split('\n');
  return {
    range: to,
    lines: [...all.slice(to.start - 1, range.start - 1), ...lines, ...all.slice(range.end, to.end)],
  };
}
