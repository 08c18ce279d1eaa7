import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/semantics/outcome.ts';
import type { Request } from '../../../src/semantics/request.ts';
import type { Answer } from './answer.ts';
import { fateOf as judge, shows as showsTo } from './fate.ts';

const request: Request = {
  scheme: 'https',
  host: 'bakery.example.com',
  port: 443,
  method: 'GET',
  path: '/bread',
  headers: { 'x-trace': '7' },
  queryParams: { kind: 'rye' },
};

function forwardTo(version: string, more: Partial<Extract<Outcome, { kind: 'forward' }>> = {}): Outcome {
  return {
    kind: 'forward',
    destinations: [
      {
        backend: JSON.stringify(['bakery', { app: 'oven', version }, 8080]),
        label: `oven ${version}`,
        weight: 1,
        total: 1,
        authority: undefined,
        requestHeaders: {},
        responseHeaders: {},
        trafficPolicy: '{}',
      },
    ],
    path: '/bread',
    mirrors: [],
    timeout: 0,
    retries: '',
    cors: '',
    fault: '',
    ...more,
  };
}

const versions = ['v1', 'v2', 'v3'];

function addressOf(version: string): string {
  return `10.244.0.${versions.indexOf(version)}`;
}

const workloads = new Map(
  versions.map(version => [
    addressOf(version),
    { address: addressOf(version), namespace: 'bakery', labels: { app: 'oven', version } },
  ]),
);

const fateOf = (before: Outcome, after: Outcome, answer: Answer) =>
  judge(before, after, request, answer, workloads);
const shows = (outcome: Outcome, answer: Answer) => showsTo(outcome, request, answer, workloads);

function answerOf(version: string, path = '/bread?kind=rye'): Answer {
  return {
    status: 200,
    headers: {},
    echo: {
      address: addressOf(version),
      port: 8080,
      path,
      headers: { host: 'bakery.example.com', 'x-trace': '7' },
    },
  };
}

const byProxy = (status: number, location?: string): Answer => ({
  status,
  headers: location === undefined ? {} : { location },
  echo: undefined,
});

test.each([
  ['before', 'v1', 'before'],
  ['after', 'v2', 'after'],
  ['of a third version', 'v3', 'neither'],
])('an answer of the version %s', (_, version, fate) => {
  expect(fateOf(forwardTo('v1'), forwardTo('v2'), answerOf(version))).toBe(fate);
});

test('an answer that both sides give is the same', () => {
  expect(fateOf(forwardTo('v1'), forwardTo('v1'), answerOf('v1'))).toBe('same');
});

test('another path, port or host upstream is another fate', () => {
  const before = forwardTo('v1');
  expect(shows(before, answerOf('v1', '/cake?kind=rye'))).toBe(false);
  const { echo } = answerOf('v1');
  if (echo === undefined) throw new Error('no echo');
  expect(shows(before, { ...answerOf('v1'), echo: { ...echo, port: 9090 } })).toBe(false);
  expect(shows(before, { ...answerOf('v1'), echo: { ...echo, headers: { host: 'oven' } } })).toBe(false);
});

test('headers that a rule writes have to be there', () => {
  const [destination] = (forwardTo('v1') as Extract<Outcome, { kind: 'forward' }>).destinations;
  if (destination === undefined) throw new Error('no destination');
  const adds = forwardTo('v1', {
    destinations: [{ ...destination, requestHeaders: { 'x-trace': { keep: true, values: ['8'] } } }],
  });
  expect(shows(adds, answerOf('v1'))).toBe(false);
  const { echo } = answerOf('v1');
  if (echo === undefined) throw new Error('no echo');
  const written = { ...echo, headers: { ...echo.headers, 'x-trace': '7, 8' } };
  expect(shows(adds, { ...answerOf('v1'), echo: written })).toBe(true);
});

test('an answer of the proxy itself is described by status and location', () => {
  expect(shows({ kind: 'no-route' }, byProxy(404))).toBe(true);
  expect(shows({ kind: 'no-route' }, byProxy(503))).toBe(false);
  expect(shows({ kind: 'no-route' }, { ...byProxy(0), refused: true })).toBe(true);
  expect(shows(forwardTo('v1'), { ...byProxy(0), refused: true })).toBe(false);
  expect(shows({ kind: 'no-route' }, { ...answerOf('v1'), status: 404 })).toBe(false);
  const redirect: Outcome = {
    kind: 'redirect',
    status: 301,
    scheme: undefined,
    host: 'shop.example.com',
    port: 'default',
    path: '/new',
  };
  expect(shows(redirect, byProxy(301, 'https://shop.example.com/new?kind=rye'))).toBe(true);
  expect(shows(redirect, byProxy(301, 'https://shop.example.com/new'))).toBe(false);
  expect(shows(redirect, byProxy(302, 'https://shop.example.com/new?kind=rye'))).toBe(false);
});

test('nobody behind a backend is a 503 of the proxy, and nothing else', () => {
  const [destination] = (forwardTo('v1') as Extract<Outcome, { kind: 'forward' }>).destinations;
  if (destination === undefined) throw new Error('no destination');
  const missing = forwardTo('v1', { destinations: [{ ...destination, backend: 'missing 503' }] });
  expect(shows(missing, byProxy(503))).toBe(true);
  expect(shows(missing, byProxy(500))).toBe(false);
  expect(shows(forwardTo('v1'), byProxy(503))).toBe(false);
});

test('a fault that somebody asked for is what the rule does', () => {
  const fault = forwardTo('v1', { fault: '{"abort":{"httpStatus":503}}' });
  expect(shows(fault, byProxy(503))).toBe(true);
  expect(shows(fault, byProxy(500))).toBe(false);
});
