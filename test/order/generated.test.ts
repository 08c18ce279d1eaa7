import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type * as gateway from '../../src/gateway-api/index.ts';
import { type Conversion, convert, defaultOptions, type Options } from '../../src/index.ts';
import type * as istio from '../../src/istio/index.ts';
import { httpEntries, longLists, manifestsOf, negatedEntries, plainEntries } from './generate.ts';
import { howKept, meansInOrder } from './means.ts';
import { byList, byRoutes, isUnder, type PlainRequest, sortedMatches } from './reference.ts';

// Every request over a small alphabet, chosen so that it meets and misses what the generator writes.
const segments = ['a', 'b', 'c', 'ab', 'v1', 'x'];
const shallow = segments.flatMap(first => [`/${first}`, `/${first}/`]);
const deep = ['a', 'b', 'ab', 'v1'].flatMap(first =>
  ['b', 'x'].flatMap(second => [`/${first}/${second}`, `/${first}/${second}/c`, `/${first}/${second}c`]),
);
const paths = ['/', ...shallow, ...deep];
const values = [undefined, '', 'one', 'two', 'o', 'tw', 'X'];

const requests: readonly PlainRequest[] = paths.flatMap(path =>
  values.flatMap(user =>
    [undefined, 'one', 'two', 'tw'].flatMap(env =>
      [undefined, 'one', 'two'].flatMap(q =>
        ['GET', 'POST'].map(method => ({
          path,
          method,
          headers: { 'x-user': user, 'x-env': env },
          query: { q },
        })),
      ),
    ),
  ),
);

/** More lists than usual: `RUNS=20 npx vitest run test/order`. */
const runs = Number(process.env['RUNS'] ?? 1);

function converted(http: readonly istio.HTTPRoute[], options: Partial<Options>): Conversion {
  const file = { path: 'list.json', text: manifestsOf(http) };
  return convert([file], [], { ...defaultOptions, ...options });
}

function routesOf({
  outputs,
}: Conversion): readonly { readonly name: string; readonly spec: gateway.HTTPRoute }[] {
  return outputs.flatMap(({ resource }) =>
    resource.type === 'gateway.HTTPRoute' ? [{ name: resource.name, spec: resource.spec }] : [],
  );
}

/** The first request that the plain evaluators send to different places, unless that was to be. */
function firstDifference(
  http: readonly istio.HTTPRoute[],
  conversion: Conversion,
  isExpected: (request: PlainRequest) => boolean = () => false,
  tried: readonly PlainRequest[] = requests,
): PlainRequest | undefined {
  const sorted = sortedMatches(routesOf(conversion));
  return tried.find(request => byList(http, request) !== byRoutes(sorted, request) && !isExpected(request));
}

/** The generator puts the paths of long lists into numbered folders. */
function requestsBelow(http: readonly istio.HTTPRoute[]): readonly PlainRequest[] {
  const folders = new Set(JSON.stringify(http).match(/\/n[0-9]+/g));
  const some = requests.filter((_, index) => index % 11 === 0);
  return [...folders].flatMap(folder =>
    some.map(request => ({ ...request, path: `${folder}${request.path}` })),
  );
}

/** Whether some prefix takes a path by letters and not by segments, or the other way round. */
function isNearPrefix(http: readonly istio.HTTPRoute[]): (request: PlainRequest) => boolean {
  const prefixes = http.flatMap(({ match = [] }) => match.flatMap(({ uri }) => uri?.prefix ?? []));
  return ({ path }) => prefixes.some(prefix => path.startsWith(prefix) !== isUnder(prefix, path));
}

const declaring = ['prefix-by-segment', 'prefix-without-slash', 'brought-to-life'];

describe('generated lists', () => {
  test('with --prefix string all convert, and no request differs, by our reading and by a plain one', () => {
    fc.assert(
      fc.property(httpEntries, http => {
        const conversion = converted(http, { prefix: 'string' });
        const [{ status, proof } = {}] = conversion.resources;
        expect({ status, differences: proof?.differences, sampled: proof?.sampled }).toEqual({
          status: 'converted',
          differences: 0,
          sampled: false,
        });
        expect(firstDifference(http, conversion)).toBeUndefined();
      }),
      { numRuns: 60 * runs, seed: 1 },
    );
  });

  test('with --prefix path all convert, and only what prefixes declare differs', () => {
    fc.assert(
      fc.property(httpEntries, http => {
        const conversion = converted(http, {});
        const [{ status, proof } = {}] = conversion.resources;
        const isDeclared = conversion.diagnostics.some(({ code }) => declaring.includes(code));
        expect(status).toBe(isDeclared ? 'approximate' : 'converted');
        expect((proof?.differences ?? 0) > 0).toBe(isDeclared);
        expect(firstDifference(http, conversion, isNearPrefix(http))).toBeUndefined();
        if (!isDeclared) expect(firstDifference(http, conversion)).toBeUndefined();
      }),
      { numRuns: 40 * runs, seed: 2 },
    );
  });

  test('with conditions that must not hold: what converts is exact, and the rest says why it does not', () => {
    const reasons = ['without-headers-unmatched', 'without-headers-not-expressible'];
    let exact = 0;
    fc.assert(
      fc.property(negatedEntries, http => {
        const conversion = converted(http, { prefix: 'string' });
        const errors = conversion.diagnostics.filter(({ severity }) => severity === 'error');
        expect(errors.filter(({ code }) => !reasons.includes(code))).toEqual([]);
        if (errors.length > 0) return;
        exact += 1;
        expect(firstDifference(http, conversion)).toBeUndefined();
      }),
      { numRuns: 60 * runs, seed: 3 },
    );
    expect(exact).toBeGreaterThan(5 * runs);
  });

  test('with more entries than one route has rules: several routes are one list', () => {
    let split = 0;
    fc.assert(
      fc.property(longLists, http => {
        const conversion = converted(http, { prefix: 'string' });
        expect(conversion.resources[0]?.status).toBe('converted');
        const routes = routesOf(conversion);
        for (const { spec } of routes) expect(spec.rules?.length).toBeLessThanOrEqual(16);
        if (routes.length > 1) split += 1;
        expect(firstDifference(http, conversion, undefined, requestsBelow(http))).toBeUndefined();
      }),
      { numRuns: 5 * runs, seed: 4 },
    );
    expect(split).toBeGreaterThan(3 * runs);
  });

  test('in portable, what converts is exact but for prefixes, and only the order holds back', () => {
    let exact = 0;
    fc.assert(
      fc.property(plainEntries, http => {
        const conversion = converted(http, { profile: 'portable' });
        const errors = conversion.diagnostics.filter(({ severity }) => severity === 'error');
        expect(errors.filter(({ code }) => code !== 'order-not-portable')).toEqual([]);
        if (errors.length > 0) return;
        exact += 1;
        for (const { spec } of routesOf(conversion))
          expect(JSON.stringify(spec)).not.toContain('RegularExpression');
        expect(firstDifference(http, conversion, isNearPrefix(http))).toBeUndefined();
      }),
      { numRuns: 40 * runs, seed: 6 },
    );
    expect(exact).toBeGreaterThan(20 * runs);
  });

  test('every means is needed by some list, and most lists are not lengthened', () => {
    const kept = fc.sample(httpEntries, { numRuns: 40, seed: 5 }).map(http => howKept(http, {}).means);
    for (const means of meansInOrder) expect(kept).toContain(means);
    expect(kept.filter(means => means === 'lengthening').length).toBeLessThan(kept.length / 2);
  });
});
