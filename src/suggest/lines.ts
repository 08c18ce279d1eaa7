import type { SourceDocument, SourceFile } from '../yaml/source.ts';

/** Lines of a file, counted from 1; both ends are in it. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Every line of a file, however many it has. */
export const wholeFile: LineRange = { start: 1, end: Number.MAX_SAFE_INTEGER };

/** Whether two stretches of lines have one in common. */
export function overlap(a: LineRange, b: LineRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** Whether a stretch of lines is part of another. */
export function isWithinRange(inner: LineRange, outer: LineRange): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** @returns a function to the lines of a document, which remembers where the lines of a file start */
export function documentLines(): (document: Pick<SourceDocument, 'file' | 'range'>) => LineRange {
  const lineAt = lineCounter();
  return ({ file, range: { start, end } }) => ({
    start: lineAt(file, start),
    end: lineAt(file, Math.max(start, end - 1)),
  });
}

/** @returns a function from an offset to its line, which remembers where lines start */
function lineCounter(): (file: SourceFile, offset: number) => number {
  const known = new Map<SourceFile, readonly number[]>();
  return (file, offset) => {
    const feeds = known.get(file) ?? [...file.text.matchAll(/\n/g)].map(({ index }) => index);
    known.set(file, feeds);
    let [low, high] = [0, feeds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((feeds[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
