import type { Refusal, Schema, SchemaAt } from './schema.ts';

type Path = Refusal['path'];

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
  at: SchemaAt,
  path: Path,
  unknown: (path: Path) => void,
): unknown {
  if (schema.open === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = schema.items === undefined ? undefined : at(schema.items);
    if (items === undefined) return value;
    return value.map((item, index) =>
      storedValue(item ?? items.default ?? null, items, at, [...path, index], unknown),
    );
  }
  const stored: Record<string, unknown> = {};
  const put = (name: string, next: Schema, given: unknown) => {
    const own = given ?? next.default;
    if (own !== undefined) stored[name] = storedValue(own, next, at, [...path, name], unknown);
  };
  for (const [name, given] of Object.entries(value)) {
    const field = fieldOf(schema, name) ?? schema.values;
    if (field === undefined) unknown([...path, name]);
    else put(name, at(field), given);
  }
  for (const [name, field] of Object.entries(schema.fields ?? {}))
    if (!Object.hasOwn(value, name)) put(name, at(field), undefined);
  return stored;
}

/** @returns the place of a field's schema; a field called `constructor` is none */
export function fieldOf({ fields }: Schema, name: string): number | undefined {
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
