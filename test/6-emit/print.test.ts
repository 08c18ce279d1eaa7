import fc from 'fast-check';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { printLines, printYaml, type YamlStyle } from '../../src/6-emit/print.ts';

const styles: readonly YamlStyle[] = [
  { indentLists: false, quote: 'double' },
  { indentLists: true, quote: 'single' },
];

test('prints as kubectl does: two spaces, lists under their key, no folding', () => {
  const value = {
    metadata: { name: 'reviews', labels: { 'app.kubernetes.io/name': 'x', on: 'yes' } },
    spec: { rules: [{ matches: [{ path: { value: `/${'long/'.repeat(30)}` } }], empty: [], none: {} }, 'x'] },
  };
  expect(printYaml(value)).toBe(`metadata:
  name: reviews
  labels:
    app.kubernetes.io/name: x
    "on": "yes"
spec:
  rules:
  - matches:
    - path:
        value: /${'long/'.repeat(30)}
    empty: []
    none: {}
  - x
`);
});

test('indents lists where the file does', () => {
  const value = { rules: [{ matches: [{ path: 'a' }], hosts: ['b'] }], nested: [[1, 2]] };
  expect(printYaml(value, { indentLists: true, quote: 'single' })).toBe(`rules:
  - matches:
      - path: a
    hosts:
      - b
nested:
  -
    - 1
    - 2
`);
});

test.each([
  ['*.example.com', '"*.example.com"'],
  ['on', '"on"'],
  ['Y', '"Y"'],
  ['NO', '"NO"'],
  ['1', '"1"'],
  ['010', '"010"'],
  ['0x1f', '"0x1f"'],
  ['1e3', '"1e3"'],
  ['1_000', '"1_000"'],
  ['190:20:30', '"190:20:30"'],
  ['2020-01-01', '"2020-01-01"'],
  ['~', '"~"'],
  ['', '""'],
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: what Flux and envsubst fill in
  ['${VAR}', '"${VAR}"'],
  ['app.${DOMAIN}', '"app.${DOMAIN}"'],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: what Flux and envsubst fill in
  ['{{ .Values.host }}', '"{{ .Values.host }}"'],
  ['a: b', '"a: b"'],
  ['a #b', '"a #b"'],
  ['say "hi"', 'say "hi"'],
  ['"quoted"', `'"quoted"'`],
  ['reviews.bookinfo.svc.cluster.local', 'reviews.bookinfo.svc.cluster.local'],
  ['10s', '10s'],
  ['1h30m', '1h30m'],
  ['/api/.*', '/api/.*'],
  ['^/(a|b)$', '^/(a|b)$'],
  ['istio.io/waypoint-for', 'istio.io/waypoint-for'],
])('writes %j as %s', (text, printed) => {
  expect(printYaml({ k: text })).toBe(`k: ${printed}\n`);
});

test('quotes as the file does', () => {
  expect(printYaml({ k: ['*.x', "it's *"] }, { indentLists: false, quote: 'single' })).toBe(
    `k:\n- '*.x'\n- it's *\n`,
  );
});

test('writes several lines as a block that keeps its indentation', () => {
  expect(printYaml({ a: [{ b: 'one\n\n  two\n' }] })).toBe('a:\n- b: |\n    one\n\n      two\n');
});

test('says for every line which field starts on it', () => {
  expect(printLines({ a: [{ b: 1, c: ['x'] }] }, { indentLists: false, quote: 'double' })).toEqual([
    { text: 'a:', path: ['a'] },
    { text: '- b: 1', path: ['a', 0, 'b'] },
    { text: '  c:', path: ['a', 0, 'c'] },
    { text: '  - x', path: ['a', 0, 'c', 0] },
  ]);
});

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'0123456789.:_-+eExob ') }),
  fc.constantFrom(
    'on',
    'Off',
    'yes',
    'N',
    'NULL',
    '~',
    '<<',
    '=',
    '.inf',
    '0o17',
    '1:30',
    'a\n',
    '\n b',
    '---',
  ),
  fc.string({ unit: fc.constantFrom('#', ' ', 'a', '\n', '\t', ':', '-', '"', "'", '\\', '{', '[', ',') }),
);
const { value: anyValue } = fc.letrec<{ value: unknown; leaf: unknown }>(tie => ({
  leaf: fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
  value: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
}));

test('every loader reads back what was printed', () => {
  fc.assert(
    fc.property(anyValue, fc.constantFrom(...styles), (value, style) => {
      const printed = printYaml({ value }, style);
      expect(parse(printed), printed).toEqual({ value });
      expect(parse(printed, { version: '1.1', merge: false }), printed).toEqual({ value });
      expect(load(printed), printed).toEqual({ value });
    }),
    { numRuns: 500 },
  );
});
