import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Resource } from '../../src/2-decode/resource.ts';
import { decide } from '../../src/semantics/decide.ts';
import { evaluate, type Match } from '../../src/semantics/match.ts';
import { type PathMatcher, pathRegex } from '../../src/semantics/path-matcher.ts';
import type { Probe } from '../../src/semantics/request.ts';
import type { Rule } from '../../src/semantics/rule.ts';

const resource: Resource<'istio.VirtualService'> = {
  type: 'istio.VirtualService',
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  name: 'fruit',
  namespace: 'market',
  metadata: { name: 'fruit' },
  spec: {},
};

const action = { kind: 'respond', status: 200, body: '' } as const;
const origin = { resource, path: [], match: undefined };

const word = fc.stringMatching(/^\/[ab]{0,2}(\/[abB]{0,2})?$/);
const path: fc.Arbitrary<PathMatcher> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('exact' as const, 'prefix' as const, 'segments' as const),
    value: fc.oneof(word, fc.constant('')),
    ignoreCase: fc.boolean(),
  }),
  fc.constantFrom('/a.*', '/[ab]+', '.*').map(pathRegex),
);
const condition = fc.record({
  dimension: fc.constantFrom('header:x' as const, 'method' as const),
  matcher: fc.record({ kind: fc.constant('exact' as const), value: fc.constantFrom('a', 'b') }),
  invert: fc.boolean(),
});
const match: fc.Arbitrary<Match> = fc.record({ path, conditions: fc.array(condition, { maxLength: 1 }) });
const probe: fc.Arbitrary<Probe> = fc
  .record(
    { path: word, 'header:x': fc.constantFrom('a', 'b', null), method: fc.constantFrom('a', 'b') },
    { requiredKeys: [] },
  )
  .map(known => new Map(Object.entries(known)) as Probe);

test('a long list of rules decides as one rule after the other does', () => {
  fc.assert(
    fc.property(fc.array(match, { minLength: 100, maxLength: 140 }), fc.array(probe), (matches, probes) => {
      const rules = matches.map((one): Rule => ({ match: one, action, origin }));
      const table = { rules, fallback: undefined, httpsRedirect: false };
      const oneByOne = (known: Probe) => {
        for (const rule of rules) {
          const holds = evaluate(rule.match, known);
          if (holds !== false) return holds === true ? { rule } : holds;
        }
        return { rule: undefined };
      };
      for (const known of probes) expect(decide(table, known)).toStrictEqual(oneByOne(known));
    }),
  );
});
