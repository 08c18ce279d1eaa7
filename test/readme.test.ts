import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shownCommand, withOutputs } from './shown-commands.ts';

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');

test('every command that README shows prints what README shows', () => {
  const text = readFileSync(readme, 'utf8');
  const expected = withOutputs(text);
  expect(text.match(shownCommand)).toHaveLength(4);
  if (process.env['UPDATE'] !== undefined) writeFileSync(readme, expected);
  expect(readFileSync(readme, 'utf8')).toBe(expected);
});

test('README links to files that exist', () => {
  const links = [...readFileSync(readme, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
    ([, path]) => path,
  );
  expect(links.filter(path => path === undefined || !existsSync(join(root, path)))).toEqual([]);
  expect(links).toContain('MIGRATION.md');
});
