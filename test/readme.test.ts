import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');

/** What a terminal shows: the result, then what is for people. */
function run(args: readonly string[]): string {
  const { PATH = '' } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/vs2route.js'), ...args], {
    cwd: root,
    env: { PATH },
    encoding: 'utf8',
  });
  return stdout + stderr;
}

test('every command that README shows prints what README shows', () => {
  const text = readFileSync(readme, 'utf8');
  const block = /^```console\n\$ vs2route (.+)\n(?:.*\n)*?```$/gm;
  const expected = text.replace(
    block,
    (_, command: string) => `\`\`\`console\n$ vs2route ${command}\n${run(command.split(' '))}\`\`\``,
  );
  expect(text.match(block)).toHaveLength(4);
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
