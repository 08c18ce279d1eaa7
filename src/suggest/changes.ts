import type { SourceDocument, SourceFile } from '../1-read/source.ts';
import { splitDocuments } from '../1-read/split-documents.ts';
import { applyEdits } from '../6-emit/apply-edits.ts';
import type { Edit } from '../6-emit/edit.ts';
import { groupBy } from '../6-emit/group-by.ts';
import type { Conversion, ConvertedResource } from '../conversion.ts';
import type { LineRange } from './diff.ts';
import { applyRegions, type Region, regionBetween } from './region.ts';
import { editsTogether } from './together.ts';

/** Edits that only make sense together, such as those of the VirtualServices of one host and their DestinationRule. */
export interface Change {
  readonly resources: readonly ConvertedResource[];
  readonly parts: readonly Part[];
}

/** What a change does to one document. */
export interface Part {
  readonly file: SourceFile;
  /** The lines of the document. */
  readonly range: LineRange;
  readonly resources: readonly ConvertedResource[];
  /** What to replace; undefined where that cannot be said by lines, as when the file goes. */
  readonly region: Region | undefined;
  readonly edits: readonly Edit[];
  /** The file after this change and no other; undefined where the file goes. */
  readonly after: string | undefined;
  /** Comments of the document that have no place in what it becomes. */
  readonly lostComments: readonly string[];
}

/** @returns the changes of a conversion, each in the order of files and lines */
export function changesOf(conversion: Conversion): readonly Change[] {
  const edits = groupBy(conversion.edits, edit => edit.source.document.file);
  const lines = lineCounter();
  const changes = editsTogether(conversion).map((group): Change => {
    const documents = [...groupBy(group, edit => edit.source.document).entries()];
    const parts = documents.map(([document, own]) => partOf(document, own, conversion, lines));
    return {
      resources: [...new Set(parts.flatMap(part => part.resources))],
      parts: parts.filter(({ file, after }) => after !== file.text),
    };
  });
  const sound = new Set([...edits].filter(([file, all]) => addsUp(file, all, changes)).map(([file]) => file));
  const settled = changes
    .filter(({ parts }) => parts.length > 0)
    .map(change => ({
      ...change,
      parts: change.parts.map(part => (sound.has(part.file) ? part : { ...part, region: undefined })),
    }));
  const all = settled.flatMap(({ parts }) => parts);
  return settled.map(change => ({ ...change, parts: joinNear(change.parts, all) }));
}

/** As many unchanged lines may stand between edits that are made as one. */
const NEAR = 3;

/** Edits of one change that are near each other are one edit, unless something else is edited between them. */
function joinNear(parts: readonly Part[], all: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const both = last && together(last, part, all);
    if (both === undefined) joined.push(part);
    else joined[joined.length - 1] = both;
  }
  return joined;
}

function together(a: Part, b: Part, all: readonly Part[]): Part | undefined {
  if (a.file !== b.file || a.region === undefined || b.region === undefined) return undefined;
  const [first, second] =
    a.region.range.start < b.region.range.start ? [a.region, b.region] : [b.region, a.region];
  const gap = { start: first.range.end + 1, end: second.range.start - 1 };
  if (gap.end - gap.start + 1 > NEAR) return undefined;
  const between = all.some(({ file, region }) => {
    if (file !== a.file || region === undefined || region === a.region || region === b.region) return false;
    return region.range.start >= first.range.start && region.range.start <= second.range.end + 1;
  });
  if (between) return undefined;
  const lines = a.file.text.split('\n').slice(gap.start - 1, gap.end);
  const edits = [...a.edits, ...b.edits];
  return {
    file: a.file,
    range: { start: Math.min(a.range.start, b.range.start), end: Math.max(a.range.end, b.range.end) },
    resources: [...a.resources, ...b.resources],
    region: {
      range: { start: first.range.start, end: second.range.end },
      lines: [...first.lines, ...lines, ...second.lines],
    },
    edits,
    after: applyEdits(a.file, edits).text,
    lostComments: [...a.lostComments, ...b.lostComments],
  };
}

function partOf(
  document: SourceDocument,
  edits: readonly Edit[],
  { resources }: Conversion,
  lineAt: (file: SourceFile, offset: number) => number,
): Part {
  const { file, range } = document;
  const { text, lostComments } = applyEdits(file, edits);
  return {
    file,
    range: {
      start: lineAt(file, range.start),
      end: lineAt(file, Math.max(range.start, range.end - 1)),
    },
    resources: resources.filter(({ resource }) => resource.source?.document === document),
    region: text === undefined ? undefined : regionBetween(file.text, text),
    edits,
    after: text,
    lostComments,
  };
}

/** Whether all parts of a file, applied as a forge would, give what `convert --write` gives. */
function addsUp(file: SourceFile, edits: readonly Edit[], changes: readonly Change[]): boolean {
  const parts = changes.flatMap(change => change.parts).filter(part => part.file === file);
  const regions = parts
    .flatMap(({ region }) => region ?? [])
    .toSorted((a, b) => a.range.start - b.range.start);
  const apart = regions.every((region, index) => {
    const next = regions[index + 1];
    return next === undefined || Math.max(region.range.end, region.range.start) < next.range.start;
  });
  return (
    apart &&
    regions.length === parts.length &&
    applyRegions(file.text, regions) === applyEdits(file, edits).text
  );
}

/** @returns a function from an offset to its line, which remembers where lines start */
export function lineCounter(): (file: SourceFile, offset: number) => number {
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

/** The lines of the documents that hold a Secret, which are never quoted. */
export function secretRanges(file: SourceFile): readonly LineRange[] {
  if (!/\bSecret\b/.test(file.text)) return [];
  const lineAt = lineCounter();
  return splitDocuments(file)
    .filter(
      ({ range }) =>
        /^[\s"'-]*kind["']?\s*:\s*["']?Secret\b/m.test(file.text.slice(range.start, range.end)) ||
        /"kind"\s*:\s*"Secret"/.test(file.text.slice(range.start, range.end)),
    )
    .map(({ range }) => ({
      start: lineAt(file, range.start),
      end: lineAt(file, Math.max(range.start, range.end - 1)),
    }));
}
