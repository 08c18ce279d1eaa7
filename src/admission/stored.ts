import type { Linked } from './linked.ts';
import type { Refusal, Trail } from './schema.ts';

/**
 * Makes of a value what the API server would store: fields that the schema lacks go, nulls go, and defaults come.
 *
 * @param value as JSON has it; it is not changed
 * @param unknown is called with the path of each field that goes because the schema lacks it
 * @see k8s.io/apiextensions-apiserver/pkg/apiserver, unstructuredSchemaCoercer; schema/pruning; schema/defaulting
 */
export function storedValue(
  value: unknown,
  schema: Linked,
  path: Trail,
  unknown: (path: Refusal['path']) => void,
): unknown {
  if (typeof value !== 'object' || value === null || schema.schema.open === true) return value;
  if (Array.isArray(value)) {
    const items = schema.items();
    if (items === undefined) return value;
    return value.map((item, index) => {
      path.push(index);
      const stored = storedValue(item ?? items.schema.default ?? null, items, path, unknown);
      path.pop();
      return stored;
    });
  }
  const stored: Record<string, unknown> = {};
  const given = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) {
    const field = schema.field(name);
    if (field === undefined) {
      unknown([...path, name]);
      continue;
    }
    const own = given[name] ?? field.schema.default;
    if (own === undefined) continue;
    if (typeof own !== 'object') {
      stored[name] = own;
      continue;
    }
    path.push(name);
    stored[name] = storedValue(own, field, path, unknown);
    path.pop();
  }
  for (const [name, field] of schema.defaults()) {
    if (Object.hasOwn(given, name)) continue;
    path.push(name);
    stored[name] = storedValue(field.schema.default, field, path, unknown);
    path.pop();
  }
  return stored;
}
