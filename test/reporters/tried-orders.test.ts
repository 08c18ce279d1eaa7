import { expect, test } from 'vitest';
import type { AnyResource } from '../../src/2-decode/resource.ts';
import type { Arrival } from '../../src/reporters/arrivals.ts';
import { changesBetween } from '../../src/reporters/deletion-notes.ts';
import { changesOnTheWay, probesOf, triedOrders } from '../../src/reporters/tried-orders.ts';
import type { Outcome } from '../../src/semantics/outcome.ts';

const virtualService = (name: string): AnyResource => ({
  type: 'istio.VirtualService',
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  name,
  namespace: 'fair',
  metadata: { name },
  spec: {},
});

const [a, b] = [virtualService('a'), virtualService('b')];

const answer = (body: string): Outcome => ({ kind: 'response', status: 200, body });

/** The first that is there answers, and the route when none is. */
const arrival = (at: Arrival['at'], host: string, ...order: readonly AnyResource[]): Arrival => {
  const outcomes: Arrival['outcomes'] = isThere => [answer(order.find(isThere)?.name ?? 'route')];
  return {
    at,
    virtualServices: order,
    sorts: () => [{ host, example: `GET ${host}/` }],
    before: () => outcomes(() => true),
    outcomes,
  };
};

const orders = (arrivals: readonly Arrival[]) => namesOf(triedOrders(probesOf(arrivals, [a, b]), [a, b]));

const changes = (arrivals: readonly Arrival[], ...order: readonly AnyResource[]) =>
  changesOnTheWay(probesOf(arrivals, [a, b]), order);

const namesOf = (groups: ReturnType<typeof triedOrders>) =>
  groups.map(group => group.map(({ name }) => name));

test('whoever decides goes last, whatever order is preferred', () => {
  const arrivals = [arrival('mesh', 'booth', a, b)];
  expect(orders(arrivals)).toEqual([['b', 'a']]);
  expect(changes(arrivals, b, a)).toEqual([]);
  expect(changes(arrivals, a, b)).toEqual([
    { at: 'mesh', from: a, to: b, sorts: [{ host: 'booth', example: 'GET booth/' }] },
  ]);
});

test('one place inside the mesh counts more than many at old pods', () => {
  const gates = ['x', 'y', 'z'].map(name => arrival('old pods', name, b, a));
  expect(orders(gates)).toEqual([['a', 'b']]);
  expect(orders([...gates, arrival('mesh', 'booth', a, b)])).toEqual([['b', 'a']]);
});

test('where two places want two orders, each place is told of with its advice', () => {
  const arrivals = [
    arrival('mesh', 'booth', a, b),
    arrival('mesh', 'stall', b, a),
    arrival('old pods', 'x', b, a),
  ];
  expect(changesBetween(changes(arrivals, b, a))).toEqual([
    "# Between deleting fair/b and fair/a, proxies inside the mesh treat some requests otherwise, such as 'GET stall/'. Hosts: stall",
    '# No order avoids that. Delete these two, and those between, right after one another.',
    "# Between deleting fair/b and fair/a, the old pods treat some requests otherwise, such as 'GET x/'. Hosts: x",
    '# Delete them only when nobody asks the old pods for these hosts any more.',
  ]);
});

test('the state before the routes is right, and so is the one that they make', () => {
  const outcomes: Arrival['outcomes'] = isThere => [answer(isThere(b) ? 'b' : 'route')];
  const overtaken = { ...arrival('mesh', 'booth', a, b), before: () => [answer('a')], outcomes };
  // b did not decide before, and does as long as it is there.
  expect(changes([overtaken], a, b)).toEqual([
    { at: 'mesh', from: a, to: b, sorts: [{ host: 'booth', example: 'GET booth/' }] },
  ]);
  expect(changes([overtaken], b, a)).toEqual([]);
});
