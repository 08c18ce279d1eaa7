import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { objectsIn } from '../drill/company.ts';
import { readArguments } from './arguments.ts';
import { neighbours } from './neighbours.ts';
import { differenceOf, tableOf } from './print.ts';
import { buildsOf, inAllEnvironments, sideBySide } from './rows.ts';

test('rows of one subject stand side by side, and those of one world alone have an empty side', () => {
  const before = [
    { subject: 'a.example.com', does: 'A 203.0.113.1' },
    { subject: 'b.example.com', does: 'A 203.0.113.1' },
  ];
  const after = [
    { subject: 'a.example.com', does: 'A 203.0.113.1' },
    { subject: 'a.example.com', does: 'AAAA 2001:db8::1' },
    { subject: 'c.example.com', does: 'A 203.0.113.1' },
  ];
  expect(sideBySide(before, after)).toEqual([
    { subject: 'a.example.com', before: 'A 203.0.113.1', after: 'A 203.0.113.1; AAAA 2001:db8::1' },
    { subject: 'b.example.com', before: 'A 203.0.113.1', after: '' },
    { subject: 'c.example.com', before: '', after: 'A 203.0.113.1' },
  ]);
});

const service = (name: string, port: number) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {ports: [{port: ${port}}]}\n`;

test('a build counts the objects that are the same, and names those that come, go and change', () => {
  const before = objectsIn(['gone', 'same', 'changed'].map(name => service(name, 80)).join('---\n'));
  const after = objectsIn([service('same', 80), service('changed', 81), service('new', 80)].join('---\n'));
  expect(buildsOf(before, after)).toEqual([
    { subject: 'Service shop/changed', before: 'built', after: 'built, with another content' },
    { subject: 'Service shop/gone', before: 'built', after: '' },
    { subject: 'Service shop/new', before: '', after: 'built' },
    { subject: 'objects that are the same', before: '1 built', after: '1 built' },
  ]);
});

test('a line that only one environment has carries its name', () => {
  const shared = { subject: 'Service shop/web', before: 'built', after: '' };
  const own = { subject: 'Service shop/cart', before: '', after: 'built' };
  expect(inAllEnvironments({ production: [shared], staging: [shared, own] })).toEqual([
    shared,
    { subject: 'staging: Service shop/cart', before: '', after: 'built' },
  ]);
});

test('a table says nothing and the same in words, and keeps a bar inside its cell', () => {
  const [kustomize] = neighbours;
  expect(kustomize).toBeDefined();
  if (kustomize === undefined) return;
  const lines = [
    { subject: 'x', before: 'a|b', after: 'a|b' },
    { subject: 'y', before: '', after: 'c' },
  ];
  expect(tableOf(kustomize, 'v1', lines)).toBe(
    [
      '# kustomize v1',
      '',
      'Objects that each environment builds.',
      '',
      '| | before the conversion | after |',
      '| --- | --- | --- |',
      '| x | a\\|b | the same |',
      '| y | nothing | c |',
      '',
    ].join('\n'),
  );
});

test('a difference has the lines that are in one table only', () => {
  expect(differenceOf('a\nb\nc', 'a\nx\nc')).toBe('- b\n+ x');
});

test('each neighbour has a module and a table that a run is held to', () => {
  const missing = neighbours.flatMap(({ name }) =>
    [`test/neighbours/${name}/go.sum`, `testdata/company/neighbours/${name}.md`].filter(
      path => !existsSync(join(import.meta.dirname, '../..', path)),
    ),
  );
  expect(missing).toEqual([]);
});

test('a neighbour that nobody knows is bad usage', () => {
  expect(() => readArguments(['--only', 'nobody'])).toThrow('--only nobody: want some of kustomize,argo-cd');
  expect(readArguments(['--only', 'argo-cd', '--update'])).toEqual({
    only: neighbours.filter(({ name }) => name === 'argo-cd'),
    update: true,
  });
});
