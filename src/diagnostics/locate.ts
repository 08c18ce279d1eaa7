import { parseDocument } from '../yaml/parse-document.ts';
import { type FoundPlace, followPositions, packPositions } from '../yaml/positions.ts';
import { remember } from '../yaml/remember.ts';
import {
  type FieldPath,
  formatFieldPath,
  type Source,
  type SourceDocument,
  type SourceFile,
  type TextRange,
} from '../yaml/source.ts';
import { type Found, followPath, writtenRange } from '../yaml/yaml-node.ts';
import { entryOf } from './catalog.ts';
import type { Diagnostic, Finding, Location, Place, Report } from './diagnostic.ts';

/** Listens to a `report` and keeps what it hears, in order. */
export function collect(): { readonly report: Report; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const report: Report = (code, place, args, related = []) => {
    const finding: Finding<typeof code> = { code, place, args, related };
    // Arguments of one code are not those of all codes, which is what `Finding` without a code asks for.
    findings.push(finding as unknown as Finding);
  };
  return { report, findings };
}

/** Tells whether a place is in the text of an object, which then is what the finding is about. */
export function isWithin(place: Place, { document, path }: Source): boolean {
  return place.document === document && path.every((part, index) => place.path[index] === part);
}

/** Tells whether a place is about a whole document, so that it is about each object of a List in it. */
export function isAboutDocument({ document, path, resource }: Place): boolean {
  return document !== undefined && path.length === 0 && resource === undefined;
}

/**
 * Puts findings in words and works out where they are. A document that was not packed when it was read is parsed at most
 * once more, however many of them it has; a field that does not exist is located at the nearest one around it that does.
 *
 * @param files the order of files, else the order in which the findings first speak of them
 * @param locate works out where a place is; somebody who puts findings in words several times keeps what it knows
 * @returns the diagnostics by file, position and code
 */
export function toDiagnostics(
  findings: readonly Finding[],
  files: readonly SourceFile[] = findings.map(finding => finding.place.file),
  locate: Locate = locator(),
): readonly Diagnostic[] {
  return inOrder(
    findings.map(finding => toDiagnostic(finding, locate)),
    files,
  );
}

/** @returns diagnostics by file, position and code; those that are alike in these keep their order */
export function inOrder(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceFile[],
): readonly Diagnostic[] {
  const order = new Map([...new Set(files)].map((file, index) => [file.path, index]));
  const rank = (file: string): number => order.get(file) ?? order.size;
  return diagnostics.toSorted(
    (a, b) =>
      rank(a.location.file) - rank(b.location.file) ||
      a.location.range.start - b.location.range.start ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

function toDiagnostic(finding: Finding, locate: Locate): Diagnostic {
  const { code, place, args } = finding;
  const { severity, fate, message, why, remedy } = entryOf(code);
  const values = new Map(Object.entries<string | number>(args));
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values.get(name) ?? placeholder));
  return {
    code,
    severity,
    fate,
    message: fill(message),
    why: fill(why).trimEnd(),
    remedy: fill(remedy),
    ...(place.resource && { resource: place.resource }),
    path: formatFieldPath(place.field),
    location: locate(place),
    related: finding.related.map(related => ({ message: related.message, location: locate(related.place) })),
  };
}

/** Works out where a place is. */
export type Locate = (place: Place) => Location;

/** @returns a function that remembers the documents and the line breaks it has seen */
export function locator(): Locate {
  const places = remember((document: SourceDocument) => {
    const { root } = parseDocument(document);
    // A tree takes far more memory than the places of its nodes.
    return root && (packPositions(root, document) ?? root);
  });
  const find = (document: SourceDocument, path: FieldPath): FoundPlace | undefined => {
    const found = document.positions ?? places(document);
    if (found === undefined) return undefined;
    return 'kind' in found ? placeOfFound(followPath(found, path)) : followPositions(found, document, path);
  };
  const lines = remember((file: SourceFile) => lineStarts(file.text));
  return place => {
    const { file, document } = place;
    const range =
      place.range ??
      (document === undefined ? { start: 0, end: 0 } : rangeIn(document, find(document, place.path), place));
    const starts = lines(file);
    return {
      file: file.path,
      range: { start: range.start, end: range.end },
      start: positionOf(starts, range.start),
      end: positionOf(starts, range.end),
    };
  };
}

function placeOfFound({ node, key, depth }: Found): FoundPlace {
  return { node: writtenRange(node), ...(key && { key: writtenRange(key) }), depth };
}

function rangeIn(document: SourceDocument, found: FoundPlace | undefined, place: Place): TextRange {
  if (found === undefined) return { start: document.range.start, end: document.range.start };
  const { node, key, depth } = found;
  const exists = depth === place.path.length;
  if (key !== undefined && (!exists || place.at === 'key' || node.start === node.end)) return key;
  return exists ? node : firstLine(document.file.text, node);
}

/** For a whole item or object that lacks something: its first line is enough to point at. */
function firstLine(text: string, { start, end }: TextRange): TextRange {
  const line = /[^\r\n]*/y;
  line.lastIndex = start;
  line.test(text);
  return { start, end: Math.min(end, line.lastIndex) };
}

/** Packed, since a large file has a line for every twenty characters. */
function lineStarts(text: string): Uint32Array {
  let count = 1;
  for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', feed + 1)) count += 1;
  const starts = new Uint32Array(count);
  let line = 0;
  for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', feed + 1)) {
    line += 1;
    starts[line] = feed + 1;
  }
  return starts;
}

function positionOf(starts: Uint32Array, offset: number): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
