import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../src');

/** Every folder and file of src, from the ground up: each may import from those on the lines before it, and from its own folder. */
const strata: readonly (readonly string[])[] = [
  ['istio', 'gateway-api', 'budget.ts'],
  ['yaml'],
  ['diagnostics'],
  ['1-read'],
  ['2-decode'],
  ['admission', 'implementations'],
  ['options.ts'],
  ['3-link'],
  ['semantics'],
  ['deciding-rule.ts', '4-translate'],
  ['5-order'],
  ['6-emit'],
  ['conversion.ts'],
  ['7-settle'],
  ['read-resources.ts', 'subset-services.ts'],
  ['8-convert'],
  ['convert.ts'],
  ['verify'],
  ['session.ts', 'library'],
  ['print'],
  ['suggest'],
  ['review'],
  ['reporters'],
  ['page', 'browser'],
  ['cli'],
  ['index.ts'],
];

const stratumOf = new Map(strata.flatMap((entries, level) => entries.map(entry => [entry, level] as const)));

/** What only the outermost layer may be imported by. */
const outermost = ['cli', 'reporters', 'browser', 'page'];

function files(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name));
}

function layerOf(path: string): string {
  return relative(source, path).split('/')[0] ?? '';
}

const imports = files(source).flatMap(file => {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) => ({
    file: relative(source, file),
    from: layerOf(file),
    target: relative(source, join(dirname(file), target)),
    to: layerOf(join(dirname(file), target)),
  }));
});

test('every folder and file of src has its place', () => {
  expect([...stratumOf.keys()].sort()).toEqual(readdirSync(source).sort());
});

test('imports point down only', () => {
  const levelOf = (entry: string) => stratumOf.get(entry) ?? -1;
  const upward = imports.filter(({ from, to }) => levelOf(to) > levelOf(from));
  expect(upward).toEqual([]);
});

test('no files import each other, not even by way of others', () => {
  const targetsOf = new Map(files(source).map(file => [relative(source, file), [] as string[]]));
  // The docstring of istio/index.ts says how that is imported.
  for (const { file, target } of imports) if (target !== file) targetsOf.get(file)?.push(target);
  // A file whose imports are all settled is no part of a circle; files that stay are, or lead to one.
  for (let settled = ['']; settled.length > 0; ) {
    settled = [...targetsOf]
      .filter(([, targets]) => !targets.some(to => targetsOf.has(to)))
      .map(([file]) => file);
    for (const file of settled) targetsOf.delete(file);
  }
  expect([...targetsOf.keys()]).toEqual([]);
});

test('nothing but the commands uses commands, and nothing inside uses reporters', () => {
  const strays = imports.filter(({ from, to }) => outermost.includes(to) && !outermost.includes(from));
  expect(strays).toEqual([]);
});

test('only the commands touch Node.js, files, the terminal and the network', () => {
  const io = /from 'node:|\bBuffer\.|process\.(stdout|stderr|env|argv)|fetch\(/;
  const strays = files(source)
    .filter(file => layerOf(file) !== 'cli' && io.test(readFileSync(file, 'utf8')))
    .map(file => relative(source, file));
  expect(strays).toEqual([]);
});
