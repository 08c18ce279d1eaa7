import { type ParsedDocument, parseDocument } from '../../src/yaml/parse-document.ts';
import type { SourceDocument } from '../../src/yaml/source.ts';

/** What stands before the documents of these tests, so that offsets in the file and in the document differ. */
export const before = '# one document before\n---\n';

/** A document that begins in the middle of its file. */
export function documentOf(text: string): SourceDocument {
  const range = { start: before.length, end: before.length + text.length };
  return { file: { path: 'a.yaml', text: before + text }, index: 0, range };
}

export function parse(text: string): ParsedDocument {
  return parseDocument(documentOf(text));
}
