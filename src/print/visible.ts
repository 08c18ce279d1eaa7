/**
 * Text as it may go to a terminal or to the log of a job, where a manifest must not be able to move the cursor, hide
 * anything, or command GitHub's runner, which looks for `##[` wherever it stands, and for `::` where a line starts.
 */
export function visible(text: string): string {
  return text
    .replaceAll('\t', '  ')
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/gu, '·')
    .replaceAll('##[', '##\u200b[')
    .replace(/^(\s*)::/, '$1\u200b::');
}
