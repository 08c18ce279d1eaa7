import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { differsInYaml12, keyText, resolvePlain, resolveTagged } from '../../src/yaml/scalar.ts';

interface Row {
  readonly text: string;
  /** What kubectl reads; null where it refuses the document. */
  readonly json: string | null;
  readonly key: string | null;
}

const { scalars } = JSON.parse(readFileSync(new URL('kubectl-scalars.json', import.meta.url), 'utf8')) as {
  readonly scalars: readonly Row[];
};

describe('scalars without quotes are what kubectl reads', () => {
  test.each(scalars)('$text', ({ text, json, key }) => {
    const value = resolvePlain(text);
    if (json === null) {
      // JSON has no infinities: kubectl refuses the document, and so does whoever wants a number here.
      expect(typeof value === 'number' && Number.isFinite(value)).toBe(false);
    } else expect(value).toEqual(JSON.parse(json));
    // `<<` as a key is no key at all, and -0 is 0 in JSON.
    if (key !== null && text !== '<<') expect(keyText(value, text)).toBe(key);
  });
});

test('a tag decides the type of a scalar', () => {
  expect(resolveTagged('!!str', '010')).toBe('010');
  expect(resolveTagged('!!int', '010')).toBe(8);
  expect(resolveTagged('!!int', '1.5')).toBeUndefined();
  expect(resolveTagged('!!float', '3')).toBe(3);
  expect(resolveTagged('!!bool', 'yes')).toBe(true);
  expect(resolveTagged('!!bool', '1')).toBeUndefined();
  expect(resolveTagged('!!null', '~')).toBeNull();
  expect(resolveTagged('!!null', 'x')).toBeUndefined();
  expect(resolveTagged('!!binary', 'aGk=')).toBe('hi');
  expect(resolveTagged('!mine', '1')).toBe('1');
});

test.each([
  ['on', true],
  ['n', true],
  ['true', false],
  ['TRUE', false],
  ['010', true],
  ['0', false],
  ['00', false],
  ['1_000', true],
  ['0b11', true],
  ['0o17', false],
  ['0x1F', false],
  ['-0x1F', true],
  ['80', false],
  ['1.5', false],
  ['~', false],
  ['v1', false],
])('whether YAML 1.2 reads %s otherwise', (text, differs) => {
  expect(differsInYaml12(text, resolvePlain(text))).toBe(differs);
});
