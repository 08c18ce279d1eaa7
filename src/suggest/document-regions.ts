import { groupBy } from '../3-link/group-by.ts';
import { applyEdits, type Segment } from '../6-emit/apply-edits.ts';
import type { Edit } from '../6-emit/edit.ts';
import type { SourceDocument, SourceFile } from '../yaml/source.ts';
import { applyRegions, type Region, regionBetween } from './region.ts';

/** The effect of edits on a file, document by document. */
export interface FileRegions {
  /** The file afterwards; undefined where it goes. */
  readonly text: string | undefined;
  /** The lines that each document's edits replace; a document whose text stays has none. */
  readonly regions: ReadonlyMap<SourceDocument, Region>;
  /** Comments that have no place in what a document becomes. */
  readonly lostComments: ReadonlyMap<SourceDocument, readonly string[]>;
}

/**
 * Works out which lines each document's edits replace, so that all together, applied as forges apply suggestions, give
 * what `convert --write` gives.
 *
 * @returns no regions where the edits cannot be said by lines, as when the file goes
 */
export function documentRegions(file: SourceFile, edits: readonly Edit[]): FileRegions {
  const byDocument = groupBy(edits, edit => edit.source.document);
  const edited = applyEdits(file, edits);
  const lostComments =
    edited.lostComments.length === 0
      ? new Map<SourceDocument, readonly string[]>()
      : new Map([...byDocument].map(([document, own]) => [document, applyEdits(file, own).lostComments]));
  const { text } = edited;
  const regions = text === undefined ? new Map() : regionsOf(file, edited.segments, [...byDocument.keys()]);
  const isSound = text !== undefined && applyRegions(file.text, [...regions.values()]) === text;
  return { text, regions: isSound ? regions : new Map(), lostComments };
}

/** Every other segment is a document, in the order of the file; the one before it is what stands above. */
function regionsOf(
  { text }: SourceFile,
  segments: readonly Segment[],
  documents: readonly SourceDocument[],
): ReadonlyMap<SourceDocument, Region> {
  const sorted = documents.toSorted((a, b) => a.range.start - b.range.start);
  const regions = new Map<SourceDocument, Region>();
  let offset = 0;
  let line = 1;
  for (const [index, document] of sorted.entries()) {
    const above = segments[2 * index] ?? nothing;
    const own = segments[2 * index + 1] ?? nothing;
    const start = offset + (above.before === above.after ? above.before.length : 0);
    line += feedsIn(text.slice(offset, start));
    // Content may stand on the line of the mark.
    const lead = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    const end = offset + above.before.length + own.before.length;
    const after = lead + (above.before === above.after ? '' : above.after) + own.after;
    const region = regionBetween(lead + text.slice(start, end), after);
    if (region !== undefined)
      regions.set(document, {
        range: { start: region.range.start + line - 1, end: region.range.end + line - 1 },
        lines: region.lines,
      });
    line += feedsIn(text.slice(start, end));
    offset = end;
  }
  return regions;
}

const nothing: Segment = { before: '', after: '' };

function feedsIn(text: string): number {
  let count = 0;
  for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', feed + 1)) count += 1;
  return count;
}
