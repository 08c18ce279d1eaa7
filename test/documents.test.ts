import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Code, catalog, entryOf } from '../src/diagnostics/catalog.ts';
import { codePages } from '../src/reporters/code-pages.ts';
import { fieldsPage } from '../src/reporters/fields.ts';
import { implementationsText } from '../src/reporters/implementations.ts';
import { limitsText } from '../src/reporters/limits.ts';

const root = join(import.meta.dirname, '..');

/** Documents that begin with what a person wrote, and go on with what is generated, behind a comment that says so. */
const documents = [
  {
    path: 'docs/implementations.md',
    source: 'src/implementations',
    rest: implementationsText,
  },
  { path: 'docs/limits.md', source: 'src/reporters/limits.ts', rest: limitsText },
];

test.each(documents)('$path is what $source says', ({ path, source, rest }) => {
  const file = join(root, path);
  const marker = `<!-- The rest of this file is written by \`npm run update\` from ${source}. -->\n\n`;
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(marker);
  const expected = text.slice(0, text.indexOf(marker) + marker.length) + rest();
  if (process.env['UPDATE'] !== undefined) writeFileSync(file, expected);
  expect(readFileSync(file, 'utf8')).toBe(expected);
});

test('docs/fields.md is what src/diagnostics/fields says', () => {
  const file = join(root, 'docs/fields.md');
  if (process.env['UPDATE'] !== undefined) writeFileSync(file, fieldsPage());
  expect(readFileSync(file, 'utf8')).toBe(fieldsPage());
});

test('docs/codes has a page for each family and no other', () => {
  const folder = join(root, 'docs/codes');
  const expected = Object.fromEntries(codePages().map(({ name, text }) => [name, text]));
  if (process.env['UPDATE'] !== undefined) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const [name, text] of Object.entries(expected)) writeFileSync(join(folder, name), text);
  }
  const found = readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]);
  expect(Object.fromEntries(found)).toEqual(expected);
});

describe.each(Object.keys(catalog) as Code[])('%s', code => {
  const { message, why, remedy } = entryOf(code);

  test('says why and what to do in sentences', () => {
    expect(code).toMatch(/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/);
    expect(message).not.toMatch(/\.$/);
    expect(why).toMatch(/[.}]$/);
    expect(remedy).toMatch(/[.}]$/);
  });
});
