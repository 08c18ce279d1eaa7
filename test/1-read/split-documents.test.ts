import { expect, test } from 'vitest';
import { splitDocuments } from '../../src/1-read/split-documents.ts';

const split = (text: string): readonly string[] =>
  splitDocuments({ path: 'a.yaml', text }).map(({ range }) => text.slice(range.start, range.end));

test.each<[name: string, text: string, documents: readonly string[]]>([
  ['nothing', '', []],
  ['comments alone', '# nothing\n\n', []],
  ['no marks', 'a: 1\n', ['a: 1\n']],
  ['no line break at the end', 'a: 1\n---\nb: 2', ['a: 1\n', 'b: 2']],
  ['a mark first', '---\na: 1\n', ['a: 1\n']],
  ['a mark last', 'a: 1\n---\n', ['a: 1\n']],
  ['a mark at the very end', 'a: 1\n---', ['a: 1\n']],
  ['marks in a row', '---\n---\na: 1\n---\n# none\n---\nb: 2\n', ['a: 1\n', 'b: 2\n']],
  [
    'comments stay with what they follow',
    '# head\n---\n# a\na: 1\n# tail\n---\nb: 2\n',
    ['# a\na: 1\n# tail\n', 'b: 2\n'],
  ],
  ['a comment behind the mark', '--- # two\nb: 2\n', ['b: 2\n']],
  ['carriage returns', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', 'b: 2\r\n']],
  ['a byte order mark', '\ufeff---\na: 1\n', ['a: 1\n']],
  ['a byte order mark and no mark', '\ufeffa: 1\n', ['a: 1\n']],
  ['inside a block scalar', 'a: |\n  x\n---\n  y\n', ['a: |\n  x\n', '  y\n']],
  ['indented, it is text', 'a: |\n  x\n  ---\n  y\n', ['a: |\n  x\n  ---\n  y\n']],
  ['longer words', 'a: 1\n----\n---x\n', ['a: 1\n----\n---x\n']],
  ['an end mark', 'a: 1\n...\nb: 2\n', ['a: 1\n', 'b: 2\n']],
  ['an end mark and another', 'a: 1\n...\n---\nb: 2\n', ['a: 1\n', 'b: 2\n']],
  ['directives', '%YAML 1.1\n# c\n---\na: 1\n...\n%TAG ! x:\n---\nb: 2\n', ['a: 1\n', 'b: 2\n']],
  ['a percent sign within', 'a:\n  - b\n%x\n', ['a:\n  - b\n%x\n']],
  ['a document on the line of its mark', '--- {a: 1}\n', [' {a: 1}\n']],
  ['line separators are no line breaks', 'a: x\u2028---\n', ['a: x\u2028---\n']],
])('%s', (_, text, documents) => {
  expect(split(text)).toEqual(documents);
});

test('documents are counted without the empty ones', () => {
  const indices = splitDocuments({ path: 'a.yaml', text: '---\n---\na: 1\n---\n---\nb: 2\n' }).map(
    d => d.index,
  );
  expect(indices).toEqual([0, 1]);
});
