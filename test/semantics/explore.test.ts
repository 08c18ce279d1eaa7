import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/2-decode/resource.ts';
import { compareTables, type DecidedOutcome } from '../../src/semantics/compare.ts';
import { decide, outcomeOf, type Table } from '../../src/semantics/decide.ts';
import { explore, witnessLimit } from '../../src/semantics/explore.ts';
import type { Condition, Match } from '../../src/semantics/match.ts';
import { differingAspects } from '../../src/semantics/outcome.ts';
import { type PathMatcher, pathRegex } from '../../src/semantics/path-matcher.ts';
import type { Probe } from '../../src/semantics/request.ts';
import { readDimension, requestFrom } from '../../src/semantics/request.ts';
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

const severalDimensions = ['method', 'header:x', 'header:y', 'query:q', 'query:r'];
const several: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    dimension: fc.constantFrom('header:x', 'header:y', 'query:q', 'query:r'),
    matcher: fc.oneof(
      fc.constantFrom('a', 'b').map(value => ({ kind: 'exact', value }) as const),
      fc.constant({ kind: 'prefix', value: 'a' } as const),
      fc.constant({ kind: 'present' } as const),
    ),
    invert: fc.boolean(),
  }),
  fc.record({
    dimension: fc.constant('method'),
    matcher: fc.constantFrom('GET', 'POST').map(value => ({ kind: 'exact', value }) as const),
    invert: fc.boolean(),
  }),
);
const severalTable: fc.Arbitrary<Table> = fc
  .array(
    fc.tuple(
      fc.oneof(plainPath, fc.constant({ kind: 'prefix', value: '/', ignoreCase: false } as const)),
      fc.array(several, { maxLength: 3 }),
      fc.integer({ min: 200, max: 203 }),
    ),
    { maxLength: 5 },
  )
  .map(rules => ({
    rules: rules.map(([path, conditions, status], index) => ({
      match: { path, conditions },
      action: { kind: 'respond', status, body: '' } as const,
      origin: { resource, path: ['spec', 'http', index], match: 0 },
    })),
    fallback: undefined,
    httpsRedirect: false,
  }));

const fewPaths = [
  '/',
  '/a',
  '/b',
  '/ab',
  '/a/',
  '/a/b',
  '/a/bc',
  '/ab/a',
  '/aa',
  '/ba',
  '/bb',
  '/c',
  '/b/a',
  '/aac',
];
const fewValues = [null, 'a', 'b', 'ab', 'c'];
const severalProbes: readonly Probe[] = fewPaths.flatMap(path =>
  ['GET', 'POST', 'PUT'].flatMap(method =>
    fewValues.flatMap(x =>
      fewValues.flatMap(y =>
        fewValues.flatMap(q =>
          fewValues.map(
            r =>
              new Map([
                ['path', path],
                ['method', method],
                ['header:x', x],
                ['header:y', y],
                ['query:q', q],
                ['query:r', r],
              ]),
          ),
        ),
      ),
    ),
  ),
);

function ruleOf({ decision }: DecidedOutcome): string {
  return String(decision.rule?.origin.path[2]);
}

function differAt(a: Table, b: Table, probe: Probe): boolean {
  const statuses = [a, b].map(side => {
    const decision = decide(side, probe);
    if (typeof decision === 'string')
      throw new Error(`a whole request leaves nothing to ask, but ${decision}`);
    const { rule } = decision;
    return rule?.action.kind === 'respond' ? rule.action.status : undefined;
  });
  return statuses[0] !== statuses[1];
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

  test('tell apart what brute force tells apart: methods, several headers and query parameters, catch-alls', () => {
    fc.assert(
      fc.property(severalTable, severalTable, (a, b) => {
        const { differences, sampled } = compareTables(a, b, address);
        expect(sampled).toBe(false);
        const differ = severalProbes.some(probe => differAt(a, b, probe));
        if (differ) expect(differences.length).toBeGreaterThan(0);
        for (const { request } of differences) {
          const asked = new Map(
            [...severalDimensions, 'path'].map(dimension => [dimension, readDimension(request, dimension)]),
          );
          expect(differAt(a, b, asked)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('draw by chance where there are too many regions, the same requests each time, and say so', () => {
    const rules = Array.from({ length: 30 }, (_, index): Table['rules'][number] => ({
      match: {
        path: { kind: 'prefix', value: '/', ignoreCase: false },
        conditions: [
          { dimension: `header:x-${index}`, matcher: { kind: 'exact', value: 'a' }, invert: false },
        ],
      },
      action: { kind: 'respond', status: 200 + index, body: '' },
      origin: { resource, path: ['spec', 'http', index], match: 0 },
    }));
    const side: Table = { rules, fallback: undefined, httpsRedirect: false };
    const turned: Table = { ...side, rules: rules.toReversed() };
    // As many regions as there are pairs of rules, and some more: fewer are allowed.
    const limit = 460;
    const drawn = explore([side, turned], limit);
    expect(drawn.sampled).toBe(true);
    expect(drawn.witnesses).toHaveLength(limit);
    expect(explore([side, turned], limit)).toEqual(drawn);
    const found = compareTables(side, turned, address);
    expect(found.sampled).toBe(false);
    expect(found.requests).toBeLessThan(witnessLimit);
    expect(found.differences.length).toBeGreaterThan(0);
    expect(compareTables(side, turned, address)).toEqual(found);
    // Every rule takes some of the requests, and so does the earlier one of every pair what both want.
    const { witnesses } = explore([side]);
    const taking = new Set(witnesses.map(({ decisions }) => decisions[0]?.rule));
    for (const rule of rules) expect(taking.has(rule)).toBe(true);
    const pairs = new Set(
      found.differences.map(({ aspects: _, before, after }) => `${ruleOf(before)} ${ruleOf(after)}`),
    );
    for (const [first] of rules.entries())
      for (let second = first + 1; second < rules.length; second += 1)
        expect(pairs).toContain(`${first} ${second}`);
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
