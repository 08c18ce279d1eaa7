import fs, { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, onTestFinished, test } from 'vitest';
import type { ConvertFlags } from '../../src/cli/commands/convert.ts';
import { runWatch } from '../../src/cli/commands/run-watch.ts';
import { convert } from '../../src/index.ts';
import { placeWith } from './run.ts';

function app(name: string, timeout: number): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec:
  hosts: [${name}]
  http:
  - route: [{destination: {host: ${name}, port: {number: 80}}}]
    timeout: ${timeout}s
`;
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Watches a folder, and does one thing in it after each look.
 *
 * @returns the exit code, and what was printed at each look
 */
async function watched(
  cwd: string,
  flags: ConvertFlags,
  deeds: readonly (() => void)[],
): Promise<{ readonly code: number; readonly looks: readonly Printed[] }> {
  const looks: { stdout: string; stderr: string }[] = [];
  async function* look(): AsyncGenerator<void> {
    for (const deed of [() => undefined, ...deeds]) {
      deed();
      looks.push({ stdout: '', stderr: '' });
      yield;
    }
  }
  const to = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      const last = looks.at(-1);
      if (last !== undefined) last[name] += text;
    },
  });
  const code = await runWatch(['.'], flags, {
    cwd,
    env: {},
    stdin: (async function* () {})(),
    stdout: to('stdout'),
    stderr: to('stderr'),
    looks: look(),
    loadConvert: async () => convert,
  });
  return { code, looks };
}

function namesIn(stdout: string): readonly string[] {
  return loadAll(stdout.replace(/^---\n/, '')).map(
    object => (object as { metadata: { name: string } }).metadata.name,
  );
}

test('each change prints only new lines', async () => {
  const place = placeWith({ 'a.yaml': app('a', 1), 'b.yaml': app('b', 1) });
  const file = (name: string) => join(place.path, name);
  const { code, looks } = await watched(place.path, {}, [
    () => undefined,
    () => writeFileSync(file('b.yaml'), app('b', 22)),
    () => writeFileSync(file('b.yaml'), 'kind: VirtualService\nspec: [\n'),
    () => rmSync(file('a.yaml')),
    () => writeFileSync(file('b.yaml'), app('b', 22)),
  ]);
  const [first, nothing, changed, broken, gone, mended] = looks;
  expect(namesIn(first?.stdout ?? '')).toEqual(['a', 'b']);
  expect(nothing).toEqual({ stdout: '', stderr: '' });
  expect(namesIn(changed?.stdout ?? '')).toEqual(['b']);
  expect(changed?.stdout).toContain('request: 22s');
  expect(changed?.stderr).toBe(
    '1 file changed: 1 object new or changed, 0 gone; 0 diagnostics new, 0 no longer.\n',
  );
  expect(broken?.stdout).toBe('');
  expect(broken?.stderr).toContain('error[yaml-invalid]');
  expect(broken?.stderr).toContain('HTTPRoute shop/b is gone.\n');
  expect(gone?.stdout).toBe('');
  expect(gone?.stderr).toContain('HTTPRoute shop/a is gone.\n');
  expect(gone?.stderr).not.toContain('yaml-invalid');
  expect(namesIn(mended?.stdout ?? '')).toEqual(['b']);
  expect(mended?.stderr).toContain('No longer: error[yaml-invalid]');
  expect(code).toBe(0);
});

test('a file or an object that gets another name is new under the one and gone under the other', async () => {
  const place = placeWith({ 'a.yaml': app('a', 1), 'b.yaml': app('b', 1) });
  const file = (name: string) => join(place.path, name);
  const { looks } = await watched(place.path, {}, [
    () => writeFileSync(file('b.yaml'), app('c', 1)),
    () => renameSync(file('b.yaml'), file('elsewhere.yaml')),
    () => utimesSync(file('a.yaml'), 1, 1),
    () => writeFileSync(file('a.yaml'), `${app('a', 1)}---\n${app('d', 1)}`),
  ]);
  const [, renamed, moved, touched, added] = looks;
  expect(namesIn(renamed?.stdout ?? '')).toEqual(['c']);
  const noLonger = (name: string) =>
    `No longer: info[no-waypoint] no waypoint is found for Service ${name}, so the route is attached to the Service only\n`;
  const note = '1 note asks for no action: --verbose prints them.\n';
  expect(renamed?.stderr).toBe(
    `${note}HTTPRoute shop/b is gone.\n${noLonger('b')}1 file changed: 1 object new or changed, 1 gone; 1 diagnostic new, 1 no longer.\n`,
  );
  expect(moved).toEqual({
    stdout: '',
    stderr: `${note}${noLonger('c')}2 files changed: 0 objects new or changed, 0 gone; 1 diagnostic new, 1 no longer.\n`,
  });
  expect(touched).toEqual({ stdout: '', stderr: '' });
  expect(namesIn(added?.stdout ?? '')).toEqual(['d']);
});

test('a file that disappears while it is read is told of, and the rest goes on', async () => {
  const place = placeWith({ 'a.yaml': app('a', 1), 'b.yaml': app('b', 1), 'c.yaml': app('c', 1) });
  const file = (name: string) => join(place.path, name);
  const { openSync } = fs;
  const restore = () => {
    fs.openSync = openSync;
    syncBuiltinESMExports();
  };
  onTestFinished(restore);
  const { code, looks } = await watched(place.path, {}, [
    () => {
      writeFileSync(file('c.yaml'), app('c', 33));
      fs.openSync = (path, ...rest) => {
        if (path === file('b.yaml')) rmSync(path);
        return openSync(path, ...rest);
      };
      syncBuiltinESMExports();
    },
    () => {
      restore();
      writeFileSync(file('a.yaml'), app('a', 11));
    },
  ]);
  const [, gone, after] = looks;
  expect(gone?.stderr).toContain('b.yaml: cannot be read: no such file or folder');
  expect(gone?.stderr).toContain('HTTPRoute shop/b is gone.\n');
  expect(namesIn(gone?.stdout ?? '')).toEqual(['c']);
  expect(after?.stderr).not.toContain('b.yaml');
  expect(namesIn(after?.stdout ?? '')).toEqual(['a']);
  expect(code).toBe(0);
});

test('the last state is what a full run prints', async () => {
  const place = placeWith({ 'a.yaml': app('a', 1), 'b.yaml': app('b', 1) });
  const { looks } = await watched(place.path, {}, [
    () => writeFileSync(join(place.path, 'c.yaml'), app('c', 3)),
    () => writeFileSync(join(place.path, 'a.yaml'), app('a', 44)),
  ]);
  const last = new Map<string, string>();
  for (const { stdout } of looks)
    for (const text of stdout.split('---\n').filter(one => one !== '')) last.set(namesIn(text).join(), text);
  const full = place.runReal(['convert', '.', '--quiet']).stdout;
  expect([...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)).toEqual(full.split('---\n'));
});

test('a limit that an update reaches is told, and the rest goes on', async () => {
  const entries = (count: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        `  - {match: [{headers: {x-${index}: {exact: a}}}], route: [{destination: {host: b, port: {number: 80}}}]}\n`,
    ).join('');
  const place = placeWith({ 'a.yaml': app('a', 1), 'b.yaml': app('b', 1) });
  const { code, looks } = await watched(place.path, { limitRequests: 12 }, [
    () =>
      writeFileSync(join(place.path, 'b.yaml'), app('b', 1).replace('  - route', `${entries(12)}  - route`)),
    () => writeFileSync(join(place.path, 'a.yaml'), app('a', 2)),
  ]);
  expect(looks[1]?.stderr).toContain('error[limit-reached]');
  expect(looks[1]?.stderr).toContain('HTTPRoute shop/b is gone.\n');
  expect(namesIn(looks[2]?.stdout ?? '')).toEqual(['a']);
  expect(code).toBe(1);
});

test('a configuration file that changes counts at once; one that is wrong is told of, and the choices stay', async () => {
  const place = placeWith({ 'a.yaml': app('a', 1).replace(', port: {number: 80}', '') });
  const config = join(place.path, 'vs2route.config.yaml');
  const { looks } = await watched(place.path, {}, [
    () => writeFileSync(config, 'defaultPort: 8080\n'),
    () => writeFileSync(config, 'defaultPort: high\n'),
  ]);
  expect(looks[0]?.stdout).toBe('');
  expect(namesIn(looks[1]?.stdout ?? '')).toEqual(['a']);
  expect(looks[2]?.stdout).toBe('');
  expect(looks[2]?.stderr).toContain('vs2route.config.yaml');
});

test('the standard input is refused, since it does not change', async () => {
  const place = placeWith({});
  const refused = place.runReal(['convert', '--watch', '-']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('the standard input cannot be used with --watch');
});
