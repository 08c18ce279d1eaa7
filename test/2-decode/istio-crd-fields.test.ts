import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Decoder } from '../../src/2-decode/decoder.ts';
import { destinationRule } from '../../src/2-decode/istio/destination-rule.ts';
import { gateway } from '../../src/2-decode/istio/gateway.ts';
import { serviceEntry } from '../../src/2-decode/istio/service-entry.ts';
import { virtualService } from '../../src/2-decode/istio/virtual-service.ts';

const crds = JSON.parse(readFileSync(new URL('istio-crd-fields.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;

/** The paths of all values that a decoder knows, as the list of the CRDs writes them. */
function fieldsOf(decoder: Decoder<unknown>, path = ''): readonly string[] {
  const { shape } = decoder;
  if (shape === undefined) return [path];
  if ('items' in shape) return fieldsOf(shape.items, `${path}[]`);
  if ('values' in shape) return fieldsOf(shape.values, `${path}.*`);
  return [...shape.fields].flatMap(([name, field]) =>
    fieldsOf(field, path === '' ? name : `${path}.${name}`),
  );
}

/** The schema says that these hold values, and not which. */
const untyped: readonly string[] = [];

test.each<[kind: string, decoder: Decoder<unknown>]>([
  ['VirtualService', virtualService],
  ['DestinationRule', destinationRule],
  ['Gateway', gateway],
  ['ServiceEntry', serviceEntry],
])('%s: the decoder knows the fields of the CRD, and no others', (kind, decoder) => {
  const expected = (crds[kind] ?? []).filter(path => !untyped.includes(path));
  expect(fieldsOf(decoder).toSorted()).toEqual(expected.toSorted());
});
