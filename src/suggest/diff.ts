import { parsePatch, type StructuredPatch } from 'diff';
import type { LineRange } from './lines.ts';

/** The change of a pull request to one file. */
export interface DiffFile {
  /** The path after the pull request, or before it where the file goes; from the root of the repository. */
  readonly path: string;
  /** The path before, where it was another one. */
  readonly oldPath?: string;
  readonly status: 'added' | 'modified' | 'renamed' | 'deleted';
  readonly hunks: readonly Hunk[];
  /** The forge leaves the hunks out, because there is too much in them. */
  readonly isCut?: boolean;
}

/** Lines that stand together in a diff. */
export interface Hunk {
  readonly lines: readonly DiffLine[];
}

export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed';
  readonly text: string;
  /** Its number before; for an added line, that of the next line that was there before. From 1. */
  readonly oldLine: number;
  /** Its number after; for a removed line, that of the next line that is there after. From 1. */
  readonly newLine: number;
}

/** How many unchanged lines forges show around a change. A comment on a line further away is refused. */
const CONTEXT = 3;

/**
 * Reads a diff as git, GitHub and GitLab write it: renames, quoted names, new, empty and binary files.
 *
 * @throws Error for what is not a unified diff
 */
export function parseDiff(text: string): readonly DiffFile[] {
  const files = parsePatch(text).flatMap(patch => fileOf(patch) ?? []);
  if (files.length === 0 && text.trim() !== '') throw new Error('there is no file in it');
  return files;
}

function fileOf(patch: StructuredPatch): DiffFile | undefined {
  const oldPath = nameOf(patch.oldFileName, 'a/');
  const newPath = nameOf(patch.newFileName, 'b/');
  const path = newPath ?? oldPath;
  if (path === undefined) return undefined;
  const hunks = patch.hunks.map(hunkOf);
  if (patch.isCreate === true || oldPath === undefined) return { path, status: 'added', hunks };
  if (patch.isDelete === true || newPath === undefined) return { path: oldPath, status: 'deleted', hunks };
  return oldPath === newPath
    ? { path, status: 'modified', hunks }
    : { path, oldPath, status: 'renamed', hunks };
}

function nameOf(name: string | undefined, prefix: string): string | undefined {
  if (name === undefined || name === '/dev/null' || name === '') return undefined;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

function hunkOf({ oldStart, newStart, lines }: StructuredPatch['hunks'][number]): Hunk {
  let oldLine = oldStart;
  let newLine = newStart;
  const found: DiffLine[] = [];
  for (const line of lines) {
    const sign = line.charAt(0);
    if (sign === '\\') continue;
    const kind = sign === '+' ? 'added' : sign === '-' ? 'removed' : 'context';
    found.push({ kind, text: line.slice(1), oldLine, newLine });
    if (kind !== 'added') oldLine += 1;
    if (kind !== 'removed') newLine += 1;
  }
  return { lines: found };
}

/**
 * The lines that a comment may stand at: of the file as it is after the pull request, those that a forge shows. A diff
 * may have been made with more context than forges show; what is too far from a change does not count.
 */
export function visibleRanges({ hunks, status }: DiffFile): readonly LineRange[] {
  if (status === 'deleted') return [];
  return hunks.flatMap(({ lines }) => {
    const near = lines.filter((_, index) =>
      lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'context'),
    );
    return joined(near.filter(({ kind }) => kind !== 'removed').map(({ newLine }) => newLine));
  });
}

/** @param numbers in ascending order */
function joined(numbers: readonly number[]): readonly LineRange[] {
  const ranges: LineRange[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last.end + 1 === number) ranges[ranges.length - 1] = { ...last, end: number };
    else ranges.push({ start: number, end: number });
  }
  return ranges;
}

/** Whether a pull request adds, changes or removes a line within others. */
export function changesLines(file: DiffFile, { start, end }: LineRange): boolean {
  return (
    file.hunks.some(({ lines }) =>
      lines.some(({ kind, newLine }) => kind === 'added' && newLine >= start && newLine <= end),
    ) || removesLines(file, { start, end })
  );
}

/** Whether a pull request removes a line between others; one next to them, as between two documents, is none. */
export function removesLines({ hunks }: DiffFile, { start, end }: LineRange): boolean {
  // A removed line stands before `newLine`.
  return hunks.some(({ lines }) =>
    lines.some(({ kind, newLine }) => kind === 'removed' && newLine > start && newLine <= end),
  );
}

/** @returns the number a line had before, where the pull request leaves it as it was */
export function oldLineOf({ hunks }: DiffFile, newLine: number): number | undefined {
  const lines = hunks.flatMap(hunk => hunk.lines);
  return lines.find(line => line.kind === 'context' && line.newLine === newLine)?.oldLine;
}

/** Whether every line that a diff shows is what the file has there; else diff and file are of different commits. */
export function fitsText({ hunks }: DiffFile, text: string): boolean {
  const lines = text.split('\n').map(withoutReturn);
  return hunks.every(hunk =>
    hunk.lines.every(
      ({ kind, text, newLine }) => kind === 'removed' || lines[newLine - 1] === withoutReturn(text),
    ),
  );
}

/**
 * The text that a file had before, told by its text now and the diff.
 *
 * @param text empty for a file that goes
 * @returns undefined where the diff leaves out what it changes, or is of another text
 */
export function baseTextOf(file: DiffFile, text: string): string | undefined {
  const { hunks, status } = file;
  const hasLines = hunks.length > 0 || status === 'renamed';
  if (file.isCut === true || !hasLines || (status !== 'deleted' && !fitsText(file, text))) return undefined;
  const lines = text.split('\n');
  for (const { lines: shown } of hunks.toReversed()) {
    const now = shown.filter(({ kind }) => kind !== 'removed');
    const before = shown.filter(({ kind }) => kind !== 'added').map(line => line.text);
    const [first] = shown;
    // The first removed line of a hunk without added or unchanged lines stands before `newLine`.
    const at = file.status === 'deleted' ? 0 : (first?.newLine ?? 1) - 1;
    lines.splice(at, now.length, ...before);
  }
  return lines.join('\n');
}

/** Some ways of writing a diff down lose carriage returns. */
function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/**
 * A file as a forge's list of changed files has it: names and kinds apart from the hunks.
 *
 * @param hunks as in a unified diff, without the lines that name the files; empty where the forge leaves them out
 */
export function diffFileOf(file: Omit<DiffFile, 'hunks'>, hunks: string): DiffFile {
  if (hunks === '') return { ...file, hunks: [] };
  const [patch] = parsePatch(`--- a\n+++ b\n${hunks.endsWith('\n') ? hunks : `${hunks}\n`}`);
  return { ...file, hunks: (patch?.hunks ?? []).map(hunkOf) };
}
