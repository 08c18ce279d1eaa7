import { differsInYaml12 } from '../yaml/scalar.ts';
import { type ScalarNode, toJson, type YamlNode } from '../yaml/yaml-node.ts';
import type { Cursor } from './cursor.ts';
import { describe, remedyFor } from './describe.ts';
import { hasPlaceholder } from './validation/placeholder.ts';

/** Reads one kind of value. A fault of it is reported, and the value is then undefined. */
export interface Decoder<T> {
  /** The expected type, in words that follow "must be". */
  readonly wants: string;
  readonly read: (node: YamlNode, at: Cursor) => T | undefined;
  /** The fields that it reads inside, for those who compare it with a schema. */
  readonly shape: Shape;
}

/** The fields a decoder knows, the decoder of the items of a list or of the values of a map, or nothing inside. */
export type Shape =
  | {
      readonly fields: ReadonlyMap<string, Decoder<unknown>>;
      /** Fields that are there, and that nothing here depends on. */
      readonly others?: readonly string[];
      /** Fields that it does not know are passed over. */
      readonly open?: boolean;
    }
  | { readonly items: Decoder<unknown> }
  | { readonly values: Decoder<unknown> }
  | undefined;

/** An API server drops nulls before it looks at a schema: they count as absent. */
export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Reports that a value has another type than the schema's. */
export function reportType(node: YamlNode, at: Cursor, wants: string): undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string' && hasPlaceholder(node.value)) {
    at.report('placeholder-unresolved', { field: at.name, text: node.value });
    return undefined;
  }
  at.report('wrong-type', {
    field: at.name,
    wanted: wants,
    found: describe(node),
    fix: remedyFor(node, wants),
  });
}

/** kubectl reads YAML 1.1; whoever reads YAML 1.2, or the person who wrote it, may think otherwise. */
function warnOfYaml11(node: ScalarNode, at: Cursor): void {
  if (node.style === 'plain' && node.text !== undefined && differsInYaml12(node.text, node.value))
    at.report('yaml-1.1-scalar', { text: node.text, value: String(node.value) });
}

export const string: Decoder<string> = {
  wants: 'a string',
  shape: undefined,
  read(node, at) {
    if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
    return reportType(node, at, 'a string');
  },
};

export const boolean: Decoder<boolean> = {
  wants: 'true or false',
  shape: undefined,
  read(node, at) {
    if (node.kind !== 'scalar' || typeof node.value !== 'boolean')
      return reportType(node, at, 'true or false');
    warnOfYaml11(node, at);
    return node.value;
  },
};

export const number: Decoder<number> = {
  wants: 'a number',
  shape: undefined,
  read(node, at) {
    if (node.kind !== 'scalar' || typeof node.value !== 'number') return reportType(node, at, 'a number');
    warnOfYaml11(node, at);
    return node.value;
  },
};

/** A whole number within bounds, both included. */
export function integer(min: number, max: number): Decoder<number> {
  const wants = 'a whole number';
  return {
    wants,
    shape: undefined,
    read(node, at) {
      if (node.kind !== 'scalar' || !Number.isInteger(node.value)) return reportType(node, at, wants);
      const value = Number(node.value);
      if (value < min || value > max) {
        at.report('number-out-of-range', { field: at.name, value, range: `${min} to ${max}` });
        return undefined;
      }
      warnOfYaml11(node, at);
      return value;
    },
  };
}

export const int32 = integer(-(2 ** 31), 2 ** 31 - 1);
export const uint32 = integer(0, 2 ** 32 - 1);

/** A whole number or a string, as for `targetPort`. */
export const integerOrString: Decoder<number | string> = {
  wants: 'a number or a string',
  shape: undefined,
  read(node, at) {
    if (node.kind === 'scalar' && (typeof node.value === 'string' || Number.isInteger(node.value)))
      return typeof node.value === 'string' ? node.value : int32.read(node, at);
    return reportType(node, at, 'a number or a string');
  },
};

/** One of some strings. */
export function enumeration<const Value extends string>(...values: readonly Value[]): Decoder<Value> {
  return {
    wants: 'a string',
    shape: undefined,
    read(node, at) {
      const text = string.read(node, at);
      if (text === undefined) return undefined;
      const value = values.find(candidate => candidate === text);
      if (value === undefined && hasPlaceholder(text)) reportType(node, at, 'a string');
      else if (value === undefined)
        at.report('value-not-allowed', { field: at.name, value: text, values: values.join(', ') });
      return value;
    },
  };
}

/** A mapping that is carried over unread. */
export const opaque: Decoder<Readonly<Record<string, unknown>>> = {
  wants: 'a mapping',
  shape: undefined,
  read(node, at) {
    if (node.kind !== 'mapping') return reportType(node, at, 'a mapping');
    return Object.fromEntries(node.pairs.map(pair => [pair.name, toJson(pair.value)]));
  },
};

/** A list; items that are not what they should be are reported and left out. */
export function list<T>(items: Decoder<T>): Decoder<readonly T[]> {
  const wants = 'a list';
  return {
    wants,
    shape: { items },
    read(node, at) {
      if (node.kind !== 'sequence') return reportType(node, at, wants);
      const values: T[] = [];
      for (const [index, item] of node.items.entries()) {
        const place = at.child(index);
        const value = isNull(item) ? reportType(item, place, items.wants) : items.read(item, place);
        if (value !== undefined) values.push(value);
      }
      // A list that has grown item by item has room for seventeen.
      return values.slice();
    },
  };
}

/** A mapping whose keys are anybody's. An entry without a value is dropped by the API server, and so it is here. */
export function record<T>(values: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  const wants = 'a mapping';
  return {
    wants,
    shape: { values },
    read(node, at) {
      if (node.kind !== 'mapping') return reportType(node, at, wants);
      const entries: [string, T][] = [];
      for (const { name, key, value: entry } of node.pairs) {
        const place = at.child(name);
        if (key.style === 'plain' && key.text !== undefined && key.text !== name)
          place.reportKey('yaml-1.1-scalar', { text: key.text, value: name });
        if (isNull(entry)) {
          place.reportKey('entry-without-value', { key: name, field: at.name });
          continue;
        }
        const value = values.read(entry, place);
        if (value !== undefined) entries.push([name, value]);
      }
      return Object.fromEntries(entries);
    },
  };
}

/** Looks at what a decoder has read, and reports what the type alone does not tell. */
export function checked<T>(decoder: Decoder<T>, check: (value: T, at: Cursor) => void): Decoder<T> {
  return {
    ...decoder,
    read(node, at) {
      const value = decoder.read(node, at);
      if (value !== undefined) check(value, at);
      return value;
    },
  };
}
