import { fitsFormat, hasFormat } from './formats.ts';
import type { Linked } from './linked.ts';
import { checkItems } from './lists.ts';
import { blocksRules, type Refusal, type Schema, type Trail } from './schema.ts';

/** A walk through an object: where it stands, and who hears what is wrong. */
interface Walk {
  readonly path: Trail;
  readonly refuse: (refusal: Refusal) => void;
}

/**
 * Holds a stored value against its schema, as the API server does before it runs rules. The words are the API server's.
 *
 * @see k8s.io/kube-openapi/pkg/validation/validate
 */
export function checkValue(value: unknown, schema: Linked, path: Trail, refuse: Walk['refuse']): void {
  check(value, schema, { path, refuse });
}

function check(value: unknown, linked: Linked, walk: Walk): void {
  const { schema } = linked;
  if (schema.open === true) return;
  const type = typeOf(value);
  const wrong = wrongType(schema, type);
  if (wrong !== undefined) say(walk, 'Wrong type', `${bodyPath(walk.path)} in body ${wrong}`);
  // The API server checks the type alone of null.
  const hasAlternatives =
    schema.oneOf !== undefined || schema.anyOf !== undefined || schema.not !== undefined;
  if (value !== null && hasAlternatives) checkAlternatives(value, linked, walk);
  if (typeof value === 'string') checkString(value, linked, walk);
  else if (typeof value === 'number') checkNumber(value, schema, walk);
  else if (Array.isArray(value)) checkList(value, linked, walk);
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const values = schema.enum.map(one => JSON.stringify(String(one))).join(', ');
    say(walk, 'Unsupported value', `supported values: ${values}`);
  }
  if (type === 'object') checkObject(value as Readonly<Record<string, unknown>>, linked, walk);
}

function say({ path, refuse }: Walk, type: string, detail: string): void {
  refuse({ path: [...path], type, detail });
}

function sayInvalid(walk: Walk, words: string): void {
  say(walk, 'Invalid value', `${bodyPath(walk.path)} in body ${words}`);
}

/** A format is held against every value but these: `checkString` sees to text. */
const hasNoFormat: ReadonlySet<string> = new Set(['string', 'array', 'null']);

/** The formats that the API server takes numbers to have. */
const formats: Readonly<Record<string, string>> = { integer: 'int64', number: 'float64' };

/**
 * For an integer with a format, and for a format alone, the API server names the format, and the one that it takes the value to
 * have.
 *
 * @see k8s.io/kube-openapi/pkg/validation/validate/type.go
 */
function wrongType({ type, format }: Schema, found: string): string | undefined {
  const namesFormat =
    format !== undefined && (type === undefined || type === 'integer') && !hasNoFormat.has(found);
  if (type === undefined ? !namesFormat : type === found) return undefined;
  return namesFormat
    ? `must be of type ${format}: "${formats[found] ?? ''}"`
    : `must be of type ${type}: "${found}"`;
}

/** A path as the API server writes it: keys of maps like fields. */
function bodyPath(path: Refusal['path']): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** `must have at most 1 item`. */
function atMost(greatest: number): string {
  return `must have at most ${greatest} item${greatest === 1 ? '' : 's'}`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function checkString(value: string, linked: Linked, walk: Walk): void {
  const { type, size, pattern, format } = linked.schema;
  const [least, greatest] = (type === 'string' ? size : undefined) ?? [null, null];
  // The first of these is told alone.
  if (greatest !== null && value.length > greatest && [...value].length > greatest)
    say(walk, 'Too long', `may not be more than ${greatest} bytes`);
  else if (least !== null && value.length < 2 * least && [...value].length < least)
    sayInvalid(walk, `should be at least ${least} chars long`);
  else if (pattern !== undefined && !linked.fits(value)) sayInvalid(walk, `should match '${pattern}'`);
  if (format !== undefined && !hasFormat(value, format)) {
    const words = `must be of type ${format}: ${JSON.stringify(value)}`;
    say(walk, 'Wrong type', `${bodyPath(walk.path)} in body ${words}`);
  }
}

function checkNumber(value: number, { type, range, format }: Schema, walk: Walk): void {
  if (type === 'integer' && (!Number.isInteger(value) || !fitsFormat(value, format))) {
    const which = format === undefined ? '(default format)' : `with format ${format}`;
    const words = `Checked value must be of type integer ${which} in ${bodyPath(walk.path)}`;
    say(walk, 'Invalid value', words);
  }
  const [least, greatest] = range ?? [null, null];
  if (greatest !== null && value > greatest) sayInvalid(walk, `should be less than or equal to ${greatest}`);
  if (least !== null && value < least) sayInvalid(walk, `should be greater than or equal to ${least}`);
}

function checkList(value: readonly unknown[], linked: Linked, walk: Walk): void {
  const { type, size, unique } = linked.schema;
  if (unique !== undefined) checkItems(value, unique, walk.path, walk.refuse);
  const [least, greatest] = (type === 'array' ? size : undefined) ?? [null, null];
  const items = linked.items();
  if (items !== undefined) {
    for (let index = 0; index < value.length; index += 1) {
      walk.path.push(index);
      check(value[index], items, walk);
      walk.path.pop();
    }
  }
  if (least !== null && value.length < least) sayInvalid(walk, `should have at least ${least} items`);
  if (greatest !== null && value.length > greatest)
    say(walk, 'Too many', `${value.length}: ${atMost(greatest)}`);
}

function checkObject(value: Readonly<Record<string, unknown>>, linked: Linked, walk: Walk): void {
  const { schema } = linked;
  const names = Object.keys(value);
  const [least, greatest] = (schema.type === 'object' ? schema.size : undefined) ?? [null, null];
  if (least !== null && names.length < least) sayInvalid(walk, `should have at least ${least} properties`);
  if (greatest !== null && names.length > greatest)
    say(walk, 'Too many', `${names.length}: ${atMost(greatest)}`);
  for (const name of names) {
    const field = linked.field(name);
    if (field === undefined) continue;
    walk.path.push(name);
    check(value[name], field, walk);
    walk.path.pop();
  }
  for (const name of schema.required ?? [])
    if (!Object.hasOwn(value, name))
      walk.refuse({ path: [...walk.path, name], type: 'Required value', detail: '' });
}

/**
 * Faults of `oneOf` and its neighbours are told as a whole: what is wrong within them is one guess among several. It
 * blocks rules as what is wrong within does.
 */
function checkAlternatives(value: unknown, linked: Linked, walk: Walk): void {
  const { oneOf, anyOf, not } = linked.schema;
  let blocks = false;
  const holds = (alternative: Linked) => {
    const inner: Refusal[] = [];
    check(value, alternative, { ...walk, refuse: refusal => inner.push(refusal) });
    blocks ||= inner.some(blocksRules);
    return inner.length === 0;
  };
  const name = JSON.stringify(bodyPath(walk.path));
  const tell = (detail: string) => say(walk, blocks ? 'Wrong type' : 'Invalid value', detail);
  if (anyOf !== undefined && !linked.alternatives(anyOf).some(holds))
    tell(`${name} must validate at least one schema (anyOf)`);
  const valid = oneOf === undefined ? 1 : linked.alternatives(oneOf).filter(holds).length;
  if (valid !== 1) {
    const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
    tell(`${name} must validate one and only one schema (oneOf). ${found}`);
  }
  if (not !== undefined && linked.alternatives([not]).some(holds))
    tell(`${name} must not validate the schema (not)`);
}
