import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, onTestFinished, test } from 'vitest';
import { addCheck } from '../../src/cli/commands/check.ts';
import { Refusal } from '../../src/cli/problem.ts';
import { convert } from '../../src/index.ts';
import {
  compareToBaseline,
  emptyBaseline,
  parseBaseline,
  printBaseline,
} from '../../src/suggest/baseline.ts';
import type { Finding } from '../../src/suggest/check.ts';
import { diffOf, type Files, faulty, service, virtualService, writeFiles } from '../forge/run.ts';

interface Place {
  readonly folder: string;
  check(...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }>;
}

function placeWith(files: Files): Place {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, files);
  const check = async (...args: readonly string[]) => {
    const out = { stdout: '', stderr: '' };
    let code: unknown;
    const { PATH = '' } = process.env;
    const world = {
      cwd: folder,
      env: { PATH },
      stdin: (async function* () {})(),
      stdout: {
        write: (text: string) => {
          out.stdout += text;
        },
      },
      stderr: {
        write: (text: string) => {
          out.stderr += text;
        },
      },
      loadConvert: async () => convert,
    };
    const program = new Command().exitOverride();
    addCheck(program, world as never, found => {
      code = found;
    });
    try {
      await program.parseAsync(['check', ...args], { from: 'user' });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      code = 'refused';
      out.stderr += error.message;
    }
    return { ...out, code };
  };
  return { folder, check };
}

const services = { 'services.yaml': ['reviews', 'ratings', 'cart'].map(service).join('---\n') };
const old = { ...services, 'old.yaml': virtualService('cart'), 'held.yaml': faulty('ratings') };

test('an added or changed VirtualService that converts fails; an unchanged or inconvertible one does not', async () => {
  const after = { ...old, 'new.yaml': virtualService('reviews') };
  const { folder, check } = placeWith(after);
  writeFileSync(join(folder, 'pull.diff'), diffOf(old, after));
  expect(await check('--diff', 'pull.diff')).toEqual({
    code: 1,
    stdout: 'new.yaml:1: convertible: VirtualService shop/reviews can be a Gateway API route\n',
    stderr: 'vs2route check: 1 finding that counts, 1 elsewhere.\n',
  });
  writeFileSync(
    join(folder, 'pull.diff'),
    diffOf(services, { ...services, 'held.yaml': after['held.yaml'] }),
  );
  expect((await check('--diff', 'pull.diff')).code).toBe(0);
  expect((await check('--diff', 'pull.diff', '--fail-on', 'error')).stdout).toBe(
    'held.yaml:12: fault-injection: fault injection (abort) cannot be expressed in a route\n',
  );
  expect((await check('--fail-on', 'never')).code).toBe(0);
  expect((await check()).stdout.split('\n')).toHaveLength(3);
});

/** A List of VirtualServices, each with a host of its name. */
const listOf = (...items: readonly string[]): string =>
  `apiVersion: v1\nkind: List\nitems:\n${items
    .map(item => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`)
    .join('')}`;

test('an item that a List gets is new; one that is edited there, and those beside it, are not', async () => {
  const [cart, reviews] = ['cart', 'reviews'].map(name => virtualService(name));
  const before = { ...services, 'list.yaml': listOf(cart ?? '') };
  const { folder, check } = placeWith(before);
  const checked = async (list: string) => {
    const after = { ...services, 'list.yaml': list };
    writeFiles(folder, { ...after, 'pull.diff': diffOf(before, after) });
    return (await check('--diff', 'pull.diff')).stdout;
  };
  const found = 'list.yaml:1: convertible: VirtualService shop/reviews can be a Gateway API route\n';
  expect(await checked(listOf(reviews ?? '', cart ?? ''))).toBe(found);
  expect(await checked(listOf(cart ?? '', reviews ?? ''))).toBe(found);
  expect(await checked(listOf(reviews ?? ''))).toBe(found);
  expect(await checked(listOf(virtualService('cart', '/other')))).toBe('');
});

test('a VirtualService that takes the place of another is new; one that has its host is not', async () => {
  const before = { ...services, 'vs.yaml': virtualService('cart') };
  const { folder, check } = placeWith(before);
  const checked = async (text: string) => {
    const after = { ...services, 'vs.yaml': text };
    writeFiles(folder, { ...after, 'pull.diff': diffOf(before, after) });
    return (await check('--diff', 'pull.diff')).stdout;
  };
  expect(await checked(virtualService('reviews'))).toBe(
    'vs.yaml:1: convertible: VirtualService shop/reviews can be a Gateway API route\n',
  );
  expect(await checked(virtualService('cart').replace('name: cart', 'name: basket'))).toBe('');
});

test('a baseline allows what was there, and no more', async () => {
  const { folder, check } = placeWith(old);
  const written = await check('--baseline', 'base.json', '--update-baseline');
  expect(written).toEqual({ code: 0, stdout: '', stderr: 'base.json: 1 finding allowed.\n' });
  expect(readFileSync(join(folder, 'base.json'), 'utf8')).toBe(
    '{\n  "version": 1,\n  "files": {\n    "old.yaml": {\n      "convertible": 1\n    }\n  }\n}\n',
  );
  expect((await check('--baseline', 'base.json')).code).toBe(0);

  writeFileSync(join(folder, 'old.yaml'), `# Moved.\n\n${old['old.yaml']}`);
  expect((await check('--baseline', 'base.json')).code).toBe(0);

  writeFileSync(join(folder, 'old.yaml'), `${old['old.yaml']}---\n${virtualService('reviews')}`);
  const more = await check('--baseline', 'base.json', '--format', 'json');
  expect(more.code).toBe(1);
  expect(JSON.parse(more.stdout)).toMatchObject({
    version: 1,
    known: 0,
    stale: [],
    findings: [{ line: 1 }, { line: 20 }],
  });

  writeFileSync(join(folder, 'old.yaml'), services['services.yaml']);
  const stale = await check('--baseline', 'base.json');
  expect(stale.code).toBe(0);
  expect(stale.stderr).toContain('warning: base.json allows old.yaml 1 of convertible, and there are 0.');
  expect((await check('--baseline', 'base.json', '--strict-baseline')).code).toBe(1);
});

test('a baseline keeps what a run cannot judge: other folders, and codes that do not count', async () => {
  const { folder, check } = placeWith({
    'a/all.yaml': `${service('reviews')}---\n${virtualService('reviews')}`,
    'b/all.yaml': `${service('ratings')}---\n${faulty('ratings')}`,
  });
  const base = ['--baseline', 'base.json'];
  await check(...base, '--update-baseline', '--fail-on', 'error');
  const files = { 'a/all.yaml': { convertible: 1 }, 'b/all.yaml': { 'fault-injection': 1 } };
  const allowed = () => JSON.parse(readFileSync(join(folder, 'base.json'), 'utf8')).files;
  expect(allowed()).toEqual(files);

  for (const args of [['a'], ['--fail-on', 'error', 'b'], ['--fail-on', 'never'], ['.']])
    expect(await check(...base, '--strict-baseline', ...args)).toMatchObject({ code: 0, stdout: '' });
  await check(...base, '--update-baseline', 'a');
  expect(allowed()).toEqual(files);

  // What is deleted can be judged by every run.
  rmSync(join(folder, 'a/all.yaml'));
  const { code, stderr } = await check(...base, '--strict-baseline', 'b');
  expect(code).toBe(1);
  expect(stderr).toContain('warning: base.json allows a/all.yaml 1 of convertible, and there are 0.');
  await check(...base, '--update-baseline', 'b');
  expect(allowed()).toEqual({ 'b/all.yaml': { 'fault-injection': 1 } });
});

test('a refusal is new when its VirtualService is changed; so is a file that no longer parses', async () => {
  const broken = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: [\n';
  const after = {
    ...services,
    'held.yaml': faulty('ratings').replace('  name: ratings', '  labels:\n    a: b\n  name: ratings'),
    'broken.yaml': broken,
    'also.yaml': faulty('cart'),
  };
  const before = { ...services, 'held.yaml': faulty('ratings'), 'also.yaml': faulty('cart') };
  const { folder, check } = placeWith(after);
  writeFileSync(join(folder, 'pull.diff'), diffOf(before, after));
  const { code, stdout } = await check('--diff', 'pull.diff', '--fail-on', 'error');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^broken\.yaml:\d+: yaml-invalid: .*\nheld\.yaml:14: fault-injection: .*\n$/);
});

test('findings beyond the limit of annotations are counted', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `app-${index}`);
  const { check } = placeWith({
    'all.yaml': names.map(name => `${service(name)}---\n${virtualService(name)}`).join('---\n'),
  });
  const lines = (await check('--format', 'annotations')).stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines[9]).toBe('::error title=vs2route::and 3 more like this; vs2route check lists them');
});

test('formats for CI', async () => {
  const { check } = placeWith({ ...services, 'new.yaml': virtualService('reviews') });
  expect((await check('--format', 'annotations')).stdout).toBe(
    '::error file=new.yaml,line=1,title=vs2route%3A convertible::VirtualService shop/reviews can be a Gateway API route. Run vs2route convert --write, or take the suggestion\n',
  );
  const sarif = JSON.parse((await check('--format', 'sarif')).stdout);
  const results: readonly { ruleId: string; suppressions?: unknown }[] = sarif.runs[0].results;
  expect(
    results.filter(({ suppressions }) => suppressions === undefined).map(({ ruleId }) => ruleId),
  ).toEqual(['convertible']);
});

test('bad input', async () => {
  const { folder, check } = placeWith(old);
  expect((await check('--update-baseline')).stderr).toContain('needs to know which file it is');
  expect((await check('--baseline', 'none.json')).stderr).toContain(
    'none.json: is not a baseline: no such file',
  );
  for (const text of [
    '',
    '[]',
    '{"version":2,"files":{}}',
    '{"version":1,"files":{"a":{"x":0}}}',
    '{"version":1,"files":{"a":3}}',
  ]) {
    writeFileSync(join(folder, 'bad.txt'), text);
    const { code, stderr } = await check('--baseline', 'bad.txt');
    expect(code).toBe('refused');
    expect(stderr).toContain('bad.txt: is not a baseline');
  }
  expect((await check('nowhere')).code).toBe(2);
});

test('names from outside are names, whatever they are', () => {
  const finding: Finding = {
    code: 'constructor',
    path: '__proto__',
    line: 1,
    severity: 'error',
    message: '',
    isTouched: true,
  };
  const judge = (): boolean => true;
  expect(compareToBaseline([finding], emptyBaseline, judge).fresh).toEqual([finding]);
  const baseline = parseBaseline(printBaseline([finding], emptyBaseline, judge));
  expect(compareToBaseline([finding], baseline, judge).fresh).toEqual([]);
});
