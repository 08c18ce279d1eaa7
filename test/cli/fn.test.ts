import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { catalog } from '../../src/diagnostics/catalog.ts';
import { placeWith } from './run.ts';
import { faultyVirtualService, isThere, runHere, shopRoute, shopVirtualService } from './shop.ts';

const functionBin = fileURLToPath(new URL('../../bin/vs2route-fn.js', import.meta.url));

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ').replace(/^ {2}/, '- ');

const annotated = (text: string, path: string): string =>
  text.replace(
    '  namespace: shop\n',
    `  namespace: shop
  annotations:
    config.kubernetes.io/path: ${path}
    internal.config.kubernetes.io/path: ${path}
`,
  );

const listOf = (functionConfig: string, ...items: readonly string[]): string =>
  `apiVersion: config.kubernetes.io/v1
kind: ResourceList
${functionConfig}items:
${items.map(indented).join('')}`;

const configMap = `functionConfig:
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: vs2route
  data:
    defaultPort: "8080" # of all
    attach: service
`;

const otherItem = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "x"}   # odd\n';

test('items are replaced where they stand, and go to the same file; all else keeps its bytes', async () => {
  const input = listOf(configMap, otherItem, annotated(shopVirtualService('cart'), 'apps/cart.yaml'));
  const result = await runHere(placeWith({}), ['fn'], { input });
  expect(result).toEqual({
    code: 0,
    stdout: listOf(configMap, otherItem, annotated(shopRoute('cart'), 'apps/cart.yaml')),
    stderr: '',
  });
});

test('diagnostics are results; an object that is not converted fails the run only on request', async () => {
  const config = (more: string): string =>
    `functionConfig:\n  apiVersion: vs2route/v1\n  kind: Vs2route\n  spec: {defaultPort: 8080, attach: service${more}}\n`;
  const faulty = annotated(faultyVirtualService('cart'), 'apps/cart.yaml');
  for (const [more, code] of [
    ['', 0],
    [', failOn: error', 1],
    [', failOn: never', 0],
  ] as const) {
    const { stdout, ...rest } = await runHere(placeWith({}), ['fn'], { input: listOf(config(more), faulty) });
    expect(rest).toEqual({ code, stderr: '' });
    const { message, remedy } = catalog['fault-injection'];
    expect(stdout).toBe(`${listOf(config(more), faulty)}results:
- message: ${message.replace('{what}', 'delay')}. ${remedy}
  severity: error
  resourceRef:
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    namespace: shop
    name: cart
  field:
    path: spec.http[0].fault.delay
  file:
    path: apps/cart.yaml
  tags:
    code: fault-injection
    fate: unsupported
`);
  }
});

test.each([
  ['', 'the standard input is not a ResourceList with items'],
  [shopVirtualService('cart'), 'the standard input is not a ResourceList with items'],
  [
    'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: {}\n',
    'the standard input is not a ResourceList with items',
  ],
  [`${listOf('', otherItem)}---\n${otherItem}`, 'the standard input is not a ResourceList with items'],
])('what is not a ResourceList is refused (%#)', async (input, message) => {
  expect(await runHere(placeWith({}), ['fn'], { input })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: -: ${message}
  fix: An orchestrator such as \`kustomize fn run\` writes one. Use \`vs2route convert -\` for plain manifests.
`,
  });
});

test('settings that are none are refused', async () => {
  const config = `functionConfig: {apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {prefix: word, nope: "1", partial: "yes", failOn: all}}\n`;
  const { code, stdout, stderr } = await runHere(placeWith({}), ['fn'], { input: listOf(config, otherItem) });
  expect({ code, stdout, errors: stderr.split('\n').filter(line => line.startsWith('error')) }).toEqual({
    code: 2,
    stdout: '',
    errors: [
      'error: functionConfig: prefix: Choose one of path, string.',
      'error: functionConfig: nope: There is no such setting.',
      'error: functionConfig: partial: Write true or false.',
      'error: functionConfig: failOn: Choose one of error, warning, info, never.',
    ],
  });
});

test('nothing to convert: the list comes out as it went in', async () => {
  const input = listOf('', otherItem).replaceAll('\n', '\r\n');
  expect(await runHere(placeWith({}), ['fn'], { input })).toEqual({ code: 0, stdout: input, stderr: '' });
});

const functionFile = `apiVersion: v1
kind: ConfigMap
metadata:
  name: vs2route
  annotations:
    config.kubernetes.io/function: |
      exec: {path: ${functionBin}}
data:
  defaultPort: "8080"
  attach: service
`;

test.skipIf(!isThere('kustomize', 'version'))('kustomize fn run', () => {
  const place = placeWith({
    'vs2route.yaml': functionFile,
    'apps/cart.yaml': `# our cart\n${shopVirtualService('cart')}`,
    'apps/other.yaml': otherItem,
  });
  const { status, stderr } = spawnSync('kustomize', ['fn', 'run', '--enable-exec', '.'], {
    cwd: place.path,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(place.tree('apps')).toEqual({
    'cart.yaml': `# our cart\n${shopRoute('cart').replace('""', "''")}`,
    // What it had to do to the file of others is kustomize's own doing.
    'other.yaml': readFileSync(join(place.path, 'apps/other.yaml'), 'utf8'),
  });
});

test.skipIf(!isThere('kustomize', 'version'))('as a transformer of kustomize build', () => {
  const place = placeWith({
    'kustomization.yaml': 'resources: [cart.yaml]\ntransformers: [vs2route.yaml]\n',
    'vs2route.yaml': functionFile,
    'cart.yaml': shopVirtualService('cart'),
  });
  const args = ['build', '--enable-alpha-plugins', '--enable-exec', '.'];
  const { status, stdout, stderr } = spawnSync('kustomize', args, { cwd: place.path, encoding: 'utf8' });
  expect({ status, stderr, stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: shopRoute('cart').replace(
      '  rules:\n  - matches:\n    - path:\n        type: PathPrefix\n        value: /\n    backendRefs:\n    - name: cart\n      port: 8080\n',
      '  rules:\n  - backendRefs:\n    - name: cart\n      port: 8080\n    matches:\n    - path:\n        type: PathPrefix\n        value: /\n',
    ),
  });
});
