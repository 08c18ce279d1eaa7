import type { Refusal, Schema, Schemas, Trail } from './schema.ts';

/**
 * Makes of a value what the API server would store: fields that the schema lacks go, nulls go, and defaults come.
 *
 * @param value as JSON has it; it is not changed
 * @param unknown is called with the path of each field that goes because the schema lacks it
 * @see k8s.io/apiextensions-apiserver/pkg/apiserver, unstructuredSchemaCoercer; schema/pruning; schema/defaulting
 */
export function storedValue(
  value: unknown,
  schema: Schema,
  at: Schemas,
  path: Trail,
  unknown: (path: Refusal['path']) => void,
): unknown {
  if (schema.open === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = schema.items === undefined ? undefined : at.schema(schema.items);
    if (items === undefined) return value;
    return value.map((item, index) => {
      path.push(index);
      const stored = storedValue(item ?? items.default ?? null, items, at, path, unknown);
      path.pop();
      return stored;
    });
  }
  const stored: Record<string, unknown> = {};
  const given = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) {
    const field = fieldOf(schema, name) ?? schema.values;
    if (field === undefined) {
      unknown([...path, name]);
      continue;
    }
    const next = at.schema(field);
    const own = given[name] ?? next.default;
    if (own === undefined) continue;
    path.push(name);
    stored[name] = storedValue(own, next, at, path, unknown);
    path.pop();
  }
  for (const name in schema.fields) {
    const field = schema.fields[name];
    const next = field === undefined || Object.hasOwn(given, name) ? undefined : at.schema(field);
    if (next?.default === undefined) continue;
    path.push(name);
    stored[name] = storedValue(next.default, next, at, path, unknown);
    path.pop();
  }
  return stored;
}

/** @returns the place of a field's schema; a field called `constructor` is none */
export function fieldOf({ fields }: Schema, name: string): number | undefined {
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
