import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFile } from '../../src/1-read/read-file.ts';
import { splitDocuments } from '../../src/1-read/split-documents.ts';
import { collect, toDiagnostics } from '../../src/diagnostics/locate.ts';
import { toJson, type YamlNode } from '../../src/yaml/yaml-node.ts';
import { documentOf, parse } from './parse.ts';

const manifest = `# Traffic of reviews
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: &name reviews
  labels: {app: *name, "version": 'v1'}
spec:
  hosts:
  - *name
  http:
  - match:
    - uri:
        prefix: "/api/v1"   # trailing
    route:
    - destination: {host: reviews, port: {number: 0120}}
      weight: 80
    headers:
      request:
        set:
          x-note: |
            one
              two

          x-folded: >-
            a
            b
---
kind: Service
apiVersion: v1
`;

const snippets = [
  '\n',
  '  ',
  '- ',
  ': ',
  ' #',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ',',
  '&a ',
  '*a',
  '|\n',
  '>-\n',
  '\t',
  '? ',
].concat([
  '<<: *name',
  '!!str ',
  '%',
  '@',
  '---\n',
  '...\n',
  '\r\n',
  '{{ x }}',
  '|2\n',
  '\ufeff',
  '\u2028',
  '\\',
  '~',
]);

/** The manifest with a few pieces put in, taken out or put in the place of others. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(manifest.length),
      remove: fc.nat(6),
      insert: fc.oneof(fc.constant(''), fc.constantFrom(...snippets), fc.string({ maxLength: 3 })),
    }),
    { maxLength: 5 },
  )
  .map(edits =>
    edits.reduce(
      (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
      manifest,
    ),
  );

const texts = fc.oneof(
  mutated,
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** Checks that a node's text is its own and that what it holds is inside. */
function expectNested(
  node: YamlNode,
  within: { readonly start: number; readonly end: number },
  text: string,
): void {
  if (node.alias !== undefined) {
    expect(text[node.alias.start]).toBe('*');
    return;
  }
  expect(within.start <= node.start && node.start <= node.end && node.end <= within.end).toBe(true);
  const written = text.slice(node.start, node.end).replace(/^(?:[&!][^\s]*\s*(?:#.*\s*)?)*/, '');
  if (node.kind === 'scalar' && node.style === 'plain' && !/[\r\n]/.test(written))
    expect(node.text ?? node.value).toBe(written);
  if (node.kind === 'scalar' && node.style.endsWith('quoted')) expect(written).toMatch(/^(?:".*"|'.*')$/s);
  if (node.kind === 'sequence') for (const item of node.items) expectNested(item, node, text);
  if (node.kind === 'mapping')
    for (const { key, value, merged } of node.pairs)
      if (!merged) for (const part of [key, value]) expectNested(part, node, text);
}

describe('whatever the text', () => {
  test('reading never throws, and says the same thing twice', () => {
    fc.assert(
      fc.property(texts, text => {
        const run = (): unknown => {
          const { report, findings } = collect();
          const manifests = [...readFile({ path: 'a.yaml', text }, report)].map(({ node }) => toJson(node));
          return JSON.stringify([manifests, toDiagnostics(findings)]);
        };
        expect(run()).toBe(run());
      }),
      { numRuns: 600 },
    );
  });

  test('nodes nest, and slice back to their text', () => {
    fc.assert(
      fc.property(texts, text => {
        const document = documentOf(text);
        const { root } = parse(text);
        if (root !== undefined) expectNested(root, document.range, document.file.text);
      }),
      { numRuns: 600 },
    );
  });

  test('documents stand in order, and no mark is in any of them', () => {
    fc.assert(
      fc.property(texts, text => {
        let last = 0;
        for (const { range } of splitDocuments({ path: 'a.yaml', text })) {
          expect(range.start >= last && range.end > range.start && range.end <= text.length).toBe(true);
          expect(text.slice(range.start, range.end)).not.toMatch(/\n(?:---|\.\.\.)(?:[ \t\r\n]|$)/);
          last = range.end;
        }
      }),
      { numRuns: 600 },
    );
  });

  test('JSON is read as JSON', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), json => {
        const { root } = parse(json);
        // A key that is there twice, `__proto__` included, is a problem of its own.
        if (root !== undefined) expect(JSON.stringify(toJson(root))).toBe(JSON.stringify(JSON.parse(json)));
      }),
    );
  });
});
