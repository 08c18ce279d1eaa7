import { parseDocument } from './parse-document.ts';
import type { FieldPath, SourceDocument } from './source.ts';
import { followPath, type YamlNode } from './yaml-node.ts';

/**
 * The node of a field, by its path from the root of the document. The document is parsed for it; who looks for many
 * should parse once and use `followPath`.
 *
 * @returns undefined when the document does not parse or has no such field
 */
export function nodeAt(document: SourceDocument, path: FieldPath): YamlNode | undefined {
  const { root } = parseDocument(document);
  if (root === undefined) return undefined;
  const { node, depth } = followPath(root, path);
  return depth === path.length ? node : undefined;
}
