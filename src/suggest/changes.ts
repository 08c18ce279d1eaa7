import { groupBy } from '../3-link/group-by.ts';
import type { Edit } from '../6-emit/edit.ts';
import type { Conversion, ConvertedResource } from '../conversion.ts';
import type { SourceFile } from '../yaml/source.ts';
import { documentRegions } from './document-regions.ts';
import { documentLines, type LineRange } from './lines.ts';
import type { Region } from './region.ts';
import { editsTogether } from './together.ts';

/** Edits that only make sense together, such as those of the VirtualServices of one host and their DestinationRule. */
export interface Change {
  readonly resources: readonly ConvertedResource[];
  readonly parts: readonly Part[];
}

/** The change to one document. */
export interface Part {
  readonly file: SourceFile;
  /** The lines of the document. */
  readonly range: LineRange;
  readonly resources: readonly ConvertedResource[];
  /** The lines to replace; undefined where there are none, as when the file goes. */
  readonly region: Region | undefined;
  readonly edits: readonly Edit[];
  /** Comments of the document that have no place in what it becomes. */
  readonly lostComments: readonly string[];
}

/** @returns the changes of a conversion, each in the order of files and lines */
export function changesOf(conversion: Conversion): readonly Change[] {
  const byFile = groupBy(conversion.edits, edit => edit.source.document.file);
  const edited = new Map([...byFile].map(([file, edits]) => [file, documentRegions(file, edits)]));
  const resources = groupBy(conversion.resources, ({ resource }) => resource.source?.document);
  const linesOf = documentLines();
  const changes = editsTogether(conversion).map((group): Change => {
    const parts = [...groupBy(group, edit => edit.source.document)].flatMap(([document, edits]) => {
      const { file } = document;
      const found = edited.get(file);
      if (found === undefined || found.text === file.text) return [];
      const part: Part = {
        file,
        range: linesOf(document),
        resources: resources.get(document) ?? [],
        region: found.regions.get(document),
        edits,
        lostComments: found.lostComments.get(document) ?? [],
      };
      // Its text stays where that of others in the file does not.
      return part.region === undefined && found.regions.size > 0 ? [] : [part];
    });
    return { resources: [...new Set(parts.flatMap(part => part.resources))], parts };
  });
  const joined = neighbours(changes.flatMap(({ parts }) => parts));
  return changes
    .filter(({ parts }) => parts.length > 0)
    .map(change => ({ ...change, parts: joinNear(change.parts, joined) }));
}

/** As many unchanged lines may stand between edits that are made as one. */
const NEAR = 3;

/** @returns what is edited next to a part, on either side */
function neighbours(parts: readonly Part[]): (part: Part) => readonly Part[] {
  const around = new Map<Part, readonly Part[]>();
  for (const own of groupBy(parts, ({ file }) => file).values()) {
    const sorted = own.toSorted((a, b) => a.range.start - b.range.start);
    for (const [index, part] of sorted.entries())
      around.set(part, sorted.slice(Math.max(0, index - 1), index + 2));
  }
  return part => around.get(part) ?? [];
}

/** Edits of one change that are near each other are one edit, unless something else is edited between them. */
function joinNear(parts: readonly Part[], around: (part: Part) => readonly Part[]): readonly Part[] {
  const joined: { readonly part: Part; readonly last: Part }[] = [];
  for (const part of parts.toSorted(byPlace)) {
    const before = joined.at(-1);
    const both = before && around(part).includes(before.last) ? together(before.part, part) : undefined;
    if (both === undefined) joined.push({ part, last: part });
    else joined[joined.length - 1] = { part: both, last: part };
  }
  return joined.map(({ part }) => part);
}

function byPlace(a: Part, b: Part): number {
  if (a.file !== b.file) return a.file.path < b.file.path ? -1 : 1;
  return a.range.start - b.range.start;
}

function together(a: Part, b: Part): Part | undefined {
  if (a.file !== b.file || a.region === undefined || b.region === undefined) return undefined;
  const gap = { start: a.region.range.end + 1, end: b.region.range.start - 1 };
  if (gap.end - gap.start + 1 > NEAR) return undefined;
  const lines = a.file.text.split('\n').slice(gap.start - 1, gap.end);
  return {
    file: a.file,
    range: { start: a.range.start, end: b.range.end },
    resources: [...a.resources, ...b.resources],
    region: {
      range: { start: a.region.range.start, end: b.region.range.end },
      lines: [...a.region.lines, ...lines, ...b.region.lines],
    },
    edits: [...a.edits, ...b.edits],
    lostComments: [...a.lostComments, ...b.lostComments],
  };
}
