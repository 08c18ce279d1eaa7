import { fitsFormat } from './formats.ts';
import type { Linked } from './linked.ts';
import { checkItems } from './lists.ts';

/** In place of a value that may be refused. */
export const doubt: unique symbol = Symbol('doubt');

/** Tells texts that are not held against their schema. */
export type IsLeftOut = (text: string) => boolean;

/**
 * Makes of a value what the API server would store where it takes the value, in one walk: most objects are taken. It does what
 * `storedValue`, `checkValue` and the rules do one after the other, and leaves it to them to say whether a value is refused that
 * is not as most are.
 *
 * @param value as JSON has it; it is not changed
 * @returns `doubt` where something may be wrong: for what is refused, for null, and for schemas with alternatives
 */
export function acceptedValue(value: unknown, linked: Linked, isLeftOut?: IsLeftOut): unknown {
  const { schema } = linked;
  if (schema.open === true) return value;
  if (linked.hasAlternatives) return doubt;
  let stored = value;
  if (typeof value === 'string') {
    if (!fitsText(value, linked) && isLeftOut?.(value) !== true) return doubt;
  } else if (typeof value !== 'object' || value === null) {
    if (!fitsScalar(value, linked)) return doubt;
  } else {
    stored = Array.isArray(value)
      ? acceptedItems(value, linked, isLeftOut)
      : acceptedFields(value as Readonly<Record<string, unknown>>, linked, isLeftOut);
    if (stored === doubt) return doubt;
  }
  if (schema.rules === undefined) return stored;
  const rules = linked.rules();
  for (let index = 0; index < rules.length; index += 1)
    if (rules[index]?.holds(stored) !== true) return doubt;
  return stored;
}

/** Letters beyond the first 65,536 count twice here, so that some texts are in doubt that have few enough. */
function fitsText(text: string, linked: Linked): boolean {
  const { type, format, enum: values } = linked.schema;
  if (type === undefined ? format !== undefined : type !== 'string') return false;
  if (format !== undefined || text.length > linked.greatest) return false;
  if (linked.least > 0 && text.length < (linked.least === 1 ? 1 : 2 * linked.least)) return false;
  return (values === undefined || values.includes(text)) && linked.fits(text);
}

function fitsScalar(value: unknown, { schema: { type, format, range, enum: values } }: Linked): boolean {
  if (values !== undefined) return false;
  if (type === 'boolean') return typeof value === 'boolean' && format === undefined;
  if (type !== 'integer' || typeof value !== 'number' || !Number.isInteger(value)) return false;
  const [least, greatest] = range ?? [null, null];
  return (
    fitsFormat(value, format) &&
    (least === null || value >= least) &&
    (greatest === null || value <= greatest)
  );
}

function acceptedFields(
  given: Readonly<Record<string, unknown>>,
  linked: Linked,
  isLeftOut: IsLeftOut | undefined,
): unknown {
  const { type, format, required, enum: values } = linked.schema;
  if ((type !== undefined && type !== 'object') || format !== undefined || values !== undefined) return doubt;
  const stored: Record<string, unknown> = {};
  let count = 0;
  for (const name of Object.keys(given)) {
    const field = linked.field(name);
    if (field === undefined) return doubt;
    const own = given[name];
    const part = typeof own === field.plainType ? own : acceptedValue(own, field, isLeftOut);
    if (part === doubt) return doubt;
    stored[name] = part;
    count += 1;
  }
  for (const [name, field] of linked.defaults()) {
    if (Object.hasOwn(given, name)) continue;
    const part = acceptedValue(field.schema.default, field);
    if (part === doubt) return doubt;
    stored[name] = part;
    count += 1;
  }
  if (count < linked.least || count > linked.greatest) return doubt;
  if (required !== undefined) for (const name of required) if (!Object.hasOwn(stored, name)) return doubt;
  return stored;
}

function acceptedItems(value: readonly unknown[], linked: Linked, isLeftOut: IsLeftOut | undefined): unknown {
  const { type, format, unique, enum: values } = linked.schema;
  if ((type !== undefined && type !== 'array') || format !== undefined || values !== undefined) return doubt;
  if (value.length < linked.least || value.length > linked.greatest) return doubt;
  const items = linked.items();
  if (items === undefined) return value;
  const stored: unknown[] = [];
  for (const item of value) {
    const part = acceptedValue(item, items, isLeftOut);
    if (part === doubt) return doubt;
    stored.push(part);
  }
  if (unique === undefined || stored.length < 2) return stored;
  let isUnique = true;
  checkItems(stored, unique, [], () => {
    isUnique = false;
  });
  return isUnique ? stored : doubt;
}
