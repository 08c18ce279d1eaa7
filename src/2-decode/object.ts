import { fieldOf, type MappingNode, toJson, type YamlNode } from '../yaml/yaml-node.ts';
import type { Cursor } from './cursor.ts';
import { type Decoder, isNull, reportType } from './decoder.ts';
import { type Removed, reportUnknown } from './unknown-field.ts';

/** A decoder of a field that may not be missing, and what stands in for it so that later phases have something. */
export interface RequiredDecoder<T> extends Decoder<T> {
  readonly required: true;
  readonly otherwise: T;
}

/** @param otherwise stands in for a field that is missing or wrong; the object is held back in that case */
export function required<T>(decoder: Decoder<T>, otherwise: T): RequiredDecoder<T> {
  return { ...decoder, required: true, otherwise };
}

/** A decoder for every field of a type: a field that is forgotten here does not compile. */
export type Fields<T> = {
  readonly [Name in keyof T]-?: object extends Pick<T, Name>
    ? Decoder<Exclude<T[Name], undefined>>
    : RequiredDecoder<T[Name]>;
};

export interface ObjectOptions<T> {
  /** Fields of which an API server admits one at most (`oneOf`). */
  readonly exclusive?: readonly (keyof T & string)[];
  /** Fields the API once had, by name. */
  readonly removed?: Readonly<Record<string, Removed>>;
  /** Fields that are there and not in the type, since nothing here depends on them. */
  readonly others?: readonly string[];
  /** Tells whether fields that nothing here knows are passed over in silence. */
  readonly open?: boolean;
  /** Looks at the object as a whole; the node tells what is written and could not be read. */
  readonly check?: (value: T, at: Cursor, node: MappingNode) => void;
}

/** A mapping with known fields. Unknown ones are reported; those of DestinationRules are kept as they are written. */
export function object<T extends object>(fields: Fields<T>, options: ObjectOptions<T> = {}): Decoder<T> {
  return fieldsDecoder(new Map(Object.entries<Decoder<unknown>>(fields)), options);
}

type Opaque = Readonly<Record<string, unknown>>;

/** A mapping that is carried over without being understood; its fields are looked at all the same. */
export function carried(
  fields: Readonly<Record<string, Decoder<unknown>>>,
  options: ObjectOptions<Opaque> = {},
): Decoder<Opaque> {
  return fieldsDecoder(new Map(Object.entries(fields)), options);
}

/** @param known a decoder for every field of T, as `Fields` sees to */
function fieldsDecoder<T>(
  known: ReadonlyMap<string, Decoder<unknown>>,
  options: ObjectOptions<T>,
): Decoder<T> {
  const needed = [...known].flatMap(([name, decoder]) =>
    isRequired(decoder) ? [{ name, otherwise: decoder.otherwise }] : [],
  );
  const read = (node: YamlNode, at: Cursor): T | undefined => {
    if (node.kind !== 'mapping') return reportType(node, at, 'a mapping');
    const values = readFields(node, at, known, options);
    for (const { name, otherwise } of needed) {
      if (Object.hasOwn(values, name)) continue;
      if (!isWritten(node, name)) at.report('field-missing', { field: name, object: at.name });
      values[name] = otherwise;
    }
    const value = values as T;
    options.check?.(value, at, node);
    return value;
  };
  const { others = [], open = false } = options;
  return { wants: 'a mapping', shape: { fields: known, others, open }, read };
}

/** Tells whether a mapping has a field, readable or not. */
export function isWritten(node: MappingNode, name: string): boolean {
  const value = fieldOf(node, name);
  return value !== undefined && !isNull(value);
}

function isRequired(decoder: Decoder<unknown>): decoder is RequiredDecoder<unknown> {
  return 'required' in decoder;
}

/** Names are those of known fields, so none of them is `__proto__`. */
function readFields<T>(
  node: MappingNode,
  at: Cursor,
  known: ReadonlyMap<string, Decoder<unknown>>,
  { exclusive, removed = {}, others = [], open = false }: ObjectOptions<T>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, value: written } of node.pairs) {
    const decoder = known.get(name);
    if (decoder !== undefined) {
      const value = isNull(written) ? undefined : decoder.read(written, at.child(name));
      if (value !== undefined) values[name] = value;
    } else if (!open && !others.includes(name)) {
      reportUnknown(name, at, [...known.keys(), ...others], removed);
      // DestinationRules for versions repeat what is written, be it known or not.
      if (at.kind === 'DestinationRule' && name !== '__proto__' && !isNull(written))
        values[name] = toJson(written);
    }
  }
  const present = exclusive?.filter(name => isWritten(node, name)) ?? [];
  if (present.length > 1)
    at.report('fields-exclude-each-other', { fields: present.map(name => `\`${name}\``).join(' and ') });
  return values;
}
