import { defaultOptions } from '../../src/options.ts';
import type { CaseFolder } from '../case-folders.ts';
import { type Random, randomFrom } from '../conformance/random.ts';

/**
 * VirtualServices whose entries overlap in many ways, each with a destination of its own: what an implementation asks in another
 * order shows.
 *
 * @param count how many; always the same ones
 */
export function madeUpCases(count: number): readonly CaseFolder[] {
  const random = randomFrom(7);
  return Array.from({ length: count }, (_, index) => ({
    name: `made-up/${index}`,
    path: '',
    input: { path: 'input.yaml', text: virtualService(random) },
    facts: [],
    options: defaultOptions,
  }));
}

function virtualService(random: Random): string {
  const entries = Array.from({ length: random.integer(2, 4) }, (_, index) => ({
    match: [matchOf(random)],
    route: [{ destination: { host: `d${index}`, port: { number: 80 } } }],
    timeout: '5s',
  }));
  const rest = { route: [{ destination: { host: 'mill', port: { number: 80 } } }], timeout: '5s' };
  return JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'mill', namespace: 'farm' },
    spec: { hosts: ['mill'], http: random.chance(0.7) ? [...entries, rest] : entries },
  });
}

function matchOf(random: Random): Readonly<Record<string, unknown>> {
  const path = random.pick(['/', '/a', '/a/', '/a/b', '/a/b/c', '/b']);
  const names = random.some(['x-one', 'x-two', 'x-three'], 0.3);
  const queries = random.some(['q', 'r'], 0.2);
  const values = (of: readonly string[]) =>
    Object.fromEntries(of.map(name => [name, { exact: random.pick(['1', '2']) }]));
  return {
    ...(random.chance(0.8) ? { uri: random.chance(0.3) ? { exact: path } : { prefix: path } } : {}),
    ...(random.chance(0.4) ? { method: { exact: random.pick(['GET', 'POST']) } } : {}),
    ...(names.length > 0 ? { headers: values(names) } : {}),
    ...(queries.length > 0 ? { queryParams: values(queries) } : {}),
  };
}
