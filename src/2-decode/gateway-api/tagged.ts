import { fieldOf, stringOf, type YamlNode } from '../../yaml/yaml-node.ts';
import type { Cursor } from '../cursor.ts';
import { type Decoder, isNull, reportType } from '../decoder.ts';

/** The field that goes with each value of `type`; none where it is not read. */
export type Variants = Readonly<
  Record<string, readonly [field: string, decoder: Decoder<unknown>] | undefined>
>;

/**
 * A mapping whose `type` says which other field it has, as filters have.
 *
 * @param variants one for each value of `type`
 */
export function tagged<T extends { readonly type: string }>(
  variants: Readonly<Record<T['type'], Variants[string]>>,
): Decoder<T> {
  const byType = new Map(Object.entries<Variants[string]>(variants));
  const read = (node: YamlNode, at: Cursor): T | undefined => {
    if (node.kind !== 'mapping') return reportType(node, at, 'a mapping');
    const type = stringOf(node, 'type');
    if (type === undefined || !byType.has(type)) {
      if (type === undefined) at.report('field-missing', { field: 'type', object: at.name });
      else
        at.child('type').report('value-not-allowed', {
          field: 'type',
          value: type,
          values: [...byType.keys()].join(', '),
        });
      return undefined;
    }
    const variant = byType.get(type);
    // The variants of T are those of the table, each with its field.
    if (variant === undefined) return { type } as unknown as T;
    const [field, decoder] = variant;
    const written = fieldOf(node, field);
    if (written === undefined || isNull(written)) {
      at.report('field-missing', { field, object: at.name });
      return undefined;
    }
    const value = decoder.read(written, at.child(field));
    return value === undefined ? undefined : ({ type, [field]: value } as unknown as T);
  };
  return { wants: 'a mapping', shape: undefined, read };
}
