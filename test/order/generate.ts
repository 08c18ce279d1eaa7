import fc from 'fast-check';
import type * as istio from '../../src/istio/index.ts';

/** Overlapping paths: people nest them, repeat them, and put expressions above catch-alls. */
const paths = ['/', '/a', '/a/b', '/a/b/c', '/ab', '/a/', '/b'];
const expressions = ['/a.*', '/a/[a-z]+', '/(a|b)/.*', '/a/b(/.*)?', '/.*/b', '.*', '/v[0-9]+/x'];

const uri: fc.Arbitrary<istio.StringMatch> = fc.oneof(
  fc.constantFrom(...paths).map(exact => ({ exact })),
  fc.constantFrom(...paths).map(prefix => ({ prefix })),
  fc.constantFrom(...expressions).map(regex => ({ regex })),
);

const value: fc.Arbitrary<istio.StringMatch> = fc.oneof(
  fc.constantFrom('one', 'two').map(exact => ({ exact })),
  fc.constantFrom('o', 'tw').map(prefix => ({ prefix })),
  fc.constantFrom('o.*', 'one|two', '[a-z]+').map(regex => ({ regex })),
  fc.constant({}),
);

const conditions = (names: readonly string[]): fc.Arbitrary<Readonly<Record<string, istio.StringMatch>>> =>
  fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1, maxKeys: 2 });

const match: fc.Arbitrary<istio.HTTPMatchRequest> = fc.record(
  {
    uri,
    headers: conditions(['x-user', 'x-env']),
    queryParams: conditions(['q']),
    method: fc.constantFrom('GET', 'POST').map(exact => ({ exact })),
  },
  { requiredKeys: [] },
);

/** One to six entries with several matches each, with and without a catch-all; every entry has a destination of its own. */
export const httpEntries: fc.Arbitrary<readonly istio.HTTPRoute[]> = fc
  .tuple(
    fc.array(fc.array(match, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
    fc.boolean(),
  )
  .map(([matches, catchAll]) => [
    ...matches.map((match, index) => entry(index, { match })),
    ...(catchAll ? [entry(matches.length, {})] : []),
  ]);

function entry(index: number, rest: istio.HTTPRoute): istio.HTTPRoute {
  return { ...rest, route: [{ destination: { host: `fruit-${index}`, port: { number: 80 } } }] };
}

/** A VirtualService with these entries, and the Services it speaks of, as one JSON text. */
export function manifestsOf(http: readonly istio.HTTPRoute[]): string {
  const metadata = { namespace: 'market' };
  const service = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, name },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
  });
  const virtualService = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { ...metadata, name: 'fruit' },
    spec: { hosts: ['fruit'], http },
  };
  const items = [virtualService, service('fruit'), ...http.map((_, index) => service(`fruit-${index}`))];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
