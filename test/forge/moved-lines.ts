import { filesOf } from './server.ts';

/** Where a line of a file went, undefined where a push changed or removed it. */
export type LineAfter = (
  path: string,
  line: number,
) => { readonly path: string; readonly line: number } | undefined;

/**
 * Where lines went with a push, as forges follow them: a line that a push does not change moves with what comes before it.
 *
 * @param between the diff of git from the newest commit before the push to the one after, without lines around the changes
 */
export function lineAfter(between: string): LineAfter {
  const files = new Map(filesOf(between).map(file => [file.before, file]));
  return (path, line) => {
    const file = files.get(path);
    if (file === undefined) return { path, line };
    if (file.status === 'removed') return undefined;
    let shift = 0;
    for (const [, start, gone = '1', come = '1'] of file.hunks.matchAll(
      /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/gm,
    )) {
      // Where nothing goes, git names the line above what comes.
      const first = Number(start) + (gone === '0' ? 1 : 0);
      if (line < first) break;
      if (line < first + Number(gone)) return undefined;
      shift += Number(come) - Number(gone);
    }
    return { path: file.after, line: line + shift };
  };
}
