import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toJson, type YamlNode } from '../../src/yaml/yaml-node.ts';
import { before, parse } from './parse.ts';

interface Row {
  readonly name: string;
  readonly text: string;
  /** Absent where kubectl refuses the document. */
  readonly json?: unknown;
}

const { documents } = JSON.parse(
  readFileSync(new URL('kubectl-documents.json', import.meta.url), 'utf8'),
) as { readonly documents: readonly Row[] };

/** kubectl reads these, and we had rather not: the first is a template, in the second only one of two counts. */
const stricter = ['tpl2', 'dollar'];
/** kubectl refuses these for slips that its parser alone minds. */
const laxer: readonly string[] = ['infkey'];

describe('documents are what kubectl reads', () => {
  test.each(documents.filter(({ name }) => !stricter.includes(name) && !laxer.includes(name)))(
    '$name',
    row => {
      const { root, problems } = parse(row.text);
      const hard = problems.filter(({ kind }) => kind !== 'duplicate-key');
      if ('json' in row) {
        expect(hard).toEqual([]);
        expect(root === undefined ? null : toJson(root)).toEqual(row.json);
      } else expect(hard).not.toEqual([]);
    },
  );
});

/** Every node as its kind and its text, from the outside in. */
function pieces(text: string): readonly string[] {
  const { root } = parse(text);
  const file = before + text;
  const walk = (node: YamlNode): readonly string[] => [
    `${node.kind[0]} ${file.slice(node.start, node.end)}`,
    ...(node.kind === 'sequence' ? node.items.flatMap(walk) : []),
    ...(node.kind === 'mapping'
      ? node.pairs.flatMap(({ key, value }) => [...walk(key), ...walk(value)])
      : []),
  ];
  return root === undefined ? [] : walk(root);
}

test.each<[text: string, pieces: readonly string[]]>([
  ['a: b # c\n', ['m a: b', 's a', 's b']],
  ['a:\n- b\n-  c\n', ['m a:\n- b\n-  c', 's a', 's - b\n-  c', 's b', 's c']],
  [
    'a: [ b , {c: d} ] # e\n',
    ['m a: [ b , {c: d} ]', 's a', 's [ b , {c: d} ]', 's b', 'm {c: d}', 's c', 's d'],
  ],
  ['a: [\n  b, # x ]\n]\n', ['m a: [\n  b, # x ]\n]', 's a', 's [\n  b, # x ]\n]', 's b']],
  ['a: [b: c]\n', ['m a: [b: c]', 's a', 's [b: c]', 'm b: c', 's b', 's c']],
  ['a: {b, c: }\n', ['m a: {b, c: }', 's a', 'm {b, c: }', 's b', 's ', 's c', 's ']],
  ['a: "b"\nc: \'d\'\n', ['m a: "b"\nc: \'d\'', 's a', 's "b"', 's c', "s 'd'"]],
  [
    'a: | # | x\n  b\n\n  c\n\nd: e\n',
    ['m a: | # | x\n  b\n\n  c\n\nd: e', 's a', 's | # | x\n  b\n\n  c', 's d', 's e'],
  ],
  ['a: |+\n  b\n\nc: d\n', ['m a: |+\n  b\n\nc: d', 's a', 's |+\n  b\n', 's c', 's d']],
  ['a: >-\n\nb: c\n', ['m a: >-\n\nb: c', 's a', 's >-', 's b', 's c']],
  ['"a|": >-\n  b\n', ['m "a|": >-\n  b', 's "a|"', 's >-\n  b']],
  ['a: &x !!str b\n', ['m a: &x !!str b', 's a', 's &x !!str b']],
  ['a: &x\n  b: c\n', ['m a: &x\n  b: c', 's a', 'm &x\n  b: c', 's b', 's c']],
  ['a:\nb: ~\n', ['m a:\nb: ~', 's a', 's ', 's b', 's ~']],
  ['-\n- a\n', ['s -\n- a', 's ', 's a']],
  ['a: b\n  c\n', ['m a: b\n  c', 's a', 's b\n  c']],
  ['a: b\r\nc: d\r\n', ['m a: b\r\nc: d', 's a', 's b', 's c', 's d']],
])('where nodes begin and end: %j', (text, expected) => {
  expect(pieces(text)).toEqual(expected);
});

test('an alias is what its anchor is, and knows where it is written', () => {
  const { root } = parse('a: &x {b: 1}\nc: *x\n');
  const [first, second] = root?.kind === 'mapping' ? root.pairs : [];
  expect(second?.value).toEqual({
    ...first?.value,
    alias: { start: before.length + 16, end: before.length + 18 },
  });
});

test.each<[text: string, problem: object]>([
  ['a: 1\nb: 2\na: 3\n', { kind: 'duplicate-key', name: 'a' }],
  ['y: 1\n"true": 2\n', { kind: 'duplicate-key', name: 'true' }],
  ['x: &x {a: 1}\nb:\n  a: 2\n  <<: *x\n', { kind: 'duplicate-key', name: 'a' }],
  ['a: *b\n', { kind: 'invalid', reason: 'the alias `*b` has no anchor `&b` before it' }],
  ['a: &a [*a]\n', { kind: 'invalid', reason: '`&a` contains itself' }],
  ['{a: b}: c\n', { kind: 'invalid', reason: 'a mapping stands where a key belongs' }],
  ['~: c\n', { kind: 'invalid', reason: 'a key is empty or null' }],
  ['a: !!int x\n', { kind: 'invalid', reason: '`x` is not a !!int' }],
  ['<<: 1\n', { kind: 'invalid', reason: '`<<` takes a mapping or a list of mappings' }],
  ['a: 1\n\tb: 2\n', { kind: 'invalid', reason: 'a tab stands where YAML takes only spaces' }],
  ['a: *\n', { kind: 'invalid', reason: 'alias cannot be an empty string' }],
  ['a:\n- "*" b: c\nd: e\n', { kind: 'invalid', reason: 'this stands behind a value, on the same line' }],
  ['a: @b\n', { kind: 'invalid', reason: 'plain value cannot start with reserved character @' }],
  ['a: {{ .Values.x }}\n', { kind: 'template' }],
  ['a: x-{{ .Values.x }}-y\n', { kind: 'template' }],
  ['{{- if .Values.x }}\na: b\n{{- end }}\n', { kind: 'template' }],
  ['{% if x %}\na: b\n{% endif %}\n', { kind: 'template' }],
  [`a: ${'['.repeat(400)}${']'.repeat(400)}\n`, { kind: 'too-deep' }],
  [`a: ${'{b: '.repeat(5000)}\n`, { kind: 'too-deep' }],
])('what is wrong with %j', (text, problem) => {
  const { problems } = parse(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject(problem);
});

test.each([
  "a: '{{ .Values.x }}'\n",
  'a: "{{ x }}"\n',
  'a: |\n  {{ x }}\n',
  '# {{ x }}\na: b # {{ y }}\n',
  'a: $(Y)\nb: "###Z###"\n',
])('no template: %j', text => {
  expect(parse(text).problems).toEqual([]);
});

test('aliases may not multiply without bounds', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'] as const)
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]`);
  expect(parse(bomb.join('\n')).problems).toMatchObject([{ kind: 'alias-bomb' }]);
});

test('aliases may not nest without bounds', () => {
  const chain = ['a0: &a0 [x]'];
  for (let link = 1; link < 400; link++) chain.push(`a${link}: &a${link} [*a${link - 1}]`);
  expect(parse(chain.join('\n')).problems).toMatchObject([{ kind: 'too-deep' }]);
});
