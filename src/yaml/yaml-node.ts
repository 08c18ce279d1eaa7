import type { ScalarValue } from './scalar.ts';
import type { FieldPath, TextRange } from './source.ts';

/** Whatever a document can hold, with its place in the file; aliases and merge keys are already followed. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode;

/**
 * Where a node stands: from its anchor or tag, else its first character, up to after its last one; a closing quote or
 * bracket belongs to it. A block collection ends with its last child, a block scalar with its last line of text. A
 * node that is written as nothing (`key:`) is an empty range after the colon or dash.
 */
interface NodePlace extends TextRange {
  /** The name after `&`, without it. */
  readonly anchor?: string;
  /** Where the node is written as `*name`: that place. `start` and `end` are then where the anchor is. */
  readonly alias?: TextRange;
}

export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';

export interface ScalarNode extends NodePlace {
  readonly kind: 'scalar';
  /** As kubectl reads it. */
  readonly value: ScalarValue;
  readonly style: ScalarStyle;
  /** The written text, where that is not the value itself: `0120` for 80, `on` for true. */
  readonly text?: string;
}

export interface SequenceNode extends NodePlace {
  readonly kind: 'sequence';
  readonly style: 'block' | 'flow';
  readonly items: readonly YamlNode[];
}

export interface MappingNode extends NodePlace {
  readonly kind: 'mapping';
  readonly style: 'block' | 'flow';
  /** In the order of the text, one for each key; of two with one key the last one counts, as for kubectl. */
  readonly pairs: readonly MappingPair[];
}

export interface MappingPair {
  /** The key as JSON has it: `y:` is `true`. */
  readonly name: string;
  readonly key: ScalarNode;
  readonly value: YamlNode;
  /** The pair comes from a `<<` key. */
  readonly merged?: true;
}

/** @returns the value of a key, if the node is a mapping that has it */
export function fieldOf(node: YamlNode | undefined, name: string): YamlNode | undefined {
  return pairOf(node, name)?.value;
}

/** @returns the pair of a key, if the node is a mapping that has it */
export function pairOf(node: YamlNode | undefined, name: string): MappingPair | undefined {
  return node?.kind === 'mapping' ? node.pairs.find(pair => pair.name === name) : undefined;
}

/** @returns the text of a key's value, if there is one and it is a string */
export function stringOf(node: YamlNode | undefined, name: string): string | undefined {
  const value = fieldOf(node, name);
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** @returns the place in this document: that of the alias, where the node is written as one */
export function writtenRange(node: YamlNode): TextRange {
  return node.alias ?? node;
}

/**
 * @returns the value as JSON has it, for fields that are carried over without being looked into; a key called
 *   `__proto__` is a key like others
 */
export function toJson(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'sequence':
      return node.items.map(toJson);
    case 'mapping': {
      const object: Record<string, unknown> = {};
      for (const { name, value } of node.pairs) {
        // To assign it would set the prototype.
        if (name === '__proto__')
          Object.defineProperty(object, name, {
            value: toJson(value),
            enumerable: true,
            configurable: true,
            writable: true,
          });
        else object[name] = toJson(value);
      }
      return object;
    }
  }
}

/** Tells whether a value, as JSON has it, is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where a path leads in a tree of nodes. */
export interface Found {
  /** The node of the path, or of its longest part that exists. */
  readonly node: YamlNode;
  /** The key that holds the node; absent for an item of a list and for the root. */
  readonly key?: ScalarNode;
  /** How many parts of the path exist. */
  readonly depth: number;
}

/** Follows a path from a node as far as it goes. */
export function followPath(root: YamlNode, path: FieldPath): Found {
  let found: Found = { node: root, depth: 0 };
  for (const part of path) {
    const { node, depth } = found;
    if (typeof part === 'number') {
      const item = node.kind === 'sequence' ? node.items[part] : undefined;
      if (item === undefined) return found;
      found = { node: item, depth: depth + 1 };
    } else {
      const pair = pairOf(node, part);
      if (pair === undefined) return found;
      found = { node: pair.value, key: pair.key, depth: depth + 1 };
    }
  }
  return found;
}
