import { splitDocuments } from '../1-read/split-documents.ts';
import type { SourceFile } from '../yaml/source.ts';
import { documentLines, type LineRange } from './lines.ts';

/** The lines of the documents that hold a Secret, which are never quoted. */
export function secretRanges(file: SourceFile): readonly LineRange[] {
  if (!/\bSecret\b/.test(file.text)) return [];
  const linesOf = documentLines();
  return splitDocuments(file)
    .filter(
      ({ range }) =>
        /^[\s"'-]*kind["']?\s*:\s*["']?Secret\b/m.test(file.text.slice(range.start, range.end)) ||
        /"kind"\s*:\s*"Secret"/.test(file.text.slice(range.start, range.end)),
    )
    .map(({ range }) => linesOf({ file, range }));
}
