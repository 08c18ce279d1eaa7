import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { splitDocuments } from '../../src/1-read/split-documents.ts';
import { parseDocument } from '../../src/yaml/parse-document.ts';
import { followPositions, packPositions } from '../../src/yaml/positions.ts';
import type { FieldPath, SourceDocument } from '../../src/yaml/source.ts';
import { followPath, writtenRange, type YamlNode } from '../../src/yaml/yaml-node.ts';

function documentsOf(text: string): readonly SourceDocument[] {
  return splitDocuments({ path: 'a.yaml', text });
}

/** Every path of a tree, and beside each some that lead nowhere. */
function pathsOf(node: YamlNode, path: FieldPath = []): readonly FieldPath[] {
  const own = [path, [...path, 'absent'], [...path, 99], [...path, -1]];
  if (node.kind === 'scalar') return own;
  const children =
    node.kind === 'sequence'
      ? node.items.map((item, index) => [index, item] as const)
      : node.pairs.map(({ name, value }) => [name, value] as const);
  return [...own, ...children.flatMap(([part, child]) => pathsOf(child, [...path, part]))];
}

function foundInTree(root: YamlNode, path: FieldPath) {
  const { node, key, depth } = followPath(root, path);
  const place = ({ start, end }: { start: number; end: number }) => ({ start, end });
  return {
    node: place(writtenRange(node)),
    ...(key === undefined ? {} : { key: place(writtenRange(key)) }),
    depth,
  };
}

function checkAll(document: SourceDocument): 'packed' | 'not packed' {
  const { root } = parseDocument(document);
  const positions = root && packPositions(root, document);
  if (root === undefined || positions === undefined) return 'not packed';
  for (const path of pathsOf(root))
    expect(followPositions(positions, document, path), JSON.stringify(path)).toEqual(foundInTree(root, path));
  return 'packed';
}

test('packed positions lead where the tree leads', () => {
  const text = `# a comment
---
# another one
a: 1
"b/c":
- - x
  - {w: [1, "2"], 'z z': }
- |
  text
- k: v

  'single': >-
    folded
empty:
flow: {a: {b: {c: d}}}
`;
  expect(documentsOf(text).map(checkAll)).toEqual(['packed']);
});

test('long documents are packed with wider numbers', () => {
  const text = `items:\n${Array.from({ length: 4000 }, (_, index) => `- name: item-${index}\n`).join('')}`;
  const [document] = documentsOf(text);
  const { root } = parseDocument(document as SourceDocument);
  expect(packPositions(root as YamlNode, document as SourceDocument)).toBeInstanceOf(Uint32Array);
  expect(checkAll(document as SourceDocument)).toBe('packed');
});

test.each([
  ['an anchor', 'a: &x 1\n'],
  ['an alias', 'a: &x {b: 1}\nc: *x\n'],
  ['a merge key', 'a: {b: 1}\nc:\n  <<: {d: 1}\n'],
  ['a key that is not written as it is read', '"a\\u0062": 1\n'],
  ['a key that is no text', 'y: 1\n'],
])('%s is left to the tree', (_, text) => {
  expect(documentsOf(text).map(checkAll)).toEqual(['not packed']);
});

test('in every case folder, packed positions lead where the tree leads', () => {
  const root = 'testdata/cases';
  const inputs = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(path =>
    path.endsWith('input.yaml'),
  );
  const results = inputs.flatMap(path => documentsOf(readFileSync(join(root, path), 'utf8')).map(checkAll));
  expect(inputs.length).toBeGreaterThan(100);
  expect(results.filter(result => result === 'packed').length).toBeGreaterThan(results.length * 0.9);
});
