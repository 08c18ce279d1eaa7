import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settings } from '../src/cli/settings.ts';
import { type Code, catalog, entryOf, holdsBack } from '../src/diagnostics/catalog.ts';
import { families } from '../src/diagnostics/families.ts';
import { faultsOfText, proseOf } from './language.ts';

const codes = Object.keys(catalog) as Code[];

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

test.each(['docs/codes/README.md', 'docs/fields.md'])('%s is in the style of the project', path => {
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
