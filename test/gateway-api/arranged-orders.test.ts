import { expect, test } from 'vitest';
import type { HTTPRouteMatch } from '../../src/gateway-api/index.ts';
import type { Implementation } from '../../src/implementations/deviations.ts';
import {
  compareRanks,
  countedOf,
  type Rank,
  rankOfSpecification,
  ranks,
} from '../../src/implementations/ranks.ts';
import { convert, defaultOptions } from '../../src/index.ts';

interface Asked {
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly query: readonly string[];
}

/** An entry of a decision list: what it asks of a request. */
interface Entry {
  readonly type: 'exact' | 'prefix';
  readonly path: string;
  readonly method: string | undefined;
  readonly headers: readonly string[];
  readonly query: readonly string[];
}

const paths = ['/', '/a', '/a/b', '/a/b/c', '/d'];
const methods = ['GET', 'POST'];
const names = ['u', 'v', 'w'];

const requests: readonly Asked[] = paths.flatMap(path =>
  methods.flatMap(method =>
    subsetsOf(names).flatMap(headers => [[], ['q']].map(query => ({ path, method, headers, query }))),
  ),
);

function subsetsOf(all: readonly string[]): readonly (readonly string[])[] {
  const [first, ...rest] = all;
  if (first === undefined) return [[]];
  return subsetsOf(rest).flatMap(some => [some, [first, ...some]]);
}

/** Numbers that are the same each time. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomList(next: (below: number) => number): readonly Entry[] {
  return Array.from({ length: 2 + next(4) }, () => ({
    type: next(3) === 0 ? 'exact' : 'prefix',
    path: paths[next(paths.length)] ?? '/',
    method: next(2) === 0 ? undefined : methods[next(2)],
    headers: names.filter(() => next(3) === 0),
    query: next(4) === 0 ? ['q'] : [],
  }));
}

const exact = (name: string) => `{${name}: {exact: "1"}}`;

function manifestOf(list: readonly Entry[]): string {
  const entries = list.map(({ type, path, method, headers, query }, index) => {
    const conditions = [
      `uri: {${type}: ${path}}`,
      ...(method === undefined ? [] : [`method: {exact: ${method}}`]),
      ...(headers.length === 0 ? [] : [`headers: {${headers.map(name => exact(name).slice(1, -1)).join()}}`]),
      ...query.map(name => `queryParams: ${exact(name)}`),
    ];
    return `  - match: [{${conditions.join(', ')}}]\n    route: [{destination: {host: s${index}}}]\n`;
  });
  const services = ['mill', ...list.map((_, index) => `s${index}`)].map(
    name =>
      `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: farm}\nspec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}\n`,
  );
  return [
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: mill, namespace: farm}\nspec:\n  hosts: [mill]\n  http:\n',
    ...entries,
    ...services,
  ].join('');
}

function entryTakes({ type, path, method, headers, query }: Entry, asked: Asked): boolean {
  const isPath = type === 'exact' ? asked.path === path : `${asked.path}/`.startsWith(slashed(path));
  return (
    isPath &&
    (method ?? asked.method) === asked.method &&
    headers.every(name => asked.headers.includes(name)) &&
    query.every(name => asked.query.includes(name))
  );
}

const slashed = (path: string) => (path === '/' ? '/' : `${path}/`);

function matchTakes({ path, method, headers = [], queryParams = [] }: HTTPRouteMatch, asked: Asked): boolean {
  const value = path?.value ?? '/';
  return entryTakes(
    {
      type: path?.type === 'Exact' ? 'exact' : 'prefix',
      path: value,
      method,
      headers: headers.map(({ name }) => name),
      query: queryParams.map(({ name }) => name),
    },
    asked,
  );
}

/** The backend that an implementation with such an order sends a request to. */
function backendBy(rank: Rank, rules: readonly Written[], asked: Asked): string | undefined {
  const all = rules.flatMap(({ matches, backend }) =>
    matches.map(match => ({ match, backend, counted: countedOf(match) })),
  );
  return all
    .toSorted((a, b) => compareRanks(rank, b.counted, a.counted))
    .find(({ match }) => matchTakes(match, asked))?.backend;
}

interface Written {
  readonly matches: readonly HTTPRouteMatch[];
  readonly backend: string | undefined;
}

const orders: readonly (readonly [Implementation, Rank])[] = [
  ['istio', rankOfSpecification],
  ...(Object.entries(ranks) as [Implementation, Rank][]),
];

test('under the order of each implementation of a profile, requests go where the list sends them', () => {
  const next = numbersFrom(17);
  const wrong: string[] = [];
  const counts = { converted: 0, turned: 0, declared: 0 };
  for (let round = 0; round < 50; round += 1) {
    const list = randomList(next);
    const text = manifestOf(list);
    const [plain, portable] = (['istio', 'portable'] as const).map(profile => {
      const conversion = convert([{ path: 'a.yaml', text }], [], { ...defaultOptions, profile });
      const rules = conversion.outputs.flatMap(({ resource }) =>
        resource.type === 'gateway.HTTPRoute'
          ? (resource.spec.rules ?? []).map(({ matches = [{}], backendRefs = [] }) => ({
              matches,
              backend: backendRefs[0]?.name,
            }))
          : [],
      );
      return { rules, codes: conversion.diagnostics.map(({ code }) => code as string) };
    });
    if (plain === undefined || portable === undefined || portable.rules.length === 0) continue;
    counts.converted += 1;
    if (portable.codes.includes('implementation-deviates')) counts.declared += 1;
    for (const [name, rank] of orders)
      for (const asked of requests) {
        const first = list.findIndex(entry => entryTakes(entry, asked));
        const wanted = first < 0 ? undefined : `s${first}`;
        if (backendBy(rank, plain.rules, asked) !== wanted) counts.turned += 1;
        if (portable.codes.includes('implementation-deviates')) continue;
        const got = backendBy(rank, portable.rules, asked);
        if (got !== wanted) wrong.push(`${name} ${JSON.stringify(asked)} ${wanted} ${got}\n${text}`);
      }
  }
  expect(wrong.slice(0, 2)).toEqual([]);
  // The lists are such that without arranging many requests would go elsewhere.
  expect(counts.turned).toBeGreaterThan(20);
  expect(counts.declared).toBe(0);
  expect(counts.converted).toBeGreaterThan(40);
});
