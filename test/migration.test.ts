import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

const example =
  /<!-- (example|edited):(.*?) -->\n\n```yaml\n([\s\S]*?)```\n\nbecomes\n\n```yaml\n([\s\S]*?)```/g;

function run(args: readonly string[], input: string): string {
  const services = ['--with', join(folder, 'examples/migration/services.yaml')];
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [bin, 'convert', '--quiet', ...services, ...args],
    { cwd: folder, input, encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** The objects that `convert` prints. */
function printed(flags: readonly string[], before: string): string {
  return run(['-', ...flags], before);
}

/** The files that `convert --write` leaves; `# PATH` begins a file, where there are two or more. */
function edited(flags: readonly string[], before: string): string {
  const place = join(folder, 'edited');
  const parts = before.split(/^# (\S+\.yaml)\n/m);
  const [first = '', ...rest] = parts;
  const files =
    rest.length === 0
      ? [{ path: 'all.yaml', text: first, head: '' }]
      : rest.flatMap((path, index) =>
          index % 2 === 0 ? [{ path, text: rest[index + 1] ?? '', head: `# ${path}\n` }] : [],
        );
  for (const { path, text } of files) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  run(['--write', ...flags, 'edited'], '');
  const after = files.map(({ path, head }) => `${head}${readFileSync(join(place, path), 'utf8')}`).join('');
  rmSync(place, { recursive: true, force: true });
  return after;
}

test.each([
  ['MIGRATION.md', 8],
  ['docs/examples.md', 3],
] as const)(
  'every example of %s becomes the manifests that the page has',
  (page, least) => {
    const path = join(root, page);
    const expected = readFileSync(path, 'utf8').replaceAll(
      example,
      (whole: string, how: string, given: string, before: string, after: string) => {
        const flags = given.split(' ').filter(flag => flag !== '');
        const result = how === 'edited' ? edited(flags, before) : printed(flags, before);
        return `${whole.slice(0, whole.length - after.length - 3)}${result}\`\`\``;
      },
    );
    if (process.env['UPDATE'] !== undefined) writeFileSync(path, expected);
    const found = readFileSync(path, 'utf8');
    expect([...found.matchAll(example)].length).toBeGreaterThanOrEqual(least);
    expect(found).toBe(expected);
  },
  300_000,
);

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
  expect(text.split('\n').length).toBeLessThan(800);
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? '');
  expect(links.filter(path => !existsSync(join(root, path)))).toEqual([]);
  expect(proseOf(text).flatMap(faultsOfText)).toEqual([]);
});
