import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { FieldNames } from '../../src/2-decode/apiextensions/custom-resource-definition.ts';
import type { Decoder } from '../../src/2-decode/decoder.ts';
import { kinds } from '../../src/2-decode/kinds.ts';
import { type AnyResource, isType } from '../../src/2-decode/resource.ts';
import { readResources } from '../../src/read-resources.ts';

/** Kinds whose decoders know every field, since a test holds them to the list that is written here. */
const complete = ['DestinationRule', 'Gateway', 'ServiceEntry', 'VirtualService'];

/**
 * Lists the fields of CRDs that no decoder knows, kind by kind: the table to fill in when Istio or the Gateway API has a
 * new release.
 *
 *     npm run new-fields -- customresourcedefinitions.gen.yaml config/crd/experimental/*.yaml
 *     npm run new-fields -- --list "istio.io/api v1.32.0" customresourcedefinitions.gen.yaml
 *
 * `--list SOURCE` also writes test/2-decode/istio-crd-fields.json, which the tests hold decoders and fates against.
 */
function main(args: readonly string[]): void {
  const named = args[0] === '--list' ? args[1] : undefined;
  const paths = named === undefined ? args : args.slice(2);
  const files = paths.map(path => ({ path, text: readFileSync(path, 'utf8') }));
  const resources = readResources(files, 'default', (code, place) => {
    throw new Error(`${place.file.path}: ${code}`);
  });
  const definitions = resources.filter(isType('apiextensions.CustomResourceDefinition'));
  process.stdout.write(`${definitions.flatMap(newFieldsOf).join('\n')}\n`);
  if (named !== undefined) writeList(named, paths, definitions);
}

type Definition = Extract<AnyResource, { readonly type: 'apiextensions.CustomResourceDefinition' }>;

/** Of the newest version that is served. */
function specOf({ spec }: Definition): FieldNames | undefined {
  const schema = spec.versions.get('v1') ?? [...spec.versions.values()][0];
  return schema?.properties.get('spec');
}

function newFieldsOf(definition: Definition): readonly string[] {
  const { group, kind } = definition.spec;
  const known = kinds.find(one => one.group === group && one.kind === kind);
  const schema = specOf(definition);
  if (known === undefined) return [`${group} ${kind}: nothing here reads this kind`];
  if (schema === undefined || known.spec === undefined) return [];
  return unknownIn(schema, known.spec, '').map(path => `${group} ${kind}: ${path}`);
}

/** @returns the outermost fields of a schema that a decoder does not look for */
function unknownIn(schema: FieldNames, decoder: Decoder<unknown>, path: string): readonly string[] {
  const { shape } = decoder;
  if (shape === undefined) return [];
  if ('items' in shape)
    return schema.items === undefined ? [] : unknownIn(schema.items, shape.items, `${path}[]`);
  if ('values' in shape)
    return schema.values === undefined ? [] : unknownIn(schema.values, shape.values, `${path}.*`);
  return [...schema.properties].flatMap(([name, field]) => {
    const own = path === '' ? name : `${path}.${name}`;
    const next = shape.fields.get(name);
    if (next !== undefined) return unknownIn(field, next, own);
    return shape.open === true || shape.others?.includes(name) === true ? [] : [own];
  });
}

/** The paths of all values, as `http[].match[].uri.exact`. */
function valuesIn(schema: FieldNames, path: string): readonly string[] {
  if (schema.items !== undefined) return valuesIn(schema.items, `${path}[]`);
  if (schema.values !== undefined) return valuesIn(schema.values, `${path}.*`);
  if (schema.properties.size === 0) return [path];
  return [...schema.properties].flatMap(([name, field]) =>
    valuesIn(field, path === '' ? name : `${path}.${name}`),
  );
}

function writeList(source: string, paths: readonly string[], definitions: readonly Definition[]): void {
  const fields = complete.map(kind => {
    const definition = definitions.find(
      ({ spec }) => spec.kind === kind && spec.group === 'networking.istio.io',
    );
    const schema = definition === undefined ? undefined : specOf(definition);
    if (schema === undefined) throw new Error(`no CRD of ${kind} among ${paths.join(', ')}`);
    return [kind, valuesIn(schema, '').toSorted()] as const;
  });
  const name = paths.map(path => basename(path)).join(', ');
  const text = {
    source: `${source}, ${name}, version v1: the fields that hold values`,
    ...Object.fromEntries(fields),
  };
  writeFileSync('test/2-decode/istio-crd-fields.json', `${JSON.stringify(text, undefined, 2)}\n`);
}

main(process.argv.slice(2));
