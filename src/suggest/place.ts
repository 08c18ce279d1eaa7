import { type Comment, type LineComment, type SummaryComment, written } from './comment.ts';
import { fileComments } from './file-comments.ts';
import { fingerprint } from './fingerprint.ts';
import type { Item } from './items.ts';
import { atLine, suggestions } from './line-comments.ts';
import { summaryBody } from './pull-summary.ts';
import type { Setting } from './setting.ts';

/** Where everything is told. */
export interface Placement {
  /** By path, the lower lines first, so that applying one does not move the next. */
  readonly comments: readonly Comment[];
  /** Texts that no comment at a line or a file holds. */
  readonly rest: readonly Item[];
}

/** Forges refuse more review comments in one request; so many are also as many as people read. */
export const MAX_LINE_COMMENTS = 30;
export const MAX_FILE_COMMENTS = 10;

/** More conversions than these are one comment with one command: nobody presses so many buttons. */
export const MAX_BUTTONS = 5;

/** More refusals than these are one comment with a list: nobody reads so many one by one. */
export const MAX_REFUSALS = 5;

/**
 * Finds a place for everything there is to tell: a suggestion at its lines; where that cannot be, a comment on the file;
 * where that cannot be either, the summary.
 */
export function place(items: readonly Item[], setting: Setting): Placement {
  const atLines = new Map<Item, readonly LineComment[]>();
  const reasons = new Map<Item, string>();
  let room = setting.maxLineComments;
  const changes = items.filter(({ kind }) => kind === 'change');
  const refusals = items.filter(
    ({ kind }) => kind === 'held-back' || kind === 'failing' || kind === 'problem',
  );
  const together = new Set<Item>([
    ...(changes.length > MAX_BUTTONS ? changes : []),
    ...(refusals.length > MAX_REFUSALS ? refusals : []),
  ]);
  for (const item of items) {
    if (together.has(item)) continue;
    const found = item.kind === 'change' ? suggestions(item, setting) : atLine(item, setting);
    if (typeof found === 'string') reasons.set(item, found);
    else if (found.length > room) reasons.set(item, 'there are many suggestions already');
    else {
      room -= found.length;
      atLines.set(item, found);
    }
  }
  const lines = [...atLines.values()].flat();
  const others = items.filter(item => !atLines.has(item) && !together.has(item));
  const { comments, told } = fileComments(others, reasons, setting);
  const rest = items.filter(item => together.has(item) || (others.includes(item) && !told.has(item)));
  const summary = rest.length === 0 ? [] : [summaryComment(rest, reasons, setting)];
  return { comments: [...sorted(lines), ...comments, ...summary], rest };
}

function sorted(comments: readonly LineComment[]): readonly LineComment[] {
  return comments.toSorted(
    (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || b.anchor.end - a.anchor.end,
  );
}

function summaryComment(
  rest: readonly Item[],
  reasons: ReadonlyMap<Item, string>,
  { dialect, tag, command, files, filter }: Setting,
): SummaryComment {
  const id = fingerprint('summary');
  const body = summaryBody(rest, reasons, {
    command,
    maxBody: dialect.maxBody - 3000,
    files: [...files.values()],
    dialect,
    filter,
  });
  const objects = rest.flatMap(item => item.objects);
  return { where: 'summary', ...written(id, body, tag, objects) };
}
