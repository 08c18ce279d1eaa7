import { expect, test } from 'vitest';
import type { Place } from '../../src/diagnostics/diagnostic.ts';
import { collect, isWithin, toDiagnostics } from '../../src/diagnostics/locate.ts';
import { nodeAt } from '../../src/yaml/node-at.ts';
import type { FieldPath } from '../../src/yaml/source.ts';
import { stringOf } from '../../src/yaml/yaml-node.ts';
import { before, documentOf } from './parse.ts';

const text = `spec:
  hosts: # names
  - reviews
  http:
  - match: &m
    - uri: {prefix: /a}
    route:
    - destination:
        host: reviews
  - match: *m
  timeout:
`;
const document = documentOf(text);

function located(path: FieldPath, at: Place['at'] = 'value'): string {
  const { report, findings } = collect();
  report('yaml-invalid', { file: document.file, document, path, field: path, at }, { reason: 'x' });
  const [diagnostic] = toDiagnostics(findings);
  const { range, start } = diagnostic?.location ?? {
    range: { start: 0, end: 0 },
    start: { line: 0, column: 0 },
  };
  return `${start.line}:${start.column} ${document.file.text.slice(range.start, range.end)}`;
}

test.each<[path: FieldPath, value: string, key: string]>([
  [['spec', 'hosts', 0], '5:5 reviews', '5:5 reviews'],
  [['spec', 'hosts'], '5:3 - reviews', '4:3 hosts'],
  [['spec', 'http', 0, 'match', 0, 'uri', 'prefix'], '8:21 /a', '8:13 prefix'],
  [['spec', 'http', 0, 'match', 0, 'uri', 'exact'], '8:7 uri', '8:7 uri'],
  [['spec', 'http', 0, 'route', 0, 'weight'], '10:7 destination:', '10:7 destination:'],
  [['spec', 'http', 1, 'match'], '12:12 *m', '12:5 match'],
  [['spec', 'http', 1, 'match', 0, 'uri', 'prefix'], '8:21 /a', '8:13 prefix'],
  [['spec', 'timeout'], '13:3 timeout', '13:3 timeout'],
  [['spec', 'tls', 0], '3:1 spec', '3:1 spec'],
  [['metadata', 'name'], '3:1 spec:', '3:1 spec:'],
])('where %j is', (path, value, key) => {
  expect(located(path)).toBe(value);
  expect(located(path, 'key')).toBe(key);
});

test('diagnostics come by file, position and code, with their texts filled in', () => {
  const { report, findings } = collect();
  const other = { path: 'b.yaml', text: 'a\nb\n' };
  const place = (start: number): Place => ({
    file: other,
    path: [],
    field: [],
    at: 'value',
    range: { start, end: start },
  });
  report('yaml-invalid', place(2), { reason: 'a {reason} of $1' }, [{ message: 'see', place: place(0) }]);
  report('nesting-too-deep', place(2), { limit: 300 });
  report('alias-bomb', { ...place(0), file: document.file }, { limit: 7 });
  expect(
    toDiagnostics(findings, [document.file, other]).map(({ location, code, message, related }) => [
      `${location.file}:${location.start.line}:${location.start.column}`,
      code,
      message,
      related.map(({ message: about, location: { start } }) => `${about} ${start.line}:${start.column}`),
    ]),
  ).toEqual([
    ['a.yaml:1:1', 'alias-bomb', 'the aliases of the document expand to more than 7 nodes', []],
    ['b.yaml:2:1', 'nesting-too-deep', 'the document is nested more than 300 levels deep', []],
    ['b.yaml:2:1', 'yaml-invalid', 'the document is not valid YAML: a {reason} of $1', ['see 1:1']],
  ]);
});

test('a place belongs to the object that holds it', () => {
  const place: Place = {
    file: document.file,
    document,
    path: ['items', 1, 'spec'],
    field: ['spec'],
    at: 'value',
  };
  expect(isWithin(place, { document, path: ['items', 1] })).toBe(true);
  expect(isWithin(place, { document, path: ['items', 11] })).toBe(false);
  expect(isWithin(place, { document: { ...document }, path: [] })).toBe(false);
});

test('the node of a field', () => {
  const uri = nodeAt(document, ['spec', 'http', 1, 'match', 0, 'uri']);
  expect(stringOf(uri, 'prefix')).toBe('/a');
  expect(uri?.start).toBe(before.length + text.indexOf('{prefix'));
  expect(nodeAt(document, ['spec', 'http', 7])).toBeUndefined();
  expect(nodeAt(documentOf('a: *b'), [])).toBeUndefined();
});

test('ten thousand findings in one large file', () => {
  const entry = '- a: b\n  c: d\n  e: f\n  g: h\n  i: j\n';
  const large = documentOf(`list:\n${entry.repeat(10_000)}`);
  const { report, findings } = collect();
  for (let index = 0; index < 10_000; index++) {
    const path = ['list', index, 'g'];
    report(
      'yaml-invalid',
      { file: large.file, document: large, path, field: path, at: 'value' },
      { reason: 'x' },
    );
  }
  const started = performance.now();
  const diagnostics = toDiagnostics(findings);
  expect(diagnostics.at(-1)?.location.start).toEqual({ line: 3 + 9_999 * 5 + 4, column: 6 });
  expect(performance.now() - started).toBeLessThan(3000);
});
