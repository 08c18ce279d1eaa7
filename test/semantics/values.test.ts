import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesPath, type PathMatcher, pathRegex } from '../../src/semantics/path-matcher.ts';
import { compileFullMatch, matchesString, type StringMatcher } from '../../src/semantics/string-matcher.ts';
import { valuesOfDimension, valuesOfPath } from '../../src/semantics/values.ts';

/** Every text of some letters, up to a length. */
function textsOf(letters: readonly string[], length: number): readonly string[] {
  if (length === 0) return [''];
  const shorter = textsOf(letters, length - 1);
  return [...new Set([...shorter, ...shorter.flatMap(text => letters.map(letter => text + letter))])];
}

const value = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }).map(letters => letters.join(''));
const atom = fc.constantFrom('a', 'b', '[ab]', '.', 'ab', '(a|b)', 'c');
const expression = fc
  .array(fc.tuple(atom, fc.constantFrom('', '*', '+', '?')), { minLength: 1, maxLength: 3 })
  .map(parts => parts.map(([one, times]) => `(?:${one})${times}`).join(''));

const stringMatcher: fc.Arbitrary<StringMatcher> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('exact', 'prefix'), value }) },
  expression.map(
    source => ({ kind: 'regex', source, test: compileFullMatch(source) ?? (() => false) }) as const,
  ),
);

const pathMatcher: fc.Arbitrary<PathMatcher> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('exact', 'prefix', 'segments'),
      value: value.map(text => `/${text}`),
      ignoreCase: fc.constant(false),
    }),
  },
  fc.constant({ kind: 'prefix', value: '/', ignoreCase: false } as const),
  expression.map(source => pathRegex(`/${source}`)),
);

test('values that are said to be complete tell apart what the matchers do: each text has one that the same matchers take', () => {
  const texts = textsOf(['a', 'b', 'c', 'd'], 5);
  fc.assert(
    fc.property(fc.array(stringMatcher, { minLength: 1, maxLength: 6 }), matchers => {
      const { values, complete } = valuesOfDimension('header x', matchers, false, true);
      const taken = (text: string) => matchers.map(matcher => matchesString(matcher, text)).join();
      const found = new Set(values.map(text => taken(text ?? '')));
      expect(complete).toBe(true);
      // An empty value is like none.
      expect(texts.filter(text => text !== '' && !found.has(taken(text)))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('paths that are said to be complete tell apart what the matchers do', () => {
  const paths = textsOf(['a', 'b', 'c', '/'], 4).map(text => `/${text}`);
  fc.assert(
    fc.property(fc.array(pathMatcher, { minLength: 1, maxLength: 6 }), matchers => {
      const matches = matchers.map(path => ({ path, conditions: [] }));
      const { values, complete } = valuesOfPath(matches, []);
      const taken = (path: string) => matchers.map(matcher => matchesPath(matcher, path)).join();
      const found = new Set(values.map(path => taken(path ?? '')));
      expect(complete).toBe(true);
      expect(paths.filter(path => !found.has(taken(path)))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
