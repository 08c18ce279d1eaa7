/** @returns the offset of the first character of the line that `offset` is on */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** @returns the offset after the line break that ends the line, or the end of the text */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}

/** @returns the white space at the start of the line that `offset` is on */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** @returns whether only white space stands before `offset` on its line */
export function startsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** @returns where the comment lines that stand right above a line, indented like it, start */
export function commentsAbove(text: string, offset: number): number {
  const indent = indentAt(text, offset);
  let start = lineStart(text, offset);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!text.startsWith(`${indent}#`, above)) return start;
    start = above;
  }
  return start;
}
