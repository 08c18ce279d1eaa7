import { type DiffFile, oldLineOf, removesLines, visibleRanges } from './diff.ts';
import { isWithinRange, type LineRange, overlap } from './lines.ts';
import { fenced } from './markdown.ts';
import { type Region, widened } from './region.ts';

/** How a forge wants comments and suggestions. */
export interface Dialect {
  readonly name: 'github' | 'gitlab';
  /** How many characters a comment may have. */
  readonly maxBody: number;
  /** The name of the forge for a request. */
  readonly request: 'pull request' | 'merge request';
  /** The button that takes a suggestion, in Markdown. */
  readonly button: string;
  /** Where a suggestion can stand, and what it then replaces; or why there can be none. */
  readonly suggest: (file: DiffFile, region: Region, text: string) => Suggestion | string;
}

export interface Suggestion {
  readonly anchor: Anchor;
  /** The block that the forge turns into a button. */
  readonly block: string;
  /** The file that the forge writes when somebody presses it. */
  readonly region: Region;
}

/** Where a comment stands. */
export interface Anchor extends LineRange {
  /** The line that the forge shows it at; the last one. */
  readonly line: number;
  /** The line's number before the change, where it is unchanged. */
  readonly oldLine?: number;
}

/**
 * A suggestion replaces the lines of the comment, which must all be in one hunk of the diff. Where lines were removed
 * between them, GitHub takes the comment, and refuses to commit the suggestion.
 *
 * @see https://docs.github.com/rest/pulls/comments#create-a-review-comment-for-a-pull-request
 * @see https://github.com/parkerbxyz/suggest-changes/issues/50
 */
export const github: Dialect = {
  name: 'github',
  // The limit is 65,536; emoji and the like may count as more than one.
  maxBody: 60_000,
  request: 'pull request',
  button: '**Commit suggestion**',
  suggest: (file, region, text) => {
    const visible = visibleRanges(file);
    const shown = nonEmpty(region, text).filter(some => visible.some(hunk => isWithinRange(some, hunk)));
    if (shown.length === 0) return 'not all lines to replace are in one part of the diff';
    const range = shown.find(some => !removesLines(file, some));
    if (range === undefined)
      return 'lines were removed between those to replace, and GitHub commits no suggestion across them';
    const whole = widened(region, range, text);
    return {
      anchor: { ...range, line: range.end },
      block: fenced(whole.lines, 'suggestion'),
      region: whole,
    };
  },
};

/** GitLab lets a suggestion reach this many lines above and below the line of its comment. */
const REACH = 100;

/**
 * A suggestion replaces lines around that of the comment, of which only that one must be in the diff.
 *
 * @see https://docs.gitlab.com/user/project/merge_requests/reviews/suggestions/#multi-line-suggestions
 */
export const gitlab: Dialect = {
  name: 'gitlab',
  // The limit is 1,000,000, but nobody reads that.
  maxBody: 200_000,
  request: 'merge request',
  button: '**Apply suggestion**',
  suggest: (file, region, text) => {
    const visible = visibleRanges(file);
    const ranges = nonEmpty(region, text);
    for (const range of ranges) {
      const line = visible
        .map(hunk => Math.max(hunk.start, range.start, range.end - REACH))
        .find(
          (at, index) => at <= Math.min(range.end, visible[index]?.end ?? 0) && at - range.start <= REACH,
        );
      if (line === undefined) continue;
      const whole = widened(region, range, text);
      const oldLine = oldLineOf(file, line);
      return {
        anchor: { ...range, line, ...(oldLine !== undefined && { oldLine }) },
        block: fenced(whole.lines, `suggestion:-${line - range.start}+${range.end - line}`),
        region: whole,
      };
    }
    const isShown = ranges.some(range => visible.some(hunk => overlap(range, hunk)));
    return isShown
      ? `there are more lines to replace than a suggestion reaches, ${REACH} on either side`
      : 'none of the lines to replace is in the diff';
  },
};

/**
 * Where lines only come in, the line above them or the one below is replaced by itself and them. So it is where one
 * blank line takes their place, which formats take for nothing.
 */
function nonEmpty({ range: { start, end }, lines }: Region, text: string): readonly LineRange[] {
  if (end >= start && !(lines.length === 1 && lines[0] === '')) return [{ start, end }];
  const last = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return [
    { start: start - 1, end: Math.max(start - 1, end) },
    { start, end: end + 1 },
  ].filter(range => range.start >= 1 && range.end <= last);
}

/** The same replacement over at least one line, and with more than one blank line. */
export function solid(region: Region, text: string): Region | undefined {
  const [range] = nonEmpty(region, text);
  return range && widened(region, range, text);
}

/**
 * Why what a forge makes of a suggestion may not be what it says, byte for byte; undefined when it will be.
 *
 * @param region of the suggestion
 */
export function inexactness({ range, lines }: Region, text: string): string | undefined {
  const old = text.split('\n').slice(range.start - 1, range.end);
  if (text.includes('\r')) return 'the file has carriage returns, which a suggestion would not keep';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if ([...old, ...lines].some(line => /[\u0000-\u0008\u000b-\u001f\u007f\ufeff\ufffd]/.test(line)))
    return 'there are characters in it that a suggestion would not keep';
  if (lines.some(line => line.startsWith('/')))
    return 'a line of it begins with a slash, as commands to the forge and its bots do';
  const last = text.split('\n').length;
  if (range.end >= last) return 'the file has no line break at its end';
  return undefined;
}
