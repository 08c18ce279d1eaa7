import type { FieldPath, Positions, SourceDocument, TextRange } from './source.ts';
import type { MappingPair, ScalarNode, YamlNode } from './yaml-node.ts';

const SCALAR = 0;
const SEQUENCE = 1;
const MAPPING = 2;

/** Kind, start, end. */
const LEAF = 3;
/** The same, and size and count. */
const HEAD = 5;
/** Start and end of the key, start and length of the name. */
const KEY = 4;

/**
 * Packs the places of a tree.
 *
 * @returns undefined where the text alone does not say what is where: anchors, aliases, merge keys, and keys that are
 *   not written as they are read
 */
export function packPositions(root: YamlNode, { file, range }: SourceDocument): Positions | undefined {
  const size = sizeOf(root, file.text);
  if (size === undefined) return undefined;
  const isShort = range.end - range.start < 0x1_0000 && size < 0x1_0000;
  const positions = isShort ? new Uint16Array(size) : new Uint32Array(size);
  pack(root, range.start, positions, 0);
  return positions;
}

/**
 * Documents of a file that were written by one template have their nodes at the same places, which take as much memory as the
 * text. @returns a function that gives the positions of an earlier document where they are the same
 */
export function sharedPositions(): (positions: Positions | undefined) => Positions | undefined {
  const last = new Map<number, Positions>();
  return positions => {
    if (positions === undefined) return undefined;
    const known = last.get(positions.length);
    if (known !== undefined && isSame(known, positions)) return known;
    last.set(positions.length, positions);
    return positions;
  };
}

function isSame(one: Positions, other: Positions): boolean {
  if (one.BYTES_PER_ELEMENT !== other.BYTES_PER_ELEMENT) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** @returns how many numbers a node takes; undefined where it cannot be packed */
function sizeOf(node: YamlNode, text: string): number | undefined {
  if (node.anchor !== undefined || node.alias !== undefined) return undefined;
  if (node.kind === 'scalar') return LEAF;
  let size = HEAD;
  if (node.kind === 'sequence') {
    for (const item of node.items) {
      const own = sizeOf(item, text);
      if (own === undefined) return undefined;
      size += own;
    }
    return size;
  }
  for (const pair of node.pairs) {
    const own = isVerbatim(pair, text) ? sizeOf(pair.value, text) : undefined;
    if (own === undefined) return undefined;
    size += KEY + own;
  }
  return size;
}

/** Tells whether a key is written as it is read, but for quotes around it. */
function isVerbatim({ name, key, merged }: MappingPair, text: string): boolean {
  const quote = quoteOf(key);
  return (
    merged === undefined &&
    key.anchor === undefined &&
    key.alias === undefined &&
    key.end - key.start === name.length + 2 * quote &&
    text.startsWith(name, key.start + quote)
  );
}

function quoteOf({ style }: ScalarNode): 0 | 1 {
  return style === 'plain' ? 0 : 1;
}

/** @returns the place behind the node's numbers */
function pack(node: YamlNode, base: number, positions: Positions, at: number): number {
  positions[at + 1] = node.start - base;
  positions[at + 2] = node.end - base;
  if (node.kind === 'scalar') {
    positions[at] = SCALAR;
    return at + LEAF;
  }
  let next = at + HEAD;
  if (node.kind === 'sequence') {
    positions[at] = SEQUENCE;
    positions[at + 4] = node.items.length;
    for (const item of node.items) next = pack(item, base, positions, next);
  } else {
    positions[at] = MAPPING;
    positions[at + 4] = node.pairs.length;
    for (const { name, key, value } of node.pairs) {
      positions[next] = key.start - base;
      positions[next + 1] = key.end - base;
      positions[next + 2] = key.start - base + quoteOf(key);
      positions[next + 3] = name.length;
      next = pack(value, base, positions, next + KEY);
    }
  }
  positions[at + 3] = next - at;
  return next;
}

/** Where a path leads in a document. */
export interface FoundPlace {
  /** The node of the path, or of its longest part that exists. */
  readonly node: TextRange;
  /** The key that holds the node; absent for an item of a list and for the root. */
  readonly key?: TextRange;
  /** How many parts of the path exist. */
  readonly depth: number;
}

/** Follows a path from the root of a document as far as it goes, as `followPath` does in its tree. */
export function followPositions(
  positions: Positions,
  { file, range }: SourceDocument,
  path: FieldPath,
): FoundPlace {
  const base = range.start;
  const rangeAt = (at: number): TextRange => ({
    start: base + (positions[at] ?? 0),
    end: base + (positions[at + 1] ?? 0),
  });
  let at = 0;
  let key: number | undefined;
  let depth = 0;
  for (const part of path) {
    const found: Child | undefined =
      typeof part === 'number' ? itemAt(positions, at, part) : pairAt(positions, at, part, file.text, base);
    if (found === undefined) break;
    at = found.value;
    key = found.key;
    depth += 1;
  }
  return { node: rangeAt(at + 1), ...(key === undefined ? {} : { key: rangeAt(key) }), depth };
}

/** Where the numbers of a value begin, and those of its key. */
interface Child {
  readonly value: number;
  readonly key?: number;
}

function itemAt(positions: Positions, sequence: number, index: number): Child | undefined {
  if (positions[sequence] !== SEQUENCE || index < 0 || index >= (positions[sequence + 4] ?? 0))
    return undefined;
  let at = sequence + HEAD;
  for (let skipped = 0; skipped < index; skipped += 1) at += sizeAt(positions, at);
  return { value: at };
}

function pairAt(
  positions: Positions,
  mapping: number,
  name: string,
  text: string,
  base: number,
): Child | undefined {
  if (positions[mapping] !== MAPPING) return undefined;
  let at = mapping + HEAD;
  for (let left = positions[mapping + 4] ?? 0; left > 0; left -= 1) {
    const isIt = positions[at + 3] === name.length && text.startsWith(name, base + (positions[at + 2] ?? 0));
    if (isIt) return { value: at + KEY, key: at };
    at += KEY + sizeAt(positions, at + KEY);
  }
  return undefined;
}

function sizeAt(positions: Positions, at: number): number {
  return positions[at] === SCALAR ? LEAF : (positions[at + 3] ?? 0);
}
