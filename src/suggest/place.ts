import type { SourceFile } from '../1-read/source.ts';
import { changeSection, heldSection, paragraphs, suggestionBody, type Wording } from './bodies.ts';
import { secretRanges } from './changes.ts';
import { hasCredentials } from './credentials.ts';
import { type Anchor, type Dialect, inexactness, type Suggestion } from './dialect.ts';
import { type DiffFile, fitsText, type LineRange, visibleRanges } from './diff.ts';
import { fingerprint } from './fingerprint.ts';
import type { ChangeItem, Item } from './items.ts';
import { printMarker } from './marker.ts';
import { summaryBody } from './pull-summary.ts';
import { overlap } from './region.ts';

/** A comment that is to stand on a pull request. */
export type Comment = LineComment | FileComment | SummaryComment;

interface Written {
  /** What it is about; stays when lines move and texts change. */
  readonly id: string;
  /** The fingerprint of what it says. */
  readonly fp: string;
  /** With the marker at its end. */
  readonly body: string;
}

export interface LineComment extends Written {
  readonly where: 'line';
  readonly path: string;
  readonly oldPath: string;
  readonly anchor: Anchor;
}

export interface FileComment extends Written {
  readonly where: 'file';
  readonly path: string;
  readonly oldPath: string;
}

export interface SummaryComment extends Written {
  readonly where: 'summary';
}

/** What is known when comments are placed. */
export interface Setting extends Pick<Wording, 'command'> {
  readonly dialect: Dialect;
  readonly diff: readonly DiffFile[];
  /** The files that were read, by path. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Tells the comments of several runs on one pull request apart. */
  readonly tag: string;
  readonly maxLineComments: number;
  readonly maxFileComments: number;
  /** Comments that the forge would not take where they were. */
  readonly refused: ReadonlySet<string>;
}

/** Where everything is told. */
export interface Placement {
  /** By path, the lower lines first, so that applying one does not move the next. */
  readonly comments: readonly Comment[];
  /** What no comment at a line or a file tells. */
  readonly rest: readonly Item[];
}

/** Forges refuse more review comments in one request; so many are also as many as people read. */
export const MAX_LINE_COMMENTS = 30;
export const MAX_FILE_COMMENTS = 10;

/**
 * Finds a place for everything there is to tell: a suggestion at its lines; where that cannot be, a comment on the file;
 * where that cannot be either, the summary.
 */
export function place(items: readonly Item[], setting: Setting): Placement {
  const atLines = new Map<Item, readonly LineComment[]>();
  const reasons = new Map<Item, string>();
  let room = setting.maxLineComments;
  for (const item of items) {
    const found = item.kind === 'change' ? suggestions(item, setting) : atLine(item, setting);
    if (typeof found === 'string') reasons.set(item, found);
    else if (found.length > room) reasons.set(item, 'there are many suggestions already');
    else {
      room -= found.length;
      atLines.set(item, found);
    }
  }
  const lines = [...atLines.values()].flat();
  const others = items.filter(item => !atLines.has(item));
  const { comments, told } = fileComments(others, reasons, setting);
  const rest = others.filter(item => !told.has(item));
  const summary = rest.length === 0 ? [] : [summaryComment(rest, reasons, setting)];
  return { comments: [...sorted(lines), ...comments, ...summary], rest };
}

function sorted(comments: readonly LineComment[]): readonly LineComment[] {
  return comments.toSorted(
    (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || b.anchor.end - a.anchor.end,
  );
}

/** @returns the comments, or why there are none */
function suggestions(item: ChangeItem, setting: Setting): readonly LineComment[] | string {
  const { parts } = item.change;
  const comments: LineComment[] = [];
  for (const [index, { file, region, resources, lostComments }] of parts.entries()) {
    const diffFile = setting.diff.find(({ path }) => path === file.path);
    if (region === undefined) return `${file.path} would go, which no suggestion can do`;
    if (diffFile === undefined) return `${file.path} is not part of this ${setting.dialect.request}`;
    if (!fitsText(diffFile, file.text)) return `the diff and ${file.path} are not of the same commit`;
    const found = setting.dialect.suggest(diffFile, region, file.text);
    if (found === undefined)
      return parts.length === 1
        ? 'not all of its lines are in one part of the diff'
        : `it takes edits in ${parts.length} places, not all of which are in the diff`;
    const obstacle = inexactness(found.region, file.text) ?? secrecy(found, file);
    if (obstacle !== undefined) return obstacle;
    const id = fingerprint('part', item.id, file.path, ...resources.map(nameOf), String(index));
    const body = suggestionBody(item, found.block, index + 1, parts.length, lostComments);
    if (body.length > setting.dialect.maxBody) return 'it is too long for a suggestion';
    if (setting.refused.has(id)) return 'a suggestion was refused at this place';
    comments.push({
      where: 'line',
      path: file.path,
      oldPath: diffFile.oldPath ?? file.path,
      anchor: found.anchor,
      ...written(id, body, setting.tag),
    });
  }
  return comments;
}

function nameOf({ resource }: ChangeItem['change']['resources'][number]): string {
  return `${resource.kind} ${resource.namespace}/${resource.name}`;
}

function secrecy({ block, region }: Suggestion, file: SourceFile): string | undefined {
  if (hasCredentials(block)) return 'something in it looks like a credential, which is not repeated here';
  if (secretRanges(file).some(secret => overlap(secret, region.range)))
    return 'there is a Secret in its lines, which is not repeated here';
  return undefined;
}

/** @returns the comment at the first line that it is about and that the diff shows, or why there is none */
function atLine(item: Exclude<Item, ChangeItem>, setting: Setting): readonly LineComment[] | string {
  const diffFile = setting.diff.find(({ path }) => path === item.path);
  const file = setting.files.get(item.path);
  if (diffFile === undefined || file === undefined || !fitsText(diffFile, file.text)) return '';
  const visible = visibleRanges(diffFile);
  const lines = [
    ...item.diagnostics.map(({ location }) => location.start.line),
    ...visible.flatMap(range => firstCommon(range, item.range) ?? []),
  ];
  const line = lines.find(at => visible.some(({ start, end }) => at >= start && at <= end));
  const id = fingerprint('line', item.id);
  if (line === undefined || setting.refused.has(id)) return '';
  const suggested = setting.dialect.suggest(
    diffFile,
    { range: { start: line, end: line }, lines: [] },
    file.text,
  );
  if (suggested === undefined) return '';
  return [
    {
      where: 'line',
      path: item.path,
      oldPath: diffFile.oldPath ?? item.path,
      anchor: suggested.anchor,
      ...written(id, cut(heldSection(item), setting.dialect.maxBody), setting.tag),
    },
  ];
}

function firstCommon(a: LineRange, b: LineRange): number | undefined {
  return overlap(a, b) ? Math.max(a.start, b.start) : undefined;
}

/** One comment for each file, however much there is to tell of it. */
function fileComments(
  items: readonly Item[],
  reasons: ReadonlyMap<Item, string>,
  setting: Setting,
): { readonly comments: readonly FileComment[]; readonly told: ReadonlySet<Item> } {
  const comments: FileComment[] = [];
  const told = new Set<Item>();
  for (const diffFile of setting.diff) {
    const { path, status } = diffFile;
    const id = fingerprint('file', path);
    const own = items.filter(item => item.path === path);
    if (own.length === 0 || status === 'deleted' || setting.refused.has(id)) continue;
    if (comments.length >= setting.maxFileComments) break;
    const body = sections(own, reasons, setting);
    comments.push({
      where: 'file',
      path,
      oldPath: diffFile.oldPath ?? path,
      ...written(id, body, setting.tag),
    });
    for (const item of own) told.add(item);
  }
  return { comments, told };
}

function sections(
  items: readonly Item[],
  reasons: ReadonlyMap<Item, string>,
  { dialect, command, files }: Setting,
): string {
  const wording = { command, maxBody: dialect.maxBody, files: [...files.values()] };
  let budget = dialect.maxBody - 1000;
  const blocks: string[] = [];
  for (const [index, item] of items.entries()) {
    const block =
      item.kind === 'change'
        ? changeSection(item, reasons.get(item) ?? '', wording, budget)
        : heldSection(item);
    if (block.length > budget) {
      blocks.push(`And ${items.length - index} more in this file.`);
      break;
    }
    budget -= block.length + 10;
    blocks.push(block);
  }
  return blocks.join('\n\n---\n\n');
}

function summaryComment(
  rest: readonly Item[],
  reasons: ReadonlyMap<Item, string>,
  { dialect, tag, command, files }: Setting,
): SummaryComment {
  const id = fingerprint('summary');
  const body = summaryBody(rest, reasons, {
    command,
    maxBody: dialect.maxBody - 500,
    files: [...files.values()],
  });
  return { where: 'summary', ...written(id, body, tag) };
}

/** Puts the marker at the end; what a comment says is compared before, so that it is written only when it changes. */
function written(id: string, text: string, tag: string): Written {
  const fp = fingerprint(text);
  return { id, fp, body: paragraphs([text, printMarker({ tag, id, fp })]) };
}

function cut(text: string, length: number): string {
  return text.length <= length - 500 ? text : `${text.slice(0, length - 500)}…`;
}
