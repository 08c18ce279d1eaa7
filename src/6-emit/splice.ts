/** A change to a text: what stands from `start` up to, not including, `end` gives way to `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Makes several changes at once; all offsets are into the original text. Insertions at one place keep their order.
 *
 * @throws a bug of ours: two changes overlap
 */
export function splice(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end, text: replacement } of splices.toSorted((a, b) => a.start - b.start)) {
    if (start < done) throw new Error(`two edits overlap at offset ${start}`);
    pieces.push(text.slice(done, start), replacement);
    done = end;
  }
  return pieces.join('') + text.slice(done);
}
