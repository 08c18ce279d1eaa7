import { diffArrays } from 'diff';

/** A row of two texts side by side; a side is undefined where nothing stands beside the other. */
export interface AlignedRow {
  readonly before?: AlignedLine;
  readonly after?: AlignedLine;
  readonly isSame: boolean;
}

export interface AlignedLine {
  /** Counted from 0. */
  readonly index: number;
  readonly text: string;
}

/**
 * Puts two texts side by side: what came from what stands beside it, and lines that are in both stand in one row.
 *
 * @param anchors lines that begin parts of both texts that belong together, in ascending order
 */
export function align(
  before: readonly string[],
  after: readonly string[],
  anchors: readonly (readonly [number, number])[],
): readonly AlignedRow[] {
  const cuts = [
    ...anchors.filter(([a, b]) => a >= 0 && a < before.length && b < after.length),
    [before.length, after.length] as const,
  ];
  const rows: AlignedRow[] = [];
  let [x, y] = [0, 0];
  for (const [a, b] of cuts) {
    if (a < x || b < y) continue;
    rows.push(...alignPart(before, after, [x, a], [y, b]));
    [x, y] = [a, b];
  }
  return rows;
}

function alignPart(
  before: readonly string[],
  after: readonly string[],
  [x, xEnd]: readonly [number, number],
  [y, yEnd]: readonly [number, number],
): readonly AlignedRow[] {
  const rows: AlignedRow[] = [];
  // The same field stands deeper or less deep on the other side.
  const plain = (lines: readonly string[]): string[] =>
    lines.map(text => text.replace(/^[\s-]+/, '').trimEnd());
  let [left, right] = [x, y];
  let removed: AlignedLine[] = [];
  let added: AlignedLine[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1) {
      const [a, b] = [removed[at], added[at]];
      rows.push({ ...(a && { before: a }), ...(b && { after: b }), isSame: false });
    }
    removed = [];
    added = [];
  };
  const line = (lines: readonly string[], index: number): AlignedLine => ({
    index,
    text: lines[index] ?? '',
  });
  for (const part of diffArrays(plain(before.slice(x, xEnd)), plain(after.slice(y, yEnd)))) {
    for (let count = 0; count < part.value.length; count += 1) {
      if (part.removed) removed.push(line(before, left++));
      else if (part.added) added.push(line(after, right++));
      else {
        flush();
        rows.push({ before: line(before, left++), after: line(after, right++), isSame: true });
      }
    }
  }
  flush();
  return rows;
}
