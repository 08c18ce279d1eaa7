import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitDocuments } from '../../src/1-read/split-documents.ts';
import { parseAnyDocument } from '../../src/yaml/parse-document.ts';
import { readPlainBlock } from '../../src/yaml/plain-block.ts';

const folder = join(import.meta.dirname, '../../testdata');
const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.yaml'))
  .sort();
const documents = paths.flatMap(path => {
  const file = { path, text: readFileSync(join(folder, path), 'utf8') };
  return splitDocuments(file).map(({ range }) => ({
    ...range,
    text: file.text.slice(range.start, range.end),
  }));
});

/** Texts of trees, of which the order of fields and `null` for what is no number count as well. */
function asText(value: unknown): string {
  return JSON.stringify(value);
}

test('plain documents of the testdata have the tree that js-yaml gives', () => {
  let plain = 0;
  for (const { text, start } of documents) {
    const root = readPlainBlock(text, start);
    if (root === undefined) continue;
    plain += 1;
    expect(asText({ root, problems: [] })).toBe(asText(parseAnyDocument(text, start)));
  }
  expect(plain / documents.length).toBeGreaterThan(0.8);
});

const pieces = fc.constantFrom(
  ...[
    ' ',
    '  ',
    '- ',
    '-',
    ':',
    ': ',
    '#',
    ' #',
    '\n',
    '\n\n',
    '"',
    "'",
    'a',
    'key: v',
    'y',
    'null',
    '1',
    '~',
  ],
  ...[
    '{',
    '[',
    '|',
    '>',
    '&a',
    '*',
    '!',
    '%',
    '?',
    '? ',
    ',',
    '.',
    '\t',
    '\r',
    'é',
    '0x1F',
    '010',
    '1e3',
    '<<',
  ],
  ...['- - ', 'x:y', 'http://a', 'a b', '"q"', "'q'", '# c\n', '\u0001', 'true', 'y: ', '{{', '@', '`', '\\'],
);
const change = fc.record({
  kind: fc.constantFrom('drop', 'repeat', 'indent', 'insert', 'cut', 'replace'),
  line: fc.nat(),
  other: fc.nat(),
  at: fc.nat(),
  piece: pieces,
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(text: string, { kind, line, other, at, piece }: Change): string {
  const lines = text.split('\n');
  const number = line % lines.length;
  const old = lines[number] ?? '';
  const column = at % (old.length + 1);
  if (kind === 'drop') lines.splice(number, 1);
  else if (kind === 'repeat') lines.splice(number, 0, lines[other % lines.length] ?? '');
  else if (kind === 'indent') lines[number] = ' '.repeat(other % 6) + old.trimStart();
  else if (kind === 'cut') lines[number] = old.slice(0, column);
  else
    lines[number] =
      old.slice(0, column) + piece + old.slice(column + (kind === 'replace' ? 1 + (other % 3) : 0));
  return lines.join('\n');
}

const short = documents.filter(({ text }) => text.length < 1500);

test('documents that are changed by chance have the tree that js-yaml gives, or are left to it', () => {
  let plain = 0;
  const run = fc.property(
    fc.nat(short.length - 1),
    fc.array(change, { minLength: 1, maxLength: 3 }),
    (index, changes) => {
      const text = changes.reduce(changed, short[index]?.text ?? '');
      // The lines at which files are split.
      if (/^(?:---|\.\.\.)(?:\s|$)/m.test(text)) return;
      const root = readPlainBlock(text, 7);
      if (root === undefined) return;
      plain += 1;
      expect(`${text}\n${asText({ root, problems: [] })}`).toBe(
        `${text}\n${asText(parseAnyDocument(text, 7))}`,
      );
    },
  );
  fc.assert(run, { numRuns: Number(process.env['CLUSTERS'] ?? 10) * 500 });
  expect(plain).toBeGreaterThan(300);
});
