import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { expect, test } from 'vitest';
import { convert, printResources } from '../../src/index.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'dist/browser');

/** The files of the browser build that `index.js` loads, by name. */
const parts = readdirSync(folder)
  .filter(name => /^index\..*js$|^index\.js$/.test(name))
  .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

test('the browser build imports nothing but its own parts', () => {
  // As a minifier writes it: messages have `from` and `import` in sentences, before a space.
  const imports = /(?:\}from|\bimport\(|\bimport)(["'`])([^"'`\s]+)\1/g;
  const imported = parts.flatMap(({ text }) => [...text.matchAll(imports)].map(([, , target]) => target));
  expect([...new Set(imported)].toSorted()).toEqual(['./index.refa.js', './index.rolldown-runtime.js']);
});

test('the engine is smaller than 400 KB as it is sent, and the library of automata is apart from it', () => {
  const size = (name: string): number =>
    gzipSync(parts.find(part => part.name === name)?.text ?? '', { level: 9 }).length;
  expect(size('index.js')).toBeGreaterThan(100_000);
  expect(size('index.js')).toBeLessThan(400 * 1024);
  expect(size('index.refa.js')).toBeLessThan(250 * 1024);
  expect(parts.find(({ name }) => name === 'index.js')?.text).not.toContain('Property_Of_Strings');
});

const services = `apiVersion: v1
kind: Service
metadata: { name: gate, namespace: castle }
spec: { selector: { app: gate }, ports: [{ name: http, port: 80 }] }
`;

function virtualService(uri: string): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: gate, namespace: castle }
spec:
  hosts: [gate]
  http:
  - match: [{ uri: { ${uri} } }]
    rewrite: { uri: /in }
    route: [{ destination: { host: gate } }]
  - match: [{ uri: { regex: '/h[0-9]+' } }, { uri: { prefix: /h } }]
    route: [{ destination: { host: gate } }]
---
`;
}

test.each(['exact: /h1', "regex: '/h[a-f]+'"])('the browser build converts %s as Node.js does', async uri => {
  const files = [{ path: 'a.yaml', text: virtualService(uri) + services }];
  const browser = (await import(join(folder, 'index.js'))) as typeof import('../../src/browser/index.ts');
  const there = await browser.convert(files);
  const here = convert(files);
  expect(browser.printResources(there.outputs.map(({ resource }) => resource))).toBe(
    printResources(here.outputs.map(({ resource }) => resource)),
  );
  expect(there.diagnostics.map(({ message }) => message)).toEqual(
    here.diagnostics.map(({ message }) => message),
  );
  const session = browser.createSession();
  for (const { path, text } of files) session.update(path, text);
  expect((await session.conversion()).edits.length).toBe(here.edits.length);
});

test('the package says of itself only what is there', async () => {
  const { messages } = await publint({ pkgDir: root, pack: false, strict: true });
  expect(messages).toEqual([]);
});
