import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subsetsOf } from '../shop-objects.ts';
import { type Place, placeWith } from './run.ts';
import {
  commitAll,
  faultyVirtualService,
  git,
  gitWith,
  isThere,
  runHere,
  shopRoute,
  shopService,
  shopVirtualService,
  terminal,
} from './shop.ts';

const port = ['--default-port', '8080'];
const headline = '1 VirtualService: 1 converted, no difference.\n';
const withoutGit = !isThere('git');
const escapeCharacter = '\u001B';

const cartDiff = `diff --git a/cart.yaml b/cart.yaml
--- a/cart.yaml
+++ b/cart.yaml
@@ -1,12 +1,19 @@
-apiVersion: networking.istio.io/v1
-kind: VirtualService
+apiVersion: gateway.networking.k8s.io/v1
+kind: HTTPRoute
 metadata:
   name: cart
   namespace: shop
 spec:
-  hosts:
-  - cart
-  http:
-  - route:
-    - destination:
-        host: cart
+  parentRefs:
+  - group: ""
+    kind: Service
+    name: cart
+    port: 8080
+  rules:
+  - matches:
+    - path:
+        type: PathPrefix
+        value: /
+    backendRefs:
+    - name: cart
+      port: 8080
`;

test('one unified diff, exit 1, and nothing is written', async () => {
  const files = { 'cart.yaml': shopVirtualService('cart'), 'other.yaml': 'a: 1\n' };
  const place = placeWith(files);
  expect(await runHere(place, ['diff', ...port])).toEqual({
    code: 1,
    stdout: cartDiff,
    stderr: `cart.yaml: VirtualService shop/cart converted, no difference\n${headline}1 file would be edited, 0 deleted.\n`,
  });
  expect(await runHere(place, ['diff', ...port, '--quiet'])).toEqual({
    code: 1,
    stdout: cartDiff,
    stderr: '',
  });
  expect(place.tree()).toEqual(files);
});

test('nothing to change: no output, exit 0', async () => {
  const place = placeWith({ 'cart.yaml': shopRoute('cart') });
  const result = { code: 0, stdout: '', stderr: '0 files would be edited, 0 deleted.\n' };
  expect(await runHere(place, ['diff'])).toEqual(result);
  expect(await runHere(place, ['diff', '--stat'])).toEqual(result);
  expect(await runHere(place, ['diff', '--name-only'])).toEqual(result);
});

test('an object that is not converted is counted, and changes nothing', async () => {
  const place = placeWith({ 'cart.yaml': faultyVirtualService('cart') });
  expect(await runHere(place, ['diff', ...port])).toEqual({
    code: 0,
    stdout: '',
    stderr: `cart.yaml: VirtualService shop/cart not converted [fault-injection]
1 VirtualService: 1 not converted.
0 files would be edited, 0 deleted. \`vs2route report\` explains what is not converted.
Try --partial: 1 more converts.
`,
  });
});

test('trouble: exit 2, and the diff of what can be read', async () => {
  const place = placeWith({
    'cart.yaml': shopVirtualService('cart'),
    'broken.yaml': 'kind: VirtualService\na: [\n',
  });
  expect(await runHere(place, ['diff', ...port, '--name-only', '.'])).toEqual({
    code: 2,
    stdout: 'cart.yaml\n',
    stderr: `cart.yaml: VirtualService shop/cart converted, no difference\n${headline}1 file would be edited, 0 deleted.\n`,
  });
  expect(await runHere(place, ['diff', ...port, '--name-only', 'cart.yaml', 'gone.yaml'])).toEqual({
    code: 2,
    stdout: 'cart.yaml\n',
    stderr: `error: gone.yaml: no such file or folder
  fix: Check the path; it is relative to the working folder.
cart.yaml: VirtualService shop/cart converted, no difference
${headline}1 file would be edited, 0 deleted.
`,
  });
  expect(await runHere(place, ['diff', '-'], { input: shopVirtualService('cart') })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: -: the standard input cannot be compared
  fix: \`vs2route convert -\` prints its conversion. \`diff\` needs files.
`,
  });
  expect((await runHere(place, ['diff', '--stat', '--name-only'])).stderr).toBe(
    "error: option '--stat' cannot be used with option '--name-only'\n",
  );
});

/** A Service, a VirtualService and a DestinationRule with nothing but a subset, each in a file of its own. */
const subsets = {
  'k8s/service.yaml': shopService('cart'),
  'k8s/virtualservice.yaml': shopVirtualService('cart').replace(
    /host: cart\n$/,
    'host: cart\n        subset: v1\n',
  ),
  'k8s/rule.yaml': subsetsOf('cart', ['v1']),
  'k8s/kustomization.yaml': 'resources:\n- service.yaml\n- virtualservice.yaml # the route\n- rule.yaml\n',
};

test('a file that goes, one that is renamed, and the kustomization that lists them', async () => {
  const place = placeWith(subsets);
  const { code, stdout, stderr } = await runHere(place, ['diff', '--rename']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `k8s/rule.yaml: DestinationRule shop/cart converted, no difference
k8s/virtualservice.yaml: VirtualService shop/cart converted, no difference
${headline}2 files would be edited, 1 deleted.
`,
  });
  expect(stdout).toBe(`diff --git a/k8s/kustomization.yaml b/k8s/kustomization.yaml
--- a/k8s/kustomization.yaml
+++ b/k8s/kustomization.yaml
@@ -1,4 +1,3 @@
 resources:
 - service.yaml
-- virtualservice.yaml # the route
-- rule.yaml
+- httproute.yaml # the route
diff --git a/k8s/rule.yaml b/k8s/rule.yaml
deleted file mode 100644
--- a/k8s/rule.yaml
+++ /dev/null
@@ -1,11 +0,0 @@
-apiVersion: networking.istio.io/v1
-kind: DestinationRule
-metadata:
-  name: cart
-  namespace: shop
-spec:
-  host: cart
-  subsets:
-  - name: v1
-    labels:
-      version: v1
diff --git a/k8s/virtualservice.yaml b/k8s/httproute.yaml
rename from k8s/virtualservice.yaml
rename to k8s/httproute.yaml
--- a/k8s/virtualservice.yaml
+++ b/k8s/httproute.yaml
@@ -1,13 +1,32 @@
-apiVersion: networking.istio.io/v1
-kind: VirtualService
+apiVersion: gateway.networking.k8s.io/v1
+kind: HTTPRoute
 metadata:
   name: cart
   namespace: shop
 spec:
-  hosts:
-  - cart
-  http:
-  - route:
-    - destination:
-        host: cart
-        subset: v1
+  parentRefs:
+  - group: ""
+    kind: Service
+    name: cart
+    port: 8080
+  rules:
+  - matches:
+    - path:
+        type: PathPrefix
+        value: /
+    backendRefs:
+    - name: cart-v1
+      port: 8080
+---
+apiVersion: v1
+kind: Service
+metadata:
+  name: cart-v1
+  namespace: shop
+spec:
+  ports:
+  - name: http
+    port: 8080
+  selector:
+    app: cart
+    version: v1
`);
});

test('--stat and --name-only', async () => {
  const place = placeWith(subsets);
  expect((await runHere(place, ['diff', '--rename', '--stat', '--quiet'])).stdout).toBe(
    ` k8s/kustomization.yaml                        |  3 +--
 k8s/rule.yaml (deleted)                       | 11 -----------
 k8s/virtualservice.yaml => k8s/httproute.yaml | 37 ++++++++++++++++++++++++++++---------
 3 files changed, 29 lines added, 22 removed
`,
  );
  expect((await runHere(place, ['diff', '--rename', '--name-only', '--quiet'])).stdout).toBe(
    'k8s/kustomization.yaml\nk8s/rule.yaml\nk8s/httproute.yaml\n',
  );
});

const bold = (text: string): string => `${escapeCharacter}[1m${text}${escapeCharacter}[0m`;

test('colours on a terminal, or where somebody asks for them', async () => {
  const place = placeWith({ 'cart.yaml': shopVirtualService('cart') });
  const coloured = `${bold('diff --git a/cart.yaml b/cart.yaml')}\n`;
  const args = ['diff', ...port];
  const there = { stdout: terminal };
  const outputs = {
    terminal: await runHere(place, args, there),
    'terminal, --color never': await runHere(place, [...args, '--color', 'never'], there),
    'terminal, --no-color': await runHere(place, [...args, '--no-color'], there),
    'terminal, NO_COLOR': await runHere(place, args, { ...there, env: { NO_COLOR: '1' } }),
    file: await runHere(place, args),
    'file, FORCE_COLOR': await runHere(place, args, { env: { FORCE_COLOR: '1' } }),
    'file, --color always': await runHere(place, [...args, '--color', 'always']),
  };
  const isColoured = Object.entries(outputs).map(([name, { stdout }]) => [name, stdout.startsWith(coloured)]);
  expect(Object.fromEntries(isColoured)).toEqual({
    terminal: true,
    'terminal, --color never': false,
    'terminal, --no-color': false,
    'terminal, NO_COLOR': false,
    file: false,
    'file, FORCE_COLOR': true,
    'file, --color always': true,
  });
  expect(outputs.file.stdout).toBe(cartDiff);
  expect(stripVTControlCharacters(outputs.terminal.stdout)).toBe(cartDiff);
  expect(outputs.terminal.stdout).toContain(`${bold('--- a/cart.yaml')}\n${bold('+++ b/cart.yaml')}\n`);
});

test('on a terminal a manifest moves no cursor; elsewhere its bytes are kept', async () => {
  const text = `${shopVirtualService('cart')}# \u001B[2J\n`;
  const place = placeWith({ 'cart.yaml': text });
  expect((await runHere(place, ['diff', ...port])).stdout).toContain('# \u001B[2J\n');
  const shown = (await runHere(place, ['diff', ...port, '--no-color'], { stdout: terminal })).stdout;
  expect(shown).not.toContain('\u001B');
});

/** Whatever a tree holds and wherever the command is run. */
async function expectSameTree(
  files: Readonly<Record<string, string>>,
  flags: readonly string[],
  folder = '.',
): Promise<void> {
  const [applied, written] = [placeWith(files), placeWith(files)] as const;
  if (folder !== '.') for (const place of [applied, written]) git(place, 'init', '--quiet');
  const diff = await runHere(applied, ['diff', ...flags], { folder });
  expect(treeOf(applied)).toEqual(treeOf(placeWith(files)));
  if (diff.stdout !== '') gitWith(applied, diff.stdout, 'apply', '--whitespace=nowarn', '-');
  await runHere(written, ['convert', '--write', ...flags], { folder });
  expect(treeOf(applied)).toEqual(treeOf(written));
  expect(diff.code).toBe(diff.stdout === '' ? 0 : 1);
}

function treeOf(place: Place): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(place.tree()).filter(([path]) => !path.startsWith('.git/')));
}

test.skipIf(withoutGit)('git apply gives the tree of convert --write: names, line breaks, ends', async () => {
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
  const files = {
    ...subsets,
    'with space/a b.yaml': shopVirtualService('a'),
    'ünïcode/路由.yaml': shopVirtualService('b'),
    'quote"and\\back.yaml': shopVirtualService('c'),
    'tab\there.yaml': shopVirtualService('d'),
    'crlf.yaml': crlf(shopVirtualService('e')),
    'no-end.yaml': shopVirtualService('f').trimEnd(),
    'crlf-no-end.yaml': crlf(shopVirtualService('g')).trimEnd(),
    'bom.yaml': `\uFEFF${shopVirtualService('h')}`,
    'several.yaml': `# licence\n---\n${shopVirtualService('i')}---\nkind: ConfigMap   \n---\n${shopVirtualService('j')}...\n`,
    'list.json': JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [JSON.parse(json('k')), { kind: 'X' }],
    }),
    '-dash.yaml': shopVirtualService('l'),
    'separators.yaml': `${shopVirtualService('m')}# a\u2028b\u0085c\n`,
  };
  await expectSameTree(files, port);
  await expectSameTree(files, [...port, '--rename', '--keep-virtual-services']);
  await expectSameTree(files, [...port, '--rename', '..'], 'with space');
});

const json = (name: string): string =>
  JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'shop' },
    spec: { hosts: [name], http: [{ route: [{ destination: { host: name } }] }] },
  });

test.skipIf(withoutGit)('an executable file stays one', async () => {
  const place = placeWith({ 'cart.yaml': shopVirtualService('cart'), ...subsets });
  chmodSync(join(place.path, 'k8s/rule.yaml'), 0o755);
  chmodSync(join(place.path, 'cart.yaml'), 0o755);
  commitAll(place);
  gitWith(place, (await runHere(place, ['diff', ...port])).stdout, 'apply', '-');
  expect(statSync(join(place.path, 'cart.yaml')).mode & 0o111).toBe(0o111);
  expect(Object.keys(place.tree('k8s'))).toEqual([
    'kustomization.yaml',
    'service.yaml',
    'virtualservice.yaml',
  ]);
});

test.skipIf(withoutGit)('through a link it is the file behind it that changes', async () => {
  const place = placeWith({ 'real/cart.yaml': shopVirtualService('cart') });
  mkdirSync(join(place.path, 'links'));
  symlinkSync('../real/cart.yaml', join(place.path, 'links/cart.yaml'));
  commitAll(place);
  const { stdout } = await runHere(place, ['diff', ...port, 'links/cart.yaml']);
  gitWith(place, stdout, 'apply', '-');
  expect(place.tree('real')).toEqual({ 'cart.yaml': shopRoute('cart') });
});

test.skipIf(withoutGit)(
  'whatever a file is made of, git apply gives the tree of convert --write',
  async () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/);
    const document = fc.oneof(
      name.map(shopVirtualService),
      name.map(faultyVirtualService),
      name.map(one => `# about ${one}\nkind: ConfigMap\ndata:\n  ${one}: "x"  # odd   \n`),
      fc.constantFrom('# only a comment\n', '\n', 'plain text\n'),
    );
    const file = fc
      .record({
        documents: fc.array(document, { minLength: 1, maxLength: 4 }),
        start: fc.constantFrom('', '---\n', '\uFEFF', '# licence\n---\n'),
        separator: fc.constantFrom('---\n', '\n---\n', '--- # next\n'),
        lineBreak: fc.constantFrom('\n', '\r\n'),
        end: fc.constantFrom('', '\n', '...\n', undefined),
      })
      .map(({ documents, start, separator, lineBreak, end }) => {
        const text = start + documents.join(separator);
        return (end === undefined ? text.trimEnd() : text + end).replaceAll('\n', lineBreak);
      });
    const path = fc
      .array(fc.stringMatching(/^[a-zA-Zäß "'][a-z ü]{0,4}$/), { minLength: 1, maxLength: 2 })
      .map(parts => `${parts.map((part, index) => `${index}${part}`).join('/')}.yaml`);
    const flags = fc.constantFrom([], ['--rename'], ['--keep-virtual-services'], ['--prefix', 'string']);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(path, file, { minKeys: 1, maxKeys: 4 }), flags, async (files, more) => {
        await expectSameTree(files, [...port, ...more]);
      }),
      { numRuns: 60 },
    );
  },
);
