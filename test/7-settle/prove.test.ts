import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/2-decode/resource.ts';
import { prove } from '../../src/7-settle/prove.ts';
import type { Action } from '../../src/semantics/action.ts';
import { isMissing } from '../../src/semantics/backend.ts';
import type { Table } from '../../src/semantics/decide.ts';
import { type Deviation, entryKey, keysOfEntry } from '../../src/semantics/deviation.ts';
import type { ChosenDestination, Outcome } from '../../src/semantics/outcome.ts';
import type { Vantage } from '../../src/semantics/vantage.ts';

function tableTo(destination: Partial<ChosenDestination>): Table {
  const fallback: Action = {
    kind: 'forward',
    path: { kind: 'none' },
    destinations: [
      {
        backend: 'pods of kiln',
        label: 'kiln.pottery:8080',
        trafficPolicy: '{}',
        nextHop: undefined,
        weight: 1,
        total: 1,
        authority: undefined,
        requestHeaders: {},
        responseHeaders: {},
        ...destination,
      },
    ],
    mirrors: [],
    timeout: 0,
    retries: '',
    cors: '',
    fault: '',
  };
  return { rules: [], fallback, httpsRedirect: false };
}

/** The place of a client of kiln that a waypoint decides for afterwards, unless something else is said. */
function placeWith(after: Partial<ChosenDestination>, also: Partial<Vantage> = {}): Vantage {
  return {
    label: 'sidecar in pottery, then waypoint of kiln.pottery',
    host: 'kiln.pottery.svc.cluster.local',
    address: { scheme: 'http', host: 'kiln.pottery', port: 8080 },
    isName: () => true,
    client: 'pottery',
    moves: true,
    before: tableTo({}),
    after: tableTo(after),
    ...also,
  };
}

function undeclaredAt(vantage: Vantage, declared: readonly Deviation[] = []): readonly (readonly string[])[] {
  const { undeclared } = prove([vantage], declared, {
    isOwn: () => true,
    ofOthers: () => [],
    keysOf: keysOfEntry,
  });
  return undeclared.map(({ difference }) => difference.aspects);
}

const pooled = { trafficPolicy: '{"connectionPool":{}}' };

describe('clients that move to a waypoint', () => {
  test('get its settings, which come with the place', () => {
    expect(undeclaredAt(placeWith(pooled))).toEqual([]);
  });

  test('get no other backend in silence', () => {
    expect(undeclaredAt(placeWith({ ...pooled, backend: 'pods of wheel' }))).toEqual([['destinations']]);
  });

  test('get no other settings in silence where they stay at their sidecars', () => {
    expect(undeclaredAt(placeWith(pooled, { moves: false }))).toEqual([['trafficPolicy']]);
  });

  test('have no differences at a waypoint that nothing in the input names', () => {
    expect(undeclaredAt(placeWith({ backend: 'pods of wheel' }, { isImagined: true }))).toEqual([]);
  });
});

describe('a declared difference', () => {
  const list = {
    type: 'istio.VirtualService',
    kind: 'VirtualService',
    namespace: 'pottery',
    name: 'kiln',
  } as Resource;
  const taking = { resource: list, path: ['spec', 'http', 1] };
  const tableOf = (destination: Partial<ChosenDestination>): Table => {
    const { fallback, ...table } = tableTo(destination);
    const match = { path: { kind: 'prefix', value: '/', ignoreCase: false }, conditions: [] } as const;
    return {
      ...table,
      fallback: undefined,
      rules: fallback === undefined ? [] : [{ match, action: fallback, origin: { ...taking, match: 0 } }],
    };
  };
  const place = placeWith(
    {},
    { before: tableOf({}), after: tableOf({ backend: 'pods of wheel' }), moves: false },
  );
  const otherwise: Deviation = { aspects: 'all', takes: () => true };

  test('is one of the requests that its entry takes', () => {
    expect(undeclaredAt(place, [{ ...otherwise, from: entryKey(taking) }])).toEqual([]);
  });

  test('is none of those that another entry takes', () => {
    const from = entryKey({ ...taking, path: ['spec', 'http', 0] });
    expect(undeclaredAt(place, [{ ...otherwise, from }])).toEqual([['destinations']]);
  });

  test('is one of all entries where it is of a VirtualService', () => {
    expect(undeclaredAt(place, [{ ...otherwise, from: 'istio.VirtualService pottery/kiln' }])).toEqual([]);
  });

  test('is what it says of the two outcomes', () => {
    const missing = (before: Outcome) =>
      before.kind === 'forward' && before.destinations.every(({ backend }) => isMissing(backend));
    expect(undeclaredAt(place, [{ ...otherwise, between: missing }])).toEqual([['destinations']]);
    const absent = { ...place, before: tableOf({ backend: 'missing 503' }) };
    expect(undeclaredAt(absent, [{ ...otherwise, between: missing }])).toEqual([]);
  });
});
