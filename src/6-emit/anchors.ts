import { type Alias, type Document, isAlias, isScalar, type Node, parseDocument, visit } from 'yaml';
import type { Splice } from './splice.ts';

/**
 * A value with an anchor may go while aliases of it stay. The first of them takes over the anchor and the value, so
 * that it and the others mean what they meant.
 *
 * @param splices what is about to happen to the text
 * @returns what has to happen, too
 */
export function rescueAnchors(text: string, splices: readonly Splice[]): readonly Splice[] {
  if (!text.includes('&') || !text.includes('*')) return [];
  const document = parseDocument(text, { merge: true, uniqueKeys: false, logLevel: 'silent' });
  const homeless = new Map<string, Exclude<Node, Alias>>();
  const rescued: Splice[] = [];
  const goes = (offset: number): boolean => splices.some(({ start, end }) => start <= offset && offset < end);
  // In document order, as an alias means the last anchor of its name before it.
  visit(document, {
    Node(_, node) {
      const [start, end] = node.range ?? [];
      if (start === undefined || end === undefined) return;
      if (!isAlias(node)) {
        if (node.anchor === undefined) return;
        if (goes(start)) homeless.set(node.anchor, node);
        else homeless.delete(node.anchor);
        return;
      }
      const anchored = homeless.get(node.source);
      if (anchored === undefined || goes(start)) return;
      homeless.delete(node.source);
      rescued.push({ start, end, text: `&${node.source} ${onOneLine(text, anchored, document)}` });
    },
  });
  return rescued;
}

function onOneLine(text: string, node: Exclude<Node, Alias>, document: Document): string {
  const [start, end] = node.range ?? [0, 0];
  const source = text.slice(start, end);
  if (isScalar(node) && !source.includes('\n')) return source;
  // Whoever read the document has refused the alias bombs.
  return JSON.stringify(node.toJS(document, { maxAliasCount: -1 }));
}
