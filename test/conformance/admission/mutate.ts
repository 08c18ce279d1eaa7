import type { AdmissionTable, Schema } from '../../../src/admission/schema.ts';
import type { Random } from '../random.ts';

/** Values on both sides of what the schemas and the rules ask for. */
const texts = [
  '',
  'a',
  '*',
  '/',
  '//',
  '/a/../b',
  '/a//b',
  '/{id}',
  '/a/.',
  '/a%2Fb',
  '/a#b',
  '/café',
  'relative',
  '*.example.com',
  'a.*.com',
  'shop.example.com:8080',
  'UPPER.example.com',
  '10.0.0.1',
  '010.0.0.1',
  '::1',
  '1.2.3.4.5',
  'web',
  '0s',
  '1s',
  '2s',
  '10s',
  '1h30m',
  '1500us',
  '1.5s',
  '123456s',
  'https://*.example.com',
  'https://a.example.com:8443',
  'bank.Ledger',
  'bank.*',
  'x-user',
  'X_user',
  'X User',
  'Service',
  'gateway.networking.k8s.io',
  'example.com/thing',
  'k8s.io/thing',
  'a'.repeat(64),
  'a'.repeat(300),
  'é'.repeat(1100),
] as const;

/** YAML takes no longer key on one line. */
const keys = texts.filter(text => text.length < 1000);

const numbers = [-1, 0, 1, 2, 100, 101, 200, 301, 418, 600, 65_535, 65_536, 1_000_001, 2 ** 31, 1.5];

/** A place in an object, with the schema of what stands there. */
interface Spot {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string | number;
  readonly schema: Schema;
}

/**
 * Changes an object in one to three places, as its schema suggests: fields come, go, get other values or are unknown, lists
 * get items twice or too many.
 *
 * @param schema of the whole object
 */
export function mutated(base: unknown, schema: Schema, table: AdmissionTable, random: Random): unknown {
  const object = structuredClone(base) as Record<string, unknown>;
  const at = (place: number): Schema => table.schemas[place] ?? {};
  const spec = at(schema.fields?.['spec'] ?? -1);
  for (let times = random.integer(1, 3); times > 0; times -= 1) {
    const spots = spotsIn(object, 'spec', spec, at);
    if (spots.length === 0) break;
    changeAt(random.pick(spots), at, random);
  }
  return object;
}

function spotsIn(
  holder: Spot['holder'],
  key: Spot['key'],
  schema: Schema,
  at: (place: number) => Schema,
): readonly Spot[] {
  const value = (holder as Record<string | number, unknown>)[key];
  const own: Spot = { holder, key, schema };
  if (Array.isArray(value) && schema.items !== undefined) {
    const items = at(schema.items);
    return [own, ...value.flatMap((_, index) => spotsIn(value, index, items, at))];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [own];
  const record = value as Record<string, unknown>;
  return [
    own,
    ...Object.keys(record).flatMap(name => {
      const field = schema.fields?.[name] ?? schema.values;
      return field === undefined ? [] : spotsIn(record, name, at(field), at);
    }),
  ];
}

function changeAt({ holder, key, schema }: Spot, at: (place: number) => Schema, random: Random): void {
  const slots = holder as Record<string | number, unknown>;
  const value = slots[key];
  const remove = () => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete slots[key];
  };
  if (random.chance(0.1)) {
    remove();
    return;
  }
  if (random.chance(0.05)) {
    slots[key] = random.pick([null, 'text', 3, true, [], {}]);
    return;
  }
  if (Array.isArray(value)) {
    const items = at(schema.items ?? -1);
    const most = schema.size?.[1] ?? 20;
    if (random.chance(0.3) && value.length > 0) value.push(structuredClone(random.pick(value)));
    else if (random.chance(0.15) && value.length > 0 && most <= 64)
      while (value.length <= most) value.push(structuredClone(value[0]));
    else if (random.chance(0.2)) value.length = 0;
    else value.push(made(items, at, random, 2));
    return;
  }
  if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>;
    const absent = Object.keys(schema.fields ?? {}).filter(name => !Object.hasOwn(record, name));
    if (random.chance(0.1)) record['fieldOfNobody'] = random.pick([1, 'a', {}]);
    else if (schema.values !== undefined) record[random.pick(keys)] = made(at(schema.values), at, random, 2);
    else if (absent.length > 0) {
      const name = random.pick(absent);
      record[name] = made(at(schema.fields?.[name] ?? -1), at, random, 2);
    }
    return;
  }
  slots[key] = made(schema, at, random, 2);
}

/** A value of a schema's type, most often one that the schema takes. */
function made(schema: Schema, at: (place: number) => Schema, random: Random, depth: number): unknown {
  if (schema.enum !== undefined && random.chance(0.9)) return random.pick(schema.enum);
  switch (schema.type) {
    case 'integer': {
      const [least, greatest] = schema.range ?? [0, 70_000];
      return random.chance(0.5)
        ? random.pick(numbers)
        : random.integer(least ?? 0, Math.min(greatest ?? 100, 1e6));
    }
    case 'boolean':
      return random.chance(0.5);
    case 'array': {
      if (schema.items === undefined || depth === 0) return [];
      const items = at(schema.items);
      return Array.from({ length: random.integer(0, 2) }, () => made(items, at, random, depth - 1));
    }
    case 'object': {
      const entries = Object.entries(schema.fields ?? {}).filter(
        ([name]) => schema.required?.includes(name) === true || random.chance(0.3),
      );
      return Object.fromEntries(
        entries.map(([name, field]) => [name, made(at(field), at, random, depth - 1)]),
      );
    }
    default: {
      const fitting = texts.filter(text => fits(text, schema));
      return random.chance(0.7) && fitting.length > 0 ? random.pick(fitting) : random.pick(texts);
    }
  }
}

function fits(text: string, { pattern, size }: Schema): boolean {
  const [least, greatest] = size ?? [null, null];
  if (text.length < (least ?? 0) || text.length > (greatest ?? Number.POSITIVE_INFINITY)) return false;
  return pattern === undefined || new RegExp(pattern, 'u').test(text);
}
