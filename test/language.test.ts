import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settings } from '../src/cli/flags/settings.ts';
import { type Code, catalog, entryOf, holdsBack } from '../src/diagnostics/catalog.ts';
import { families } from '../src/diagnostics/families.ts';
import { commentsOf, faultsOfText, namesOfTests, openingsOf, proseOf, textsOfProgram } from './language.ts';

const codes = Object.keys(catalog) as Code[];
const root = join(import.meta.dirname, '..');

/** The files below a folder whose paths end in a text, with their texts. */
function filesIn(folder: string, end: string): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith(end))
    .sort()
    .map(path => ({ path, text: readFileSync(join(root, folder, path), 'utf8') }));
}

test('the check finds long sentences, forbidden openings and words outside of the glossary', () => {
  expect(faultsOfText('What a pity. It was held back.')).toEqual([
    'opening: What a pity.',
    '"held back", say "not converted": What a pity. It was held back.',
  ]);
  expect(faultsOfText(`${'word '.repeat(26)}.`)).toHaveLength(1);
  expect(faultsOfText('istiod ignores `What a long text`. Nothing else.')).toEqual([]);
});

test('prose is read without code, links and headings', () => {
  expect(proseOf('# Title\n\nOne [link](a.md).\n\n```sh\ncode\n```\n\n- item\n- two\n  lines\n')).toEqual([
    'One link.',
    'item',
    'two lines',
  ]);
});

test('every text of the catalogue is in the style of the project', () => {
  const faults = codes.flatMap(code => {
    const { message, why, remedy } = entryOf(code);
    return [message, why, remedy].flatMap(text => faultsOfText(text).map(fault => `${code}: ${fault}`));
  });
  expect(faults).toEqual([]);
});

test('every family has codes, and its texts are in the style of the project', () => {
  const used = new Set(codes.map(code => entryOf(code).family));
  expect(Object.keys(families).filter(family => !used.has(family as keyof typeof families))).toEqual([]);
  expect(Object.values(families).flatMap(({ title, about }) => faultsOfText(`${title}. ${about}`))).toEqual(
    [],
  );
});

test.each([
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
  ...readdirSync(join(root, 'docs/codes')).map(name => `docs/codes/${name}`),
  'README.md',
  'MIGRATION.md',
  'CONTRIBUTING.md',
])('%s is in the style of the project', path => {
  // Lists of links to codes are no sentences.
  const text = readFileSync(join(import.meta.dirname, '..', path), 'utf8').replaceAll(
    /(?:\[[\w.-]+\]\([^)]*\)(?:, )?)+ \|$/gm,
    '|',
  );
  expect(proseOf(text).flatMap(faultsOfText)).toEqual([]);
});

test('help is in the style of the project', () => {
  const faults = settings.flatMap(({ key, description }) =>
    faultsOfText(description).map(fault => `${key}: ${fault}`),
  );
  expect(faults).toEqual([]);
});

test('an error is a code that keeps its object from being converted', () => {
  expect(codes.filter(code => (entryOf(code).severity === 'error') !== holdsBack(code))).toEqual([]);
});

test('a code that asks for nothing is info', () => {
  const asksForNothing = codes.filter(code => /^No action needed(?:\.| on Istio)/.test(entryOf(code).remedy));
  expect(asksForNothing.filter(code => entryOf(code).severity !== 'info')).toEqual([]);
});

test('texts are found in programs, and names in test files', () => {
  expect(
    textsOfProgram("// 'no text in a comment'\nsay(`the port ${port} is not\\nknown`, 'two words');"),
  ).toEqual(['the port x is not\nknown']);
  expect(namesOfTests("test('one name', () => {});\n  it.skip('another one', () => {});\n")).toEqual([
    'one name',
    'another one',
  ]);
});

test('errors, help and other texts of the program are in the style of the project', () => {
  const faults = [...filesIn('src', '.ts'), ...filesIn('src', '.tsx')]
    .filter(({ path }) => path !== 'reporters/fields.ts') // Markdown, checked as docs/fields.md.
    .flatMap(({ path, text }) =>
      textsOfProgram(text)
        .flatMap(faultsOfText)
        .map(fault => `${path}: ${fault}`),
    );
  expect(faults).toEqual([]);
});

test('comments are found in programs, each part of a docstring on its own', () => {
  expect(
    commentsOf(
      "/** One line. */\nconst a = 1;\n  /**\n   * Two\n   * lines.\n   *\n   * @param x a number\n   */\n  // A run\n  // of lines.\n  f('/* no comment */');\n",
    ),
  ).toEqual(['One line.', 'Two lines.', 'a number', 'A run of lines.']);
  expect(openingsOf('A thing. What a comment. Of others nothing; that counts.')).toEqual([
    'What a comment.',
    'Of others nothing;',
  ]);
});

test('no sentence of a comment or a docstring begins with What, Who, Of or That', () => {
  const comments = [...filesIn('src', '.ts'), ...filesIn('src', '.tsx')].flatMap(({ path, text }) =>
    commentsOf(text).map(comment => ({ path, comment })),
  );
  expect(comments.length).toBeGreaterThan(3000);
  const faults = comments.flatMap(({ path, comment }) =>
    openingsOf(comment).map(sentence => `${path}: ${sentence}`),
  );
  expect(faults).toEqual([]);
});

test('names of tests begin with the thing, in at most 25 words', () => {
  const faults = filesIn('test', '.test.ts').flatMap(({ path, text }) =>
    namesOfTests(text)
      .flatMap(name => [
        ...faultsOfText(name),
        ...(/^(?:what|who|of|that)\b/i.test(name) ? [`opening: ${name}`] : []),
      ])
      .map(fault => `${path}: ${fault}`),
  );
  expect(faults).toEqual([]);
});

test('the diagnostics of all cases are in the style of the project, with the values that are filled in', () => {
  const messages = filesIn('testdata/cases', 'diagnostics.txt').flatMap(({ path, text }) =>
    [...text.matchAll(/^(?:error|warning|info) \S+ \S+ [^:]*: (.*)$/gm)].map(([, message = '']) => ({
      path,
      // Behind the message are the other places that it names.
      message: message.replaceAll(/ \([^()]*: [\w./-]+:\d+:\d+\)/g, ''),
    })),
  );
  expect(messages.length).toBeGreaterThan(1000);
  const faults = messages.flatMap(({ path, message }) =>
    faultsOfText(message).map(fault => `${path}: ${fault}`),
  );
  expect(faults).toEqual([]);
});
