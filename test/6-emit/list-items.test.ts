import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { applyEdits } from '../../src/6-emit/apply-edits.ts';
import type { Edit, Output } from '../../src/6-emit/edit.ts';
import { toManifest } from '../../src/6-emit/manifest.ts';
import type { Source, SourceDocument, SourceFile } from '../../src/yaml/source.ts';
import { resourceOf } from './edit-cases.ts';

const commented = `kind: C # kind
metadata:
  # the name
  name: c
  # after it
spec: {a: [1, 2], "b": {c: d}}`;
const items = [
  'kind: A\nmetadata:\n  name: a\n  labels:\n    x: "1"\nspec:\n  list:\n  - one\n  - two: 2\n    three: 3',
  'kind: B\nspec:\n    text: |\n      # not a comment\n\n      x\nmetadata: {name: b}',
  commented,
];
const outputs = [
  resourceOf({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'o' },
    spec: { selector: { a: 'on', b: '*' } },
  }),
  resourceOf({
    apiVersion: 'gateway/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'p' },
    spec: { hostnames: ['x\ny\n'] },
  }),
];

const indent = (text: string, by: string): string => text.replaceAll(/\n(?=.)/g, `\n${by}`);
const block = (texts: readonly string[], margin: string): string =>
  `kind: List\nitems:\n${texts.map(text => `${margin}- ${indent(text, `${margin}  `)}\n`).join('')}# end\nmetadata: {}\n`;
const layouts: readonly ((texts: readonly string[]) => string)[] = [
  texts => block(texts, ''),
  texts => block(texts, '    '),
  texts => block(texts, '  ').replaceAll('\n', '\r\n'),
  texts =>
    block(
      texts.map(text => `# about it\n${text}`),
      '  ',
    ),
  texts =>
    `---\n# a list\n${stringify({ items: texts.map(text => parse(text)) }, { collectionStyle: 'flow' })}`,
  texts => JSON.stringify({ items: texts.map(text => parse(text)) }),
  texts => JSON.stringify({ items: texts.map(text => parse(text)) }, null, 3),
];

interface Item {
  readonly metadata: { readonly name?: string; readonly labels?: object };
  readonly spec?: unknown;
}

/** Something to do to an item: the edits, and the items that must be there afterwards. */
type Action = (
  source: Source,
  item: Item,
) => { readonly edits: readonly Edit[]; readonly after: readonly unknown[] };

const outputsFor = (home: Source, count: number): readonly Output[] =>
  outputs.slice(0, count).map(resource => ({ resource, home, origins: [] }));
const becomes =
  (count: number): Action =>
  source => ({
    edits: [{ kind: 'replace', source, outputs: outputsFor(source, count) }],
    after: outputs.slice(0, count).map(toManifest),
  });
const append: Action = (source, item) => ({
  edits: [{ kind: 'append', source, outputs: outputsFor(source, 2) }],
  after: [item, ...outputs.map(toManifest)],
});
const label: Action = (source, item) => {
  const added = { 'istio.io/use-waypoint': 'w', y: 'on' };
  const labels = { ...item.metadata.labels, ...added };
  return {
    edits: Object.entries(added).map(([key, value]): Edit => {
      return { kind: 'set-field', source, path: ['metadata', 'labels', key], value };
    }),
    after: [{ ...item, metadata: { ...item.metadata, labels } }],
  };
};
const specGoes: Action = (source, { spec: _, ...after }) => ({
  edits: [{ kind: 'remove-field', source, path: ['spec'] }],
  after: [after],
});
const labelsGoAndAppend: Action = (source, item) => ({
  edits: [
    { kind: 'append', source, outputs: outputsFor(source, 1) },
    { kind: 'remove-field', source, path: ['metadata', 'labels'] },
  ],
  after: [{ ...item, metadata: { name: item.metadata.name } }, ...outputs.slice(0, 1).map(toManifest)],
});
const nothing: Action = (_, item) => ({ edits: [], after: [item] });
const actions = [nothing, becomes(0), becomes(1), becomes(2), append, label, specGoes, labelsGoAndAppend];

test('items of a List are replaced, left out and changed without touching the others', () => {
  const item = fc.record({ text: fc.constantFrom(...items), action: fc.constantFrom(...actions) });
  fc.assert(
    fc.property(
      fc.constantFrom(...layouts),
      fc.array(item, { minLength: 1, maxLength: 5 }),
      (layout, list) => {
        const text = layout(list.map(({ text }) => text));
        const file: SourceFile = { path: text.startsWith('{') ? 'x.json' : 'x.yaml', text };
        const start = text.startsWith('---') ? 4 : 0;
        const document: SourceDocument = { file, index: 0, range: { start, end: text.length } };
        const before: readonly Item[] = parse(text).items;
        const done = before.map((item, index) =>
          list[index]?.action({ document, path: ['items', index] }, item),
        );
        const expected = done.flatMap(step => step?.after ?? []);
        const { text: after } = applyEdits(
          file,
          done.flatMap(step => step?.edits ?? []),
        );
        if (after === undefined) {
          expect(expected).toEqual([]);
          return;
        }
        expect(parse(after).items, after).toEqual(expected);
        if (text.includes('\r')) expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        if (file.path === 'x.json') JSON.parse(after);
        if (text.includes('# end')) expect(after).toContain('# end');
      },
    ),
    { numRuns: 300 },
  );
});
