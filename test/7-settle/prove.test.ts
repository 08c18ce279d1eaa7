import { describe, expect, test } from 'vitest';
import { prove } from '../../src/7-settle/prove.ts';
import type { Action } from '../../src/semantics/action.ts';
import type { Table } from '../../src/semantics/decide.ts';
import type { ChosenDestination } from '../../src/semantics/outcome.ts';
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

function undeclaredAt(vantage: Vantage): readonly (readonly string[])[] {
  const { undeclared } = prove([vantage], [], { isOwn: () => true, ofOthers: () => [] });
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
