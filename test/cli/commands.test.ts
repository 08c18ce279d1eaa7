import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { limitsInShort } from '../../src/reporters/limits.ts';
import { placeWith } from './run.ts';
import { faultyVirtualService, runHere, shopRoute, shopService, shopVirtualService } from './shop.ts';

const schemaOf = (name: string): { readonly $id: string } =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../schemas/${name}.schema.json`), 'utf8'));

function expectValid(name: string, value: unknown): void {
  const schemas = ['report', 'trace', 'verification'].map(schemaOf);
  const ajv = new Ajv({ strict: false, schemas });
  expect(ajv.validate(schemaOf(name).$id, value), ajv.errorsText()).toBe(true);
}

const before = { 'before/vs.yaml': shopVirtualService('cart'), 'before/service.yaml': shopService('cart') };
const same = { ...before, 'after/route.yaml': shopRoute('cart'), 'after/service.yaml': shopService('cart') };
const other = {
  ...same,
  'after/route.yaml': shopRoute('cart').replace(
    /name: cart\n {6}port: 8080\n$/,
    'name: pay\n      port: 8080\n',
  ),
  'after/pay.yaml': shopService('pay'),
};

test('verify: 0 for the same, 1 for what differs, 2 for trouble', async () => {
  const verified = await runHere(placeWith(same), ['verify', 'before', 'after']);
  expect({ ...verified, stdout: verified.stdout.split(':')[0] }).toEqual({
    code: 0,
    stdout: 'same',
    stderr: limitsInShort(),
  });
  const differing = await runHere(placeWith(other), ['verify', 'before', 'after']);
  expect(differing.code).toBe(1);
  expect(differing.stdout).toContain('pay.shop');
  const broken = await runHere(placeWith({ ...same, 'after/x.yaml': 'kind: VirtualService\na: [\n' }), [
    'verify',
    'before',
    'after',
  ]);
  expect(broken.code).toBe(2);
  expect(await runHere(placeWith(same), ['verify', 'before', 'gone'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: gone: no such file or folder\n  fix: Check the path; it is relative to the working folder.\n',
  });
});

test.each([
  ['1s', 0, 'same'],
  ['2s', 1, 'different'],
])('verify: a tree may be named from a folder beside it or below: %s', async (to, code, word) => {
  const files = (timeout: string) => ({
    'base/kustomization.yaml': 'resources: [vs.yaml]\n',
    'base/vs.yaml': shopVirtualService('pay'),
    'prod/kustomization.yaml': `resources: [../base]\npatches:\n- target: {kind: VirtualService}\n  patch: '[{"op": "add", "path": "/spec/http/0/timeout", "value": "${timeout}"}]'\n`,
  });
  const side = (name: string, timeout: string) =>
    Object.fromEntries(Object.entries(files(timeout)).map(([path, text]) => [`${name}/${path}`, text]));
  const place = placeWith({ ...side('before', '1s'), ...side('after', to) });
  for (const [folder = '.', ...args] of [
    ['.', 'before', 'after'],
    ['after', '../before', '.'],
    ['before', '.', '../after'],
    ['after/base', '../../before', '..'],
  ]) {
    const result = await runHere(place, ['verify', '--quiet', ...args], { folder });
    expect({ folder, code: result.code, word: /^(?:same|different)(?=:)/m.exec(result.stdout)?.[0] }).toEqual(
      {
        folder,
        code,
        word,
      },
    );
  }
});

test('verify: values of a chart and sources of generators that differ leave open what runs', async () => {
  const template = `kind: VirtualService\napiVersion: networking.istio.io/v1\nspec:\n  hosts: {{ .Values.hosts }}\n`;
  const files = (side: string, value: string) => ({
    [`${side}/pay.yaml`]: shopService('pay'),
    [`${side}/chart/Chart.yaml`]: 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
    [`${side}/chart/templates/vs.yaml`]: template,
    [`${side}/chart/values.yaml`]: `hosts: [${value}]\n`,
    [`${side}/lib/vs.jsonnet`]: `{ kind: 'VirtualService', spec: { hosts: ['${value}'] } }\n`,
  });
  const told = await runHere(placeWith({ ...files('before', 'a'), ...files('after', 'b') }), [
    'verify',
    'before',
    'after',
  ]);
  expect(told.code).toBe(2);
  expect(told.stdout.match(/(?<=not read: )\S+/g)).toEqual([
    'before/chart/values.yaml',
    'after/chart/values.yaml',
    'before/lib/vs.jsonnet',
    'after/lib/vs.jsonnet',
  ]);
  const alike = await runHere(placeWith({ ...files('before', 'a'), ...files('after', 'a') }), [
    'verify',
    'before',
    'after',
  ]);
  expect(alike.code).toBe(0);
});

test('verify: what convert --output wrote does what the input did', async () => {
  const place = placeWith(before);
  await runHere(place, ['convert', '--quiet', '--output', 'after', 'before']);
  expect((await runHere(place, ['verify', 'before', 'after'])).code).toBe(0);
  const kept = await runHere(place, ['verify', 'before/vs.yaml', '-', '--with', 'before/service.yaml'], {
    input: shopRoute('cart'),
  });
  expect(kept.code).toBe(0);
});

test.each([
  ['same', same],
  ['different', other],
])('verify --format json keeps to its schema: %s', async (_name, files) => {
  const { stdout } = await runHere(placeWith(files), ['verify', 'before', 'after', '--format', 'json']);
  expectValid('verification', JSON.parse(stdout));
  expect(JSON.parse(stdout).same).toBe(files === same);
});

const request = ['trace', '--host', 'cart.shop', '--path', '/x', '--header', 'x-user: me'];

test('trace: which rule takes a request before and after, with its place', async () => {
  const { code, stdout, stderr } = await runHere(placeWith(before), request);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('before/vs.yaml:10:5');
  expect(stdout).toContain('cart.shop:8080');
});

test('trace --format json keeps to its schema', async () => {
  const { code, stdout } = await runHere(placeWith(before), [...request, '--format', 'json']);
  expect(code).toBe(0);
  expectValid('trace', JSON.parse(stdout));
});

test('trace: a host that nothing speaks of, or not at this port', async () => {
  const place = placeWith(before);
  expect(await runHere(place, ['trace', '--host', 'nobody'])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: http://nobody:80: no VirtualService or route in the input has this host
  fix: Use a host of a VirtualService, or a Service by one of its names.
`,
  });
  const { code, stderr } = await runHere(place, ['trace', '--host', 'cart.shop', '--port', '81']);
  expect({ code, first: stderr.split('\n')[0] }).toEqual({
    code: 2,
    first: 'error: http://cart.shop:81: the host is served at other ports',
  });
});

test.each([
  [['trace'], 'error: trace: the request has no host'],
  [['verify', 'before'], "error: missing required argument 'after'"],
  [
    ['convert', '--prefix', 'word'],
    "error: option '--prefix <path|string>' argument 'word' is invalid. Choose one of path, string.",
  ],
  [
    ['convert', '--write', '--output', 'x'],
    "error: option '--write' cannot be used with option '-o, --output <folder>'",
  ],
  [['diff', '--nope'], "error: unknown option '--nope'"],
])('bad usage: %s', async (args, message) => {
  const { code, stdout, stderr } = await runHere(placeWith(before), args);
  expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 2, stdout: '', first: message });
});

test.each([
  'convert',
  'diff',
  'report',
  'suggest',
  'check',
  'verify',
  'trace',
  'fn',
  'explain',
  'codes',
  'completion',
])('%s --help', async command => {
  const { code, stdout, stderr } = await runHere(placeWith({}), [command, '--help']);
  expect({ code, stderr, first: stdout.split('\n')[0] }).toEqual({
    code: 0,
    stderr: '',
    first: expect.stringMatching(new RegExp(`^Usage: vs2route ${command}\\b`)),
  });
});

test('same input, same bytes, wherever it lies', async () => {
  const files = {
    ...before,
    'before/b.yaml': faultyVirtualService('pay'),
    'before/c.yaml': shopService('pay'),
  };
  const outputs = await Promise.all(
    [1, 2].map(async () => {
      const place = placeWith(files);
      const runs = [['convert'], ['report', '--format', 'json'], ['report', '--format', 'html'], ['diff']];
      return Promise.all(runs.map(args => runHere(place, args)));
    }),
  );
  expect(outputs[0]).toEqual(outputs[1]);
});
