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

/** Every entry has a destination of its own. */
function lists(
  of: fc.Arbitrary<istio.HTTPMatchRequest>,
  sizes: { readonly minLength: number; readonly maxLength: number },
): fc.Arbitrary<readonly istio.HTTPRoute[]> {
  return fc
    .tuple(fc.array(fc.array(of, { minLength: 1, maxLength: 3 }), sizes), fc.boolean())
    .map(([matches, catchAll]) => [
      ...matches.map((match, index) => entry(index, { match })),
      ...(catchAll ? [entry(matches.length, {})] : []),
    ]);
}

/** One to six entries with several matches each, with and without a catch-all. */
export const httpEntries = lists(match, { minLength: 1, maxLength: 6 });

const exactValues = (names: readonly string[]): fc.Arbitrary<Readonly<Record<string, istio.StringMatch>>> =>
  fc.dictionary(
    fc.constantFrom(...names),
    fc.constantFrom('one', 'two').map(exact => ({ exact })),
    { minKeys: 1, maxKeys: 2 },
  );

const plainMatch: fc.Arbitrary<istio.HTTPMatchRequest> = fc.record(
  {
    uri: fc.oneof(
      fc.constantFrom(...paths).map(exact => ({ exact })),
      fc.constantFrom(...paths).map(prefix => ({ prefix })),
    ),
    headers: exactValues(['x-user', 'x-env']),
    queryParams: exactValues(['q']),
    method: fc.constantFrom('GET', 'POST').map(exact => ({ exact })),
  },
  { requiredKeys: [] },
);

/** Nothing but what the specification promises: no expressions, and a timeout. */
export const plainEntries = lists(plainMatch, { minLength: 1, maxLength: 6 }).map(http =>
  http.map(one => ({ ...one, timeout: '3s' })),
);

/** The same, with conditions that must not hold, and something behind them that takes the rest. */
export const negatedEntries = fc
  .tuple(
    lists(
      fc
        .tuple(match, fc.option(conditions(['x-user', 'x-env']), { nil: undefined }))
        .map(([positive, negative]) => ({
          ...positive,
          ...(negative === undefined ? {} : { withoutHeaders: negative }),
        })),
      { minLength: 1, maxLength: 4 },
    ),
    fc.boolean(),
  )
  .map(([http, more]) => (more ? [...http, entry(http.length, {})] : http));

/** More entries than one route has rules. */
export const longLists = lists(
  fc
    .tuple(match, fc.integer({ min: 0, max: 40 }))
    .map(([conditions, number]) => ({ ...conditions, uri: longer(conditions.uri, number) })),
  { minLength: 17, maxLength: 30 },
);

function longer(uri: istio.StringMatch | undefined, number: number): istio.StringMatch {
  if (uri?.regex !== undefined)
    return { regex: `/n${number}${uri.regex.startsWith('/') ? '' : '/'}${uri.regex}` };
  if (uri?.prefix !== undefined) return { prefix: `/n${number}${uri.prefix}` };
  return { exact: `/n${number}${uri?.exact ?? ''}` };
}

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
