import fc from 'fast-check';
import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { plainRegularExpression } from '../../src/2-decode/validation/plain-regular-expression.ts';

const parts = fc.constantFrom(
  'a',
  'b',
  '/',
  '-',
  '7',
  '&',
  '#',
  '%2F',
  '\\.',
  '\\/',
  '[0-9]',
  '[0-9]+',
  '[a-c]*',
  '[a-cX_7]+',
  '[z-a]',
  '.*',
  '.+',
  '.',
  'a?',
  'a*',
  '(a|b)',
  '\\d+',
  '[^/]+',
  '^',
  '$',
  '|',
  '{2}',
);
const values = fc.array(
  fc.constantFrom('a', 'b', 'z', '/', '-', '7', '&', '#', '%2F', '.', 'X', '_', '\n', '\r', 'é', '😀'),
  {
    maxLength: 7,
  },
);

/** As RE2 has it. */
function matchesAsRe2(source: string, value: string): boolean | undefined {
  try {
    return RE2JS.compile(source).matches(value);
  } catch {
    return undefined;
  }
}

test('an expression that is plain means the same to RE2', () => {
  let plain = 0;
  const run = fc.property(fc.array(parts, { minLength: 1, maxLength: 5 }), values, (written, value) => {
    const source = written.join('');
    const expression = plainRegularExpression(source);
    if (expression === undefined) return;
    plain += 1;
    expect([source, value.join(''), expression.test(value.join(''))]).toEqual([
      source,
      value.join(''),
      matchesAsRe2(source, value.join('')),
    ]);
  });
  fc.assert(run, { numRuns: 4000 });
  expect(plain).toBeGreaterThan(500);
});

test('an expression that may mean something else, or takes long, is not plain', () => {
  const others = [
    'a?',
    'a*',
    '(a|b)',
    '\\d',
    '[^/]',
    '[z-a]',
    '.',
    '^a',
    'a$',
    'a{2}',
    '.*a.*b.*c',
    '\\pN',
    '',
    'é',
  ];
  expect(others.filter(source => plainRegularExpression(source) !== undefined)).toEqual([]);
});
