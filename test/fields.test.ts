import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { destinationRuleFields } from '../src/diagnostics/fields/destination-rule.ts';
import { fateOf, fatesIn } from '../src/diagnostics/fields/fate.ts';
import { gatewayFields } from '../src/diagnostics/fields/gateway.ts';
import { virtualServiceFields } from '../src/diagnostics/fields/virtual-service.ts';
import type { ResourceRef } from '../src/diagnostics/resource-ref.ts';
import { caseFolders, convertCase } from './case-folders.ts';

const crds = JSON.parse(
  readFileSync(join(import.meta.dirname, '2-decode/istio-crd-fields.json'), 'utf8'),
) as Readonly<Record<string, readonly string[]>>;

/** The names in a path of a diagnostic or of the list of CRD fields: positions in lists do not matter. */
function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/([^.[\]"]+)(?![^[]*"\])|\["([^"]*)"\]/g)]
    .map(([, plain, quoted]) => plain ?? quoted ?? '')
    .filter(name => !/^\d+$/.test(name) && name !== '*' && name !== 'spec');
}

/** `CODE KIND PATH` of everything that the cases say, with every path around it and below it that is written. */
const said = caseFolders().flatMap(folder =>
  convertCase(folder).diagnostics.flatMap(({ code, path, resource }) =>
    resource === undefined ? [] : [{ code, kind: kindOf(resource), names: namesIn(path) }],
  ),
);

function kindOf({ kind }: ResourceRef): string {
  return kind;
}

function isShown(kind: string, path: string, code: string): boolean {
  const field = path.split('.');
  return said.some(
    one =>
      one.code === code &&
      one.kind === kind &&
      one.names.every((name, index) => index >= field.length || name === field[index]),
  );
}

describe.each([
  ['VirtualService', virtualServiceFields],
  ['DestinationRule', destinationRuleFields],
  ['Gateway', gatewayFields],
])('%s', (kind, table) => {
  test('every field of the CRD has a fate', () => {
    const without = (crds[kind] ?? []).filter(path => fateOf(table, namesIn(path)) === undefined);
    expect(crds[kind]).not.toEqual([]);
    expect(without).toEqual([]);
  });

  test('the files that see to them are there', () => {
    const files = new Set(fatesIn(table).map(({ fate }) => fate.by));
    expect([...files].filter(file => !existsSync(join(import.meta.dirname, '../src', file)))).toEqual([]);
  });

  test('each code of a field has a case that reports it there', () => {
    const missing = fatesIn(table).flatMap(({ path, fate }) =>
      fate.codes.filter(code => !isShown(kind, path, code)).map(code => `${path}: ${code}`),
    );
    expect(missing).toEqual([]);
  });
});
