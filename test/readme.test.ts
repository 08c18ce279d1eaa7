import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
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

/** A folder with the files of an example, in which the package is installed. */
function exampleFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(root, 'examples/bookinfo'), folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/vs2route'), 'dir');
  return folder;
}

function manifestsIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter(name => name.endsWith('.yaml'));
  return Object.fromEntries(names.map(name => [name, readFileSync(join(folder, name), 'utf8')]));
}

test('the program that README shows does what convert --write does', () => {
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(readme, 'utf8')) ?? [];
  const [byLibrary, byCommand] = [exampleFolder(), exampleFolder()];
  const before = manifestsIn(byLibrary);
  writeFileSync(join(byLibrary, 'program.mjs'), program);
  const printed = execFileSync(process.execPath, ['program.mjs'], { cwd: byLibrary, encoding: 'utf8' });
  const command = [join(root, 'bin/vs2route.js'), 'convert', '--write', '--quiet', '--from', 'ambient'];
  execFileSync(process.execPath, command, { cwd: byCommand });
  expect(manifestsIn(byLibrary)).toEqual(manifestsIn(byCommand));
  expect(manifestsIn(byLibrary)['reviews.yaml']).not.toBe(before['reviews.yaml']);
  for (const line of printed.trimEnd().split('\n'))
    expect(line).toMatch(/^[a-z-]+\.yaml:\d+ (?:info|warning) [a-z-]+: \S/);
});
