import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRule, readsOldSelf, type Tree, toRegExp } from '../../../src/admission/expression.ts';
import type { NewDefault, Rule, Schema } from '../../../src/admission/schema.ts';
import type { CrdSchema, CrdsAnswer, Judge } from '../judge.ts';

/** The releases and channels that the table holds. */
export const bundles = ['1.4', '1.5', '1.6', '1.7'].flatMap(gatewayApi =>
  (['standard', 'experimental'] as const).map(channel => ({ gatewayApi, channel })),
);

/** Kinds of the Gateway API's own group, and the one of the other group that people write. */
function isHeld({ spec }: CrdsAnswer['definitions'][number]): boolean {
  return spec.group === 'gateway.networking.k8s.io' || spec.names.kind === 'XListenerSet';
}

/** Writes src/admission/table.ts anew, from the CRDs of the Gateway API. */
export async function writeTable(root: string, judge: Judge): Promise<string> {
  const { gatewayApi: releases } = await judge.versions();
  const writer = new TableWriter();
  for (const bundle of bundles) {
    const { definitions, rules } = await judge.crds(bundle);
    for (const definition of definitions.filter(isHeld))
      writer.add(`${bundle.gatewayApi} ${bundle.channel}`, definition, rules);
  }
  const path = join(root, 'src/admission/table.ts');
  writeFileSync(path, writer.text(releases));
  return path;
}

/** Keeps equal parts once. */
class TableWriter {
  readonly #rules = new Places<Rule>();
  readonly #schemas = new Places<Schema>();
  readonly #kinds: Record<string, Record<string, number>> = {};
  /** By kind and path: which bundles have the field, and which default they give it. */
  readonly #defaults = new Map<string, Map<string, unknown>>();

  add(bundle: string, { spec }: CrdsAnswer['definitions'][number], rules: CrdsAnswer['rules']): void {
    for (const { name, served, schema } of spec.versions) {
      if (!served) continue;
      const { spec: own, ...others } = schema.openAPIV3Schema.properties ?? {};
      if (own === undefined) throw new Error(`${spec.names.kind} ${name} has no spec`);
      const open = this.#schemas.placeOf({ open: true });
      const fields = Object.fromEntries(Object.keys(others).map(field => [field, open]));
      const { required } = schema.openAPIV3Schema;
      const place = this.#schemas.placeOf({
        type: 'object',
        fields: { ...fields, spec: this.#schema(own, rules, [`${spec.names.kind}`, 'spec'], bundle) },
        ...(required === undefined ? {} : { required }),
      });
      const kinds = this.#kinds[bundle] ?? {};
      this.#kinds[bundle] = kinds;
      kinds[`${spec.names.kind} ${spec.group}/${name}`] = place;
    }
  }

  #schema(schema: CrdSchema, rules: CrdsAnswer['rules'], path: readonly string[], bundle: string): number {
    const known = new Set([...carried, ...counted, ...dealtWith]);
    const stranger = Object.keys(schema).find(key => !known.has(key));
    if (stranger !== undefined) throw new Error(`${path.join('.')}: ${stranger} is not carried by the table`);
    if (schema.pattern !== undefined) toRegExp(schema.pattern);
    const key = path.join(' ');
    const defaults = this.#defaults.get(key) ?? new Map<string, unknown>();
    this.#defaults.set(key, defaults.set(bundle, schema.default));
    const inner = (one: CrdSchema, part?: string) =>
      this.#schema(one, rules, part === undefined ? path : [...path, part], bundle);
    const range = (least: number | undefined, greatest: number | undefined) =>
      least === undefined && greatest === undefined
        ? undefined
        : ([least ?? null, greatest ?? null] as const);
    const { properties, items, additionalProperties: values, type } = schema;
    const own = (schema['x-kubernetes-validations'] ?? []).flatMap(({ rule, message, ...more }) => {
      if (Object.keys(more).length > 0) throw new Error(`${rule}: ${JSON.stringify(more)} is not carried`);
      const tree = rules[rule] as Tree;
      if (readsOldSelf(tree)) return [];
      compileRule(tree, true);
      return [this.#rules.placeOf([message ?? `failed rule: ${rule}`, tree])];
    });
    const listType = schema['x-kubernetes-list-type'];
    const isUnique = listType === 'set' || listType === 'map';
    return this.#schemas.placeOf(
      withoutAbsent({
        type: type as Schema['type'],
        fields:
          properties === undefined
            ? undefined
            : Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, inner(one, name)])),
        values: values === undefined ? undefined : inner(values, '*'),
        items: items === undefined ? undefined : inner(items, '*'),
        required: schema.required,
        default: schema.default,
        enum: schema.enum,
        pattern: schema.pattern,
        format: schema.format,
        size: range(
          schema.minLength ?? schema.minItems ?? schema.minProperties,
          schema.maxLength ?? schema.maxItems ?? schema.maxProperties,
        ),
        range: range(schema.minimum, schema.maximum),
        unique: isUnique ? (listType === 'set' ? 'set' : schema['x-kubernetes-list-map-keys']) : undefined,
        rules: own.length === 0 ? undefined : own,
        oneOf: schema.oneOf?.map(one => inner(one, '?')),
        anyOf: schema.anyOf?.map(one => inner(one, '?')),
        not: schema.not === undefined ? undefined : inner(schema.not, '?'),
      }),
    );
  }

  /** Defaults that some bundles give a field that others have without one. */
  #newDefaults(): readonly NewDefault[] {
    return [...this.#defaults].flatMap(([key, defaults]): readonly NewDefault[] => {
      const given = [...defaults].filter(([, value]) => value !== undefined);
      if (given.length === 0 || given.length === defaults.size) return [];
      const values = new Set(given.map(([, value]) => JSON.stringify(value)));
      if (values.size > 1) throw new Error(`${key}: ${[...values].join(' or ')}`);
      const [kind = '', ...path] = key.split(' ');
      return [{ kind, path, value: given[0]?.[1], bundles: given.map(([bundle]) => bundle) }];
    });
  }

  text(releases: Readonly<Record<string, string>>): string {
    const rows = (values: readonly unknown[]) => values.map(value => JSON.stringify(value)).join(',\n');
    const json = `{"releases":${JSON.stringify(releases)},
"newDefaults":${JSON.stringify(this.#newDefaults())},
"kinds":{
${Object.entries(this.#kinds)
  .map(([bundle, kinds]) => `${JSON.stringify(bundle)}:${JSON.stringify(kinds)}`)
  .join(',\n')}
},
"rules":[
${rows(this.#rules.values)}
],
"schemas":[
${rows(this.#schemas.values)}
]}`;
    if (/`|\$\{/.test(json)) throw new Error('a raw string cannot hold the table');
    return `/**
 * What the CRDs of the Gateway API say, as \`AdmissionTable\`. Written by \`npm run admission-table\` from the CRDs of
 * ${Object.values(releases).join(', ')}; a new release of the Gateway API is a new table.
 *
 * A text and no object: it is parsed where somebody asks.
 */
export const admissionTable = String.raw\`${json}\`;
`;
  }
}

const carried = ['type', 'required', 'default', 'enum', 'pattern', 'format', 'minimum', 'maximum'];
const counted = ['minLength', 'minItems', 'minProperties', 'maxLength', 'maxItems', 'maxProperties'];
const dealtWith = [
  'properties',
  'additionalProperties',
  'items',
  'oneOf',
  'anyOf',
  'not',
  'x-kubernetes-validations',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  // It decides how two appliers share an object, and refuses none.
  'x-kubernetes-map-type',
  'description',
];

function withoutAbsent(schema: { readonly [Key in keyof Schema]: Schema[Key] | undefined }): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined)) as Schema;
}

/** Values, each once, by their place. */
class Places<Value> {
  readonly values: Value[] = [];
  readonly #known = new Map<string, number>();

  placeOf(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const place = this.values.push(value) - 1;
    this.#known.set(key, place);
    return place;
  }
}
