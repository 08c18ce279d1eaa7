import { redact } from '../suggest/credentials.ts';
import { parseDocument } from '../yaml/parse-document.ts';
import type { Source } from '../yaml/source.ts';
import { followPath } from '../yaml/yaml-node.ts';

/** The lines of a file that hold one object. */
export interface Excerpt {
  readonly lines: readonly string[];
  /** The number of the first one, counted from 1. */
  readonly firstLine: number;
}

/**
 * @returns what stands in the file for an object: its document with the comments in it, or its item of a List; without what
 * looks like a credential, since reports are passed on
 */
export function excerptOf({ document, path }: Source): Excerpt {
  const { file, range } = document;
  const { text } = file;
  const root = path.length === 0 ? undefined : parseDocument(document).root;
  const node = root === undefined ? undefined : followPath(root, path).node;
  const start = text.lastIndexOf('\n', (node?.start ?? range.start) - 1) + 1;
  const from = node === undefined ? range.start : start;
  const to = node === undefined ? range.end : node.end;
  const shown = text.slice(from, to);
  const blank = /^(?:[ \t]*\r?\n)*/.exec(shown)?.[0] ?? '';
  return {
    lines: redact(shown.slice(blank.length).trimEnd()).split(/\r?\n/),
    firstLine: text.slice(0, from + blank.length).split('\n').length,
  };
}
