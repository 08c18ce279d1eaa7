import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loaderOf, loadKept } from '../../src/cli/kept-code.ts';
import { placeWith } from './run.ts';

const crypto: object = createRequire(import.meta.url)('node:crypto');

const program = {
  'a.cjs':
    "const b = require('./b.cjs'); exports.sum = b.one + b.one; exports.name = require('node:path').basename(__filename);",
  'b.cjs': 'exports.one = 1;',
  'c.cjs': 'exports.three = 3;',
};

test('files load each other once, with and without kept code, which is one file for each', () => {
  const folder = placeWith(program).path;
  expect(loadKept(folder, 'a.cjs')).toEqual({ sum: 2, name: 'a.cjs' });
  const loader = loaderOf(folder);
  expect(loader.load('a.cjs')).toEqual({ sum: 2, name: 'a.cjs' });
  expect(loader.load('b.cjs')).toBe(loader.load('b.cjs'));
  loader.keep(['c.cjs']);
  const suffix = `${process.version}-${process.arch}.cache`;
  expect(readdirSync(folder).toSorted()).toEqual(
    Object.keys(program).flatMap(name => [name, `${name}.${suffix}`]),
  );
  expect(loadKept(folder, 'a.cjs')).toEqual({ sum: 2, name: 'a.cjs' });
});

test('modules of Node.js that are loaded late have all that they have otherwise', () => {
  const text =
    "const late = require('node:crypto'); exports.late = { ...late }; exports.has = 'createHash' in late;";
  const folder = placeWith({ 'a.cjs': text }).path;
  expect(loaderOf(folder).load('a.cjs')).toEqual({ late: { ...crypto }, has: true });
});

test('code that V8 refuses is compiled anew', () => {
  const folder = placeWith(program).path;
  const loader = loaderOf(folder);
  loader.load('a.cjs');
  loader.keep([]);
  for (const name of readdirSync(folder).filter(file => file.endsWith('.cache')))
    writeFileSync(join(folder, name), 'made by another program');
  expect(loadKept(folder, 'a.cjs')).toEqual({ sum: 2, name: 'a.cjs' });
});

const refusals = `
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
const [folder, ...names] = process.argv.slice(1);
const refused = names.filter(name => {
  const text = readFileSync(folder + '/' + name, 'latin1');
  const cachedData = readFileSync(folder + '/' + name + '.' + process.version + '-' + process.arch + '.cache');
  return new vm.Script('(function (exports, require, module, __filename, __dirname) {' + text + '\\n})', { cachedData })
    .cachedDataRejected;
});
console.log(JSON.stringify(refused));
`;

test('the files of the built program are in ASCII, hold a hash in their names, and V8 takes the code that was kept of them', () => {
  const folder = fileURLToPath(new URL('../../dist/cli/', import.meta.url));
  const files = readdirSync(folder).filter(name => /^main\..*\.cjs$/.test(name));
  const kept = files.filter(name =>
    readdirSync(folder).includes(`${name}.${process.version}-${process.arch}.cache`),
  );
  expect(kept.map(name => name.split('-')[0])).toEqual(
    expect.arrayContaining(['main.convert', 'main.lot', 'main.main', 'main.start']),
  );
  for (const name of files) {
    expect(name).toMatch(/^main\.[a-z-]+-[\w-]{8}\.cjs$/);
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(/^[\0-\x7F]*$/);
  }
  // In a process without flags, as the program starts in.
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', refusals, folder, ...kept]);
  expect(JSON.parse(String(stdout))).toEqual([]);
});
