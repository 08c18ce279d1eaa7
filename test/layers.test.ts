import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../src');

/** The order of the phases: each may import from those before it. What has no number here stands beside all of them. */
const order = ['1-read', '2-decode', '3-link', 'semantics', '4-translate', '5-order', '6-emit', '7-settle'];

/** Types, tables and builders that every phase may use; they may use the first two phases for their types. */
const ground = ['istio', 'gateway-api', 'diagnostics', 'options.ts', 'budget.ts', 'conversion.ts'];

/** What only the outermost layer may be imported by. */
const outermost = ['cli', 'reporters', 'browser', 'page'];

function files(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
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

test('imports point down the phases only', () => {
  const upward = imports.filter(
    ({ from, to }) => order.includes(from) && order.indexOf(to) > order.indexOf(from),
  );
  expect(upward).toEqual([]);
});

test('the ground needs no phase but for what it reads', () => {
  const strays = imports.filter(
    ({ from, to }) =>
      (from === 'istio' || from === 'gateway-api') && order.indexOf(to) > order.indexOf('2-decode'),
  );
  expect(strays).toEqual([]);
});

test('nothing but the commands uses commands, and nothing inside uses reporters', () => {
  const strays = imports.filter(
    ({ from, to }) => outermost.includes(to) && !outermost.includes(from) && from !== 'suggest',
  );
  expect(strays).toEqual([]);
});

test('only the commands touch Node.js, files, the terminal and the network', () => {
  const io = /from 'node:|\bBuffer\.|process\.(stdout|stderr|env|argv)|fetch\(/;
  const strays = files(source)
    .filter(file => layerOf(file) !== 'cli' && io.test(readFileSync(file, 'utf8')))
    .map(file => relative(source, file));
  expect(strays).toEqual([]);
});

test('every folder has its place', () => {
  const known = [...order, ...ground, ...outermost, 'suggest', 'review', 'library', 'browser'];
  const strays = readdirSync(source, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !known.includes(entry.name))
    .map(({ name }) => name);
  expect(strays).toEqual([]);
});
