import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/2-decode/resource.ts';
import { compareTables } from '../../src/semantics/compare.ts';
import { decide, outcomeOf, type Table } from '../../src/semantics/decide.ts';
import type { Condition, Match } from '../../src/semantics/match.ts';
import { differingAspects } from '../../src/semantics/outcome.ts';
import { type PathMatcher, pathRegex } from '../../src/semantics/path-matcher.ts';
import type { Probe } from '../../src/semantics/request.ts';
import { requestFrom } from '../../src/semantics/request.ts';
import { regexMatcher, type StringMatcher } from '../../src/semantics/string-matcher.ts';

const resource: Resource<'istio.VirtualService'> = {
  type: 'istio.VirtualService',
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  name: 'fruit',
  namespace: 'market',
  metadata: { name: 'fruit' },
  spec: {},
};

const address = { scheme: 'http', host: 'fruit', port: 80 } as const;

// Brute force goes through every request over a small alphabet; the conditions are over the same one.
const letters = ['a', 'b', '/'];
const words = [1, 2, 3].flatMap(length => combine(length)).map(word => `/${word}`);
const paths = ['/', ...words];
const headerValues = [null, '', 'a', 'b', 'aa', 'ab', 'ba', 'c'];

function combine(length: number): string[] {
  if (length === 0) return [''];
  return combine(length - 1).flatMap(rest => letters.map(letter => letter + rest));
}

const pathWord = fc.stringMatching(/^\/([ab]{1,2}(\/[ab])?)?$/);
const plainPath: fc.Arbitrary<PathMatcher> = fc.oneof(
  pathWord.map(value => ({ kind: 'exact', value, ignoreCase: false }) as const),
  pathWord.map(value => ({ kind: 'prefix', value, ignoreCase: false }) as const),
  pathWord
    .filter(value => value !== '/')
    .map(value => ({ kind: 'segments', value, ignoreCase: false }) as const),
);
const regexPath = fc
  .constantFrom('/a.*', '/[ab]+', '/(a|b)/.*', '/a?b', '/.*b', '/a{2}(/.*)?')
  .map(pathRegex);
const plainString: fc.Arbitrary<StringMatcher> = fc.oneof(
  fc.constantFrom('a', 'b', 'aa', '').map(value => ({ kind: 'exact', value }) as const),
  fc.constantFrom('a', 'b').map(value => ({ kind: 'prefix', value }) as const),
  fc.constant({ kind: 'present' } as const),
);
const regexString = fc.constantFrom('a.*', '[ab]', 'a|ba').map(regexMatcher);

function table(path: fc.Arbitrary<PathMatcher>, string: fc.Arbitrary<StringMatcher>): fc.Arbitrary<Table> {
  const condition: fc.Arbitrary<Condition> = fc.record({
    dimension: fc.constantFrom('header:x', 'query:q'),
    matcher: string,
    invert: fc.boolean(),
  });
  const match: fc.Arbitrary<Match> = fc.record({ path, conditions: fc.array(condition, { maxLength: 2 }) });
  return fc.array(fc.tuple(match, fc.integer({ min: 200, max: 202 })), { maxLength: 4 }).map(rules => ({
    rules: rules.map(([match, status], index) => ({
      match,
      action: { kind: 'respond', status, body: '' } as const,
      origin: { resource, path: ['spec', 'http', index], match: 0 },
    })),
    fallback: undefined,
    httpsRedirect: false,
  }));
}

function differSomewhere(a: Table, b: Table): boolean {
  return paths.some(path =>
    headerValues.some(header =>
      headerValues.some(query => {
        const probe: Probe = new Map([
          ['path', path],
          ['header:x', header],
          ['query:q', query],
        ] as const);
        const request = requestFrom(probe, address);
        const outcomes = [a, b].map(side => {
          const decision = decide(side, probe);
          if (typeof decision === 'string')
            throw new Error(`a whole request leaves nothing to ask, but ${decision}`);
          return outcomeOf(side, decision, request);
        });
        const [first, second] = outcomes;
        return first !== undefined && second !== undefined && differingAspects(first, second).length > 0;
      }),
    ),
  );
}

describe('witness requests', () => {
  test('tell apart what brute force tells apart: exact and prefix conditions', () => {
    fc.assert(
      fc.property(table(plainPath, plainString), table(plainPath, plainString), (a, b) => {
        const { differences, sampled } = compareTables(a, b, address);
        expect(sampled).toBe(false);
        if (differSomewhere(a, b)) expect(differences.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test('tell apart what brute force tells apart: regular expressions that can be taken apart', () => {
    fc.assert(
      fc.property(
        table(fc.oneof(plainPath, regexPath), fc.oneof(plainString, regexString)),
        table(fc.oneof(plainPath, regexPath), fc.oneof(plainString, regexString)),
        (a, b) => {
          const { differences, sampled } = compareTables(a, b, address);
          expect(sampled).toBe(false);
          if (differSomewhere(a, b)) expect(differences.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('find no difference between a table and itself', () => {
    fc.assert(
      fc.property(table(fc.oneof(plainPath, regexPath), plainString), side => {
        expect(compareTables(side, side, address).differences).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
