import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { catalog } from '../../src/diagnostics/catalog.ts';
import type { CatalogEntry } from '../../src/diagnostics/catalog-entry.ts';
import { families } from '../../src/diagnostics/families.ts';
import { placeWith, virtualService } from './run.ts';

const place = (): ReturnType<typeof placeWith> => placeWith({});
const packageFile = new URL('../../package.json', import.meta.url);
const bin = fileURLToPath(new URL('../../bin/vs2route.js', import.meta.url));

test('--version', () => {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
  expect(place().runReal(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help has the exit codes', () => {
  for (const args of [['--help'], ['help'], ['convert', '--help'], ['help', 'convert']]) {
    const { code, stdout, stderr } = place().runReal(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`
Exit codes:
  0  everything was converted, or there was nothing to convert
  1  something was not converted; its files are unchanged
  2  bad usage, or an input that cannot be read (the others are converted)
`);
  }
});

test('without a command: the help, on stderr, and exit 2', () => {
  const { code, stdout, stderr } = place().runReal([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: vs2route');
});

test('an unknown command: did you mean, exit 2', () => {
  const stderr = "error: unknown command 'convrt'\n(Did you mean convert?)\n";
  expect(place().runReal(['convrt'])).toEqual({ code: 2, stdout: '', stderr });
});

test('codes lists every code with its severity and fate, by family', () => {
  const { code, stdout, stderr } = place().runReal(['codes']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const blocks = stdout.trimEnd().split('\n\n');
  const expected = Object.entries(families).map(([family, { title }]) => [
    `${title} (${family})`,
    ...Object.entries<CatalogEntry>(catalog)
      .filter(([, entry]) => entry.family === family)
      .map(([name, { severity, fate }]) => [name, severity, fate].join(' '))
      .toSorted(),
  ]);
  expect(
    blocks.map(block => {
      const [head, ...lines] = block.split('\n');
      return [head, ...lines.map(line => line.split(/ +/).slice(0, 3).join(' ')).toSorted()];
    }),
  ).toEqual(expected);
});

test('codes --json has every code once, and explain --json the same entry', () => {
  const parsed = JSON.parse(place().runReal(['codes', '--json']).stdout) as {
    readonly family: string;
    readonly codes: readonly { readonly code: string }[];
  }[];
  const entries = parsed.flatMap(({ codes }) => codes);
  expect(entries.map(({ code }) => code).toSorted()).toEqual(Object.keys(catalog).toSorted());
  expect(parsed.map(({ family }) => family)).toEqual(Object.keys(families));
  const one = JSON.parse(place().runReal(['explain', 'fault-injection', '--json']).stdout);
  expect(one).toEqual(entries.find(({ code }) => code === 'fault-injection'));
  expect(one.page).toBe('docs/codes/resilience.md#fault-injection');
});

test('explain knows codes of earlier versions, retired codes and families', () => {
  const said = (...args: readonly string[]) => place().runReal(['explain', ...args]).stdout;
  expect(said('fault-abort')).toBe(said('fault-injection'));
  expect(said('needs-gateway-api')).toContain('is not reported any more');
  expect(said('subsets').split('\n')[0]).toBe('Subsets (subsets)');
});

test('help fits a terminal of 80 columns', () => {
  const commands = [
    'convert',
    'diff',
    'report',
    'review',
    'suggest',
    'check',
    'verify',
    'trace',
    'fn',
    'explain',
    'codes',
    'completion',
  ];
  for (const args of [[], ...commands.map(command => [command])]) {
    const { stdout } = place().runReal([...args, '--help']);
    expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([]);
  }
});

test('explain tells everything about a code', () => {
  const { message, why, remedy } = catalog['duplicate-key'];
  const unwrapped = (text: string): string => text.replaceAll(/\n {2}(?=\S)/g, ' ');
  const { code, stdout, stderr } = place().runReal(['explain', 'duplicate-key']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(unwrapped(stdout)).toBe(
    unwrapped(`error[duplicate-key] (Files and YAML; the input is wrong)

Message
  ${message.replace('{key}', '<key>')}

Why
  ${why}

Action
  ${remedy}

Example
  timeout: 5s
  timeout: 10s
`),
  );
});

test('explain of every code works', () => {
  const codes = Object.keys(catalog);
  const results = [codes[0], codes.at(-1)].map(code => place().runReal(['explain', code ?? '']).code);
  expect(results).toEqual([0, 0]);
});

test.each([
  ['duplicat-key', 'duplicate-key'],
  ['bomb', 'alias-bomb'],
])('explain %s: did you mean, exit 2', (wrong, right) => {
  expect(place().runReal(['explain', wrong])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${wrong}: there is no such code
  fix: Did you mean ${right}? \`vs2route codes\` lists all codes.
`,
  });
});

test('explain without a code: exit 2', () => {
  expect(place().runReal(['explain'])).toEqual({
    code: 2,
    stdout: '',
    stderr: "error: missing required argument 'code'\n",
  });
});

test('a reader of the output may stop early', () => {
  const { stdout, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${bin}" codes | head -n 1`], {
    encoding: 'utf8',
  });
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr).toBe('');
});

test('the conversion itself is what the program runs', () => {
  const { stderr } = placeWith({ 'a.yaml': virtualService('a') }).runReal(['convert', 'a.yaml']);
  expect(stderr).toContain('VirtualService ');
});

test('a folder that was not built says what to do', () => {
  const unbuilt = placeWith({ 'bin/package.json': '{"type": "module"}' });
  const copy = join(unbuilt.path, 'bin/vs2route.js');
  copyFileSync(bin, copy);
  const { stderr, status } = spawnSync(process.execPath, [copy, 'codes'], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({
    stderr: 'vs2route is not built yet: run `npm install` in its folder.\n',
    status: 2,
  });
});
