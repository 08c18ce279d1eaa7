import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOfText, proseOf } from './language.ts';
import { shownShellCommands } from './shown-commands.ts';

const root = join(import.meta.dirname, '..');
const guide = join(root, 'MIGRATION.md');
const bin = join(root, 'bin/vs2route.js');

/** A folder with a copy of the examples, as a reader of the guide has it. */
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vs2route-guide-'));
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const example = /<!-- example:(.*?) -->\n\n```yaml\n([\s\S]*?)```\n\nbecomes\n\n```yaml\n([\s\S]*?)```/g;

function converted(flags: string, before: string): string {
  const given = flags.split(' ').filter(flag => flag !== '');
  const shown = ['--with', 'examples/migration/services.yaml'];
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [bin, 'convert', '-', '--quiet', ...shown, ...given],
    { cwd: folder, input: before, encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

test('every example of the guide becomes what the guide shows', () => {
  const text = readFileSync(guide, 'utf8');
  const expected = text.replaceAll(
    example,
    (whole: string, flags: string, before: string, after: string) =>
      `${whole.slice(0, whole.length - after.length - 3)}${converted(flags, before)}\`\`\``,
  );
  if (process.env['UPDATE'] !== undefined) writeFileSync(guide, expected);
  const found = readFileSync(guide, 'utf8');
  expect([...found.matchAll(example)].length).toBeGreaterThanOrEqual(9);
  expect(found).toBe(expected);
}, 300_000);

/** Commands with one of these need a cluster or its snapshot: test/cli/cluster.test.ts runs them with recorded answers. */
const ofCluster = new Set(['-A', '--cluster', '--with-cluster', 'status', 'prod.yaml']);

test.each([
  ['MIGRATION.md', 15],
  ['README.md', 2],
] as const)(
  'every command of vs2route in %s runs, in its order',
  (page, least) => {
    const shown = shownShellCommands(readFileSync(join(root, page), 'utf8'));
    const commands = shown.filter(args => !args.some(arg => ofCluster.has(arg)));
    expect(commands.length).toBeGreaterThanOrEqual(least);
    for (const args of commands) {
      const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect({ args, works: status === 0 || status === 1, stderr: status === 2 ? stderr : '' }).toEqual({
        args,
        works: true,
        stderr: '',
      });
    }
  },
  300_000,
);

test('README is in the style of the project', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8').replace(/## Speed[\s\S]*?(?=## License)/, '');
  expect(proseOf(text).flatMap(faultsOfText)).toEqual([]);
});

test('the guide is short, links to files that exist, and is in the style of the project', () => {
  const text = readFileSync(guide, 'utf8');
  expect(text.split('\n').length).toBeLessThan(820);
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? '');
  expect(links.filter(path => !existsSync(join(root, path)))).toEqual([]);
  expect(proseOf(text).flatMap(faultsOfText)).toEqual([]);
});
