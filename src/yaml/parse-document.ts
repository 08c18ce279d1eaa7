import { buildNodes } from './build-nodes.ts';
import { explainError } from './explain-error.ts';
import { readPlainBlock } from './plain-block.ts';
import { BrokenDocument, type Problem } from './problem.ts';
import type { SourceDocument } from './source.ts';
import { readEvents } from './yaml-events.ts';
import type { YamlNode } from './yaml-node.ts';

/** The tree of a document, and what is wrong with it. */
export interface ParsedDocument {
  /** Absent when the document is empty or a problem leaves nothing to read. */
  readonly root?: YamlNode;
  readonly problems: readonly Problem[];
}

/**
 * Reads a document as kubectl does. Nothing is kept: whoever needs the tree again parses again, which costs about
 * 50 µs for a VirtualService.
 */
export function parseDocument({ file, range }: SourceDocument): ParsedDocument {
  const text = file.text.slice(range.start, range.end);
  const plain = readPlainBlock(text, range.start);
  return plain === undefined ? parseAnyDocument(text, range.start) : { root: plain, problems: [] };
}

/**
 * Reads a document by a parser for all of YAML.
 *
 * @param base its offset in its file
 */
export function parseAnyDocument(text: string, base: number): ParsedDocument {
  const parsed = readEvents(text);
  if ('reason' in parsed) return { problems: [explainError(text, base, parsed)] };
  try {
    const { root, problems } = buildNodes(parsed.events, parsed.repaired, text, base);
    return root === undefined ? { problems } : { root, problems };
  } catch (error) {
    if (error instanceof BrokenDocument) return { problems: [error.problem] };
    throw error;
  }
}
