import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isValidName, makeName, type NameRule, subsetServiceName } from '../../src/2-decode/valid-name.ts';

const rules: readonly NameRule[] = ['rfc1035-label', 'rfc1123-label', 'rfc1123-subdomain'];

test('a Service of a subset is called after both', () => {
  expect(subsetServiceName('reviews', 'v1')).toBe('reviews-v1');
});

test('a subset that no name may contain gets a name that shows what it was', () => {
  expect(subsetServiceName('reviews', 'V1_beta')).toMatch(/^reviews-v1-beta-[0-9a-f]{8}$/);
  expect(subsetServiceName('9lives', 'v1')).toMatch(/^lives-v1-[0-9a-f]{8}$/);
  expect(subsetServiceName('...', '')).toMatch(/^x-[0-9a-f]{8}$/);
});

test('a long name is cut, and two that begin alike stay apart', () => {
  const long = 'a-service-with-a-name-that-is-nearly-as-long-as-names-can-be';
  const names = [subsetServiceName(long, 'green'), subsetServiceName(long, 'great')];
  expect(names[0]).toMatch(/^a-service-with-a-name-that-is-nearly-as-long-as-names-[0-9a-f]{8}$/);
  expect(new Set(names).size).toBe(2);
});

test('a name that is taken is not given again', () => {
  expect(subsetServiceName('a-b', 'c', name => name === 'a-b-c')).toMatch(/^a-b-c-[0-9a-f]{8}$/);
});

const part = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(...'abz019-._A'), maxLength: 300 }),
);
const parts = fc.array(part, { minLength: 1, maxLength: 3 });

test('whatever the parts are, the name is valid, and the same when asked again', () => {
  fc.assert(
    fc.property(parts, fc.constantFrom(...rules), (given, rule) => {
      const name = makeName(given, rule);
      expect(isValidName(name, rule), name).toBe(true);
      expect(makeName(given, rule)).toBe(name);
    }),
    { numRuns: 2000 },
  );
});

test('names given one after another never collide', () => {
  fc.assert(
    fc.property(fc.uniqueArray(parts, { selector: p => JSON.stringify(p), maxLength: 20 }), lists => {
      const names = new Set<string>();
      for (const given of lists) names.add(makeName(given, 'rfc1035-label', name => names.has(name)));
      expect(names.size).toBe(lists.length);
    }),
  );
});
