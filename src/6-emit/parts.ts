import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, type ParsedNode, parseDocument } from 'yaml';
import type { FieldPath } from '../yaml/source.ts';

/** A value of a document, with the places that an edit needs to know. Offsets are into the text that was parsed. */
export interface Part {
  readonly path: FieldPath;
  /** Where its key or its dash starts; in a list between brackets, where the value does. */
  readonly start: number;
  /** After the colon or the dash. */
  readonly valueFrom: number;
  /** After its last character that is neither white space nor a comment. */
  readonly end: number;
  readonly kind: 'map' | 'list' | 'scalar';
  /** Written between brackets or braces. */
  readonly flow: boolean;
  /** The value of a scalar. */
  readonly scalar?: unknown;
  readonly children: readonly Part[];
}

interface LexedToken {
  readonly type: string;
  readonly offset: number;
}

/** The shape that items of maps and lists have in the library's concrete syntax tree. */
interface LexedItem {
  readonly start: readonly LexedToken[];
  readonly key?: LexedToken | null;
  readonly sep?: readonly LexedToken[];
}

const between = new Set(['space', 'newline', 'comment', 'comma', 'explicit-key-ind']);

/** @returns the root value of a document, whose text may contain errors; undefined when it is empty */
export function partsOf(text: string): Part | undefined {
  // Quadratic in the number of keys; whoever read the document has said what there is to say about duplicates.
  const { contents } = parseDocument(text, { keepSourceTokens: true, uniqueKeys: false, logLevel: 'silent' });
  if (contents === null) return undefined;
  const start = contents.range[0];
  return part(text, contents, [], start, start);
}

function part(
  text: string,
  node: ParsedNode | null,
  path: FieldPath,
  start: number,
  valueFrom: number,
): Part {
  const children = childrenOf(text, node, path);
  const last = children.at(-1);
  const flow = isCollection(node) && node.flow === true;
  const nodeEnd = node === null || isEmptyScalar(node) ? valueFrom : node.range[1];
  const end = last === undefined || flow ? text.slice(0, nodeEnd).trimEnd().length : last.end;
  return {
    path,
    start,
    valueFrom,
    end: Math.max(end, valueFrom),
    kind: isMap(node) ? 'map' : isSeq(node) ? 'list' : 'scalar',
    flow,
    ...(isScalar(node) ? { scalar: node.value } : isAlias(node) ? { scalar: `*${node.source}` } : {}),
    children,
  };
}

function childrenOf(text: string, node: ParsedNode | null, path: FieldPath): readonly Part[] {
  if (!isCollection(node)) return [];
  const lexed: readonly LexedItem[] = itemsOf(node.srcToken);
  return node.items.flatMap((item, index) => {
    const tokens = lexed[index];
    if (isPair(item)) {
      const { key, value } = item as { key: ParsedNode; value: ParsedNode | null };
      const name = isScalar(key) ? String(key.value) : String(key);
      const colon = tokens?.sep?.find(token => token.type === 'map-value-ind');
      const start = firstOf(tokens) ?? key.range[0];
      return [part(text, value, [...path, name], start, (colon?.offset ?? key.range[1] - 1) + 1)];
    }
    const value = item as ParsedNode;
    const dash = tokens?.start.find(token => token.type === 'seq-item-ind');
    if (dash !== undefined) return [part(text, value, [...path, index], dash.offset, dash.offset + 1)];
    const start = firstOf(tokens) ?? value.range[0];
    return [part(text, value, [...path, index], start, start)];
  });
}

function itemsOf(token: unknown): readonly LexedItem[] {
  if (typeof token !== 'object' || token === null || !('items' in token)) return [];
  return token.items as readonly LexedItem[];
}

function firstOf(item: LexedItem | undefined): number | undefined {
  return item?.start.find(token => !between.has(token.type))?.offset ?? item?.key?.offset;
}

function isEmptyScalar(node: ParsedNode): boolean {
  return isScalar(node) && node.range[0] === node.range[1];
}

/** @returns the part at a path, if it is there */
export function partAt(root: Part | undefined, path: FieldPath): Part | undefined {
  return path.reduce<Part | undefined>(
    (found, key) =>
      typeof key === 'number'
        ? found?.children[key]
        : found?.children.find(child => child.path.at(-1) === key),
    root,
  );
}
