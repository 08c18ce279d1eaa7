import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Resource } from '../../src/2-decode/resource.ts';
import { Budget, type Memory } from '../../src/budget.ts';
import { defaultOptions } from '../../src/options.ts';
import type { Action, PathChange } from '../../src/semantics/action.ts';
import { exploreTables } from '../../src/semantics/compare.ts';
import type { Table } from '../../src/semantics/decide.ts';
import { questionsOf } from '../../src/semantics/known-exploration.ts';
import type { Condition, Match } from '../../src/semantics/match.ts';
import { type PathMatcher, pathRegex } from '../../src/semantics/path-matcher.ts';
import type { Rule } from '../../src/semantics/rule.ts';
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

// Few and short texts, some of them beginning or ending like others, so that questions that differ are written nearly alike.
const path: fc.Arbitrary<PathMatcher> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('exact', 'prefix', 'segments'),
      value: fc.constantFrom('/', '/a', '/a/', '/a;', '/a/b'),
      ignoreCase: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom('/a', '/[ab]+', '/a/.*').map(pathRegex) },
);
const matcher: fc.Arbitrary<StringMatcher> = fc.oneof(
  fc.record({ kind: fc.constantFrom('exact', 'prefix'), value: fc.constantFrom('a', 'a&', '1:a', '') }),
  fc.constant({ kind: 'present' } as const),
  fc.constantFrom('a', 'a.*').map(regexMatcher),
);
const condition: fc.Arbitrary<Condition> = fc.record({
  dimension: fc.constantFrom('header:x', 'header:x1', 'query:x', 'method', 'scheme'),
  matcher,
  invert: fc.boolean(),
});
const match: fc.Arbitrary<Match> = fc.record(
  { path, conditions: fc.array(condition, { maxLength: 2 }), elsewhere: fc.constant('is for port 9') },
  { requiredKeys: ['path', 'conditions'] },
);
const change: fc.Arbitrary<PathChange> = fc.constantFrom(
  { kind: 'none' },
  { kind: 'full', value: '/moved' },
  { kind: 'prefix', value: '/new' },
  { kind: 'root', prefix: '/a' },
  { kind: 'regex', pattern: '^/a', value: '/b' },
  { kind: 'regex', pattern: '/b$', value: '/b' },
);
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.constantFrom(
    { kind: 'respond', status: 200, body: '' } as const,
    { kind: 'unknown', reason: '' } as const,
  ),
  fc.record({
    kind: fc.constant('redirect'),
    status: fc.constant(301),
    scheme: fc.constantFrom('https', undefined),
    host: fc.constant('other'),
    port: fc.constant(0),
    path: change,
  }),
  fc.record({
    kind: fc.constant('forward'),
    path: change,
    destinations: fc.constant([]),
    mirrors: fc.constant([]),
    timeout: fc.nat(9),
    retries: fc.constant(''),
    cors: fc.constant(''),
    fault: fc.constant(''),
  }),
);
const table: fc.Arbitrary<Table> = fc.record(
  {
    rules: fc
      .array(fc.tuple(match, action), { maxLength: 3 })
      .map(rules => rules.map(([own, does], index) => ruleOf(own, does, index))),
    fallback: fc.constant(undefined),
    httpsRedirect: fc.boolean(),
    schemeFrom: fc.constantFrom('proxy', 'listener'),
  },
  { requiredKeys: ['rules', 'fallback', 'httpsRedirect'] },
);

function ruleOf(own: Match, does: Action, index: number): Rule {
  return { match: own, action: does, origin: { resource, path: ['spec', 'http', index], match: 0 } };
}

const address = { scheme: 'http', host: 'fruit', port: 80 } as const;

function budgetWith(memory: Memory): Budget {
  return new Budget(defaultOptions, undefined, memory);
}

test('explorations that are remembered come to the same requests and decisions, and count for the same', () => {
  const memory: Memory = new Map();
  fc.assert(
    fc.property(table, table, (before, after) => {
      const [fresh, known] = [budgetWith(new Map()), budgetWith(memory)];
      const expected = exploreTables(before, after, address, undefined, fresh);
      expect(exploreTables(before, after, address, undefined, known)).toEqual(expected);
      expect(known.spent).toEqual(fresh.spent);
      // Once more, and now it is known for sure; the rules are those of the tables that were given.
      const [again, twice] = [budgetWith(memory), copyOf(after)];
      const { witnesses } = exploreTables(before, twice, address, undefined, again);
      expect(witnesses).toEqual(expected.witnesses);
      for (const { decisions } of witnesses) {
        expect([undefined, ...before.rules]).toContain(decisions[0]?.rule);
        expect([undefined, ...twice.rules]).toContain(decisions[1]?.rule);
      }
      expect(again.spent).toEqual(fresh.spent);
    }),
    { numRuns: 600, seed: 14 },
  );
  // Some were explored under the text of others, or this test says nothing.
  const remembered = [...memory.keys()].filter(key => key.startsWith('exploration '));
  expect(remembered.length).toBeLessThan(590);
  expect(remembered.length).toBeGreaterThan(200);
});

function copyOf({ rules, ...rest }: Table): Table {
  return { ...rest, rules: rules.map(rule => ({ ...rule })) };
}

test('limits are reached at the same number of requests, remembered or not', () => {
  const every: PathMatcher = { kind: 'prefix', value: '/a', ignoreCase: false };
  const conditions = ['header:a', 'header:b', 'header:c'].map(
    (dimension): Condition => ({ dimension, matcher: { kind: 'exact', value: '1' }, invert: false }),
  );
  const large: Table = {
    rules: [ruleOf({ path: every, conditions }, { kind: 'respond', status: 200, body: '' }, 0)],
    fallback: undefined,
    httpsRedirect: false,
  };
  const taken = budgetWith(new Map());
  exploreTables(large, large, address, undefined, taken);
  const needed = taken.spent.get('limitRequests') ?? 0;
  expect(needed).toBeGreaterThan(5);
  const memory: Memory = new Map();
  exploreTables(large, large, address, undefined, budgetWith(memory));
  for (const remembered of [memory, new Map()]) {
    const within = (limitRequests: number) => {
      const run = new Budget({ ...defaultOptions, limitRequests }, undefined, remembered);
      const explore = () => exploreTables(large, large, address, undefined, run.forGroup());
      return { run, explore };
    };
    const [enough, short] = [within(needed), within(needed - 1)];
    expect(enough.explore).not.toThrow();
    expect(short.explore).toThrow(`more than ${needed - 1}: limitRequests`);
    // The run as a whole counts what the group was given, too.
    expect(short.run.spent.get('limitRequests')).toBe(needed - 1);
  }
});

test('automata count as they did, and are asked again where little is left', () => {
  const does: Action = { kind: 'respond', status: 200, body: '' };
  const sides = ['/[ab]+', '/a.*', '/.*b'].map((source, index) =>
    ruleOf({ path: pathRegex(source), conditions: [] }, does, index),
  );
  const tables: Table = { rules: sides, fallback: undefined, httpsRedirect: false };
  const memory: Memory = new Map();
  const first = budgetWith(memory);
  exploreTables(tables, tables, address, undefined, first);
  const needed = first.spent.get('limitAutomata') ?? 0;
  expect(needed).toBeGreaterThan(5);
  for (const limitAutomata of [needed, needed - 1]) {
    const within = new Budget({ ...defaultOptions, limitAutomata }, undefined, memory).forGroup();
    const explore = () => exploreTables(tables, tables, address, undefined, within);
    if (limitAutomata === needed) {
      expect(explore).not.toThrow();
      expect(within.spent).toEqual(first.spent);
    } else expect(explore).toThrow(`more than ${limitAutomata}: limitAutomata`);
  }
});

test('tables that ask for an authority are not remembered, since it depends on the host who gets there', () => {
  const plain: PathMatcher = { kind: 'prefix', value: '/', ignoreCase: false };
  const asked = (own: Match) =>
    questionsOf(
      [
        {
          rules: [ruleOf(own, { kind: 'respond', status: 200, body: '' }, 0)],
          fallback: undefined,
          httpsRedirect: false,
        },
      ],
      new Map(),
    );
  const authority: Condition = {
    dimension: 'authority',
    matcher: { kind: 'exact', value: 'a' },
    invert: false,
  };
  expect(asked({ path: plain, conditions: [authority] })).toBeUndefined();
  expect(asked({ path: plain, conditions: [{ ...authority, dimension: 'header:x' }] })).toBe(
    '|;prefix=1:/&8:header:xexact1:a',
  );
});
