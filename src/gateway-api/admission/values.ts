import { formatFieldPath } from '../../1-read/source.ts';
import { toRegExp } from './expression.ts';
import { fitsFormat, hasFormat } from './formats.ts';
import type { Refusal, Schema, SchemaAt } from './schema.ts';
import { fieldOf } from './stored.ts';

type Path = Refusal['path'];
type Refuse = (refusal: Refusal) => void;

/**
 * Holds a stored value against its schema, as the API server does before it looks at lists and rules. The words are the API
 * server's.
 *
 * @see k8s.io/kube-openapi/pkg/validation/validate
 */
export function checkValue(value: unknown, schema: Schema, at: SchemaAt, path: Path, refuse: Refuse): void {
  if (schema.open === true) return;
  const said = (type: string, detail: string) => refuse({ path, type, detail });
  const invalid = (words: string) => said('Invalid value', `${formatFieldPath(path)} in body ${words}`);
  const type = typeOf(value);
  if (schema.type !== undefined && type !== schema.type)
    said('Wrong type', `${formatFieldPath(path)} in body must be of type ${schema.type}: "${type}"`);
  checkAlternatives(value, schema, at, path, said);
  if (typeof value === 'string') checkString(value, schema, said, invalid);
  if (typeof value === 'number') checkNumber(value, schema, said, invalid, path);
  if (Array.isArray(value)) checkList(value, schema, at, path, refuse);
  if (schema.enum !== undefined && !schema.enum.includes(value))
    said('Unsupported value', `supported values: ${schema.enum.map(one => JSON.stringify(one)).join(', ')}`);
  if (type === 'object') checkObject(value as Readonly<Record<string, unknown>>, schema, at, path, refuse);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function checkString(
  value: string,
  { size, pattern, format }: Schema,
  said: (type: string, detail: string) => void,
  invalid: (words: string) => void,
): void {
  const length = [...value].length;
  const [least, greatest] = size ?? [null, null];
  // The first of these is told alone.
  if (greatest !== null && length > greatest) said('Too long', `may not be more than ${greatest} bytes`);
  else if (least !== null && length < least) invalid(`should be at least ${least} chars long`);
  else if (pattern !== undefined && !toRegExp(pattern).test(value)) invalid(`should match '${pattern}'`);
  if (format !== undefined && !hasFormat(value, format))
    invalid(`must be of type ${format}: ${JSON.stringify(value)}`);
}

function checkNumber(
  value: number,
  { type, range, format }: Schema,
  said: (type: string, detail: string) => void,
  invalid: (words: string) => void,
  path: Path,
): void {
  if (type === 'integer' && (!Number.isInteger(value) || !fitsFormat(value, format))) {
    const which = format === undefined ? '(default format)' : `with format ${format}`;
    said('Invalid value', `Checked value must be of type integer ${which} in ${formatFieldPath(path)}`);
  }
  const [least, greatest] = range ?? [null, null];
  if (greatest !== null && value > greatest) invalid(`should be less than or equal to ${greatest}`);
  if (least !== null && value < least) invalid(`should be greater than or equal to ${least}`);
}

function checkList(
  value: readonly unknown[],
  { items, size }: Schema,
  at: SchemaAt,
  path: Path,
  refuse: Refuse,
): void {
  const [least, greatest] = size ?? [null, null];
  if (items !== undefined)
    for (const [index, item] of value.entries()) checkValue(item, at(items), at, [...path, index], refuse);
  if (least !== null && value.length < least)
    refuse({
      path,
      type: 'Invalid value',
      detail: `${formatFieldPath(path)} in body should have at least ${least} items`,
    });
  if (greatest !== null && value.length > greatest)
    refuse({ path, type: 'Too many', detail: `${value.length}: must have at most ${greatest} items` });
}

function checkObject(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  at: SchemaAt,
  path: Path,
  refuse: Refuse,
): void {
  const names = Object.keys(value);
  const [least, greatest] = schema.size ?? [null, null];
  if (least !== null && names.length < least)
    refuse({
      path,
      type: 'Invalid value',
      detail: `${formatFieldPath(path)} in body should have at least ${least} properties`,
    });
  if (greatest !== null && names.length > greatest)
    refuse({ path, type: 'Too many', detail: `${names.length}: must have at most ${greatest} items` });
  for (const name of names) {
    const field = fieldOf(schema, name) ?? schema.values;
    if (field !== undefined) checkValue(value[name], at(field), at, [...path, name], refuse);
  }
  for (const name of schema.required ?? [])
    if (!Object.hasOwn(value, name)) refuse({ path: [...path, name], type: 'Required value', detail: '' });
}

/** Of `oneOf` and its neighbours, only that they do not hold is told: what is wrong within them is one guess among several. */
function checkAlternatives(
  value: unknown,
  { oneOf, anyOf, not }: Schema,
  at: SchemaAt,
  path: Path,
  said: (type: string, detail: string) => void,
): void {
  const holds = (place: number) => {
    let isTaken = true;
    checkValue(value, at(place), at, path, () => {
      isTaken = false;
    });
    return isTaken;
  };
  const name = JSON.stringify(formatFieldPath(path));
  if (anyOf !== undefined && !anyOf.some(holds))
    said('Invalid value', `${name} must validate at least one schema (anyOf)`);
  const valid = oneOf?.filter(holds).length ?? 1;
  if (valid !== 1) {
    const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
    said('Invalid value', `${name} must validate one and only one schema (oneOf). ${found}`);
  }
  if (not !== undefined && holds(not)) said('Invalid value', `${name} must not validate the schema (not)`);
}
