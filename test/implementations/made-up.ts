import { defaultOptions } from '../../src/options.ts';
import type { CaseFolder } from '../case-folders.ts';
import { type Random, randomFrom } from '../conformance/random.ts';

/**
 * VirtualServices whose entries overlap in many ways, each with a destination of its own: what an implementation asks in another
 * order shows. Short lists and long ones take turns with two lists at a gateway, for a hostname and for a wildcard that has it.
 *
 * @param count how many; always the same ones
 */
export function madeUpCases(count: number): readonly CaseFolder[] {
  const random = randomFrom(7);
  return Array.from({ length: count }, (_, index) => ({
    name: `made-up/${index}`,
    path: '',
    input: { path: 'input.yaml', text: manifests(random, index % 3) },
    facts: [],
    options: defaultOptions,
  }));
}

function manifests(random: Random, form: number): string {
  if (form === 0) return JSON.stringify(virtualService(random, { hosts: ['mill'], entries: [2, 4] }));
  if (form === 1) return JSON.stringify(virtualService(random, { hosts: ['mill'], entries: [6, 14] }));
  return [
    gateway,
    ...['mill.example.com', '*.example.com'].map(host =>
      virtualService(random, { hosts: [host], gateways: ['edge'], entries: [1, 3] }),
    ),
  ]
    .map(object => JSON.stringify(object))
    .join('\n---\n');
}

const gateway = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: 'farm' },
  spec: {
    selector: { istio: 'edge' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
  },
};

interface Shape {
  readonly hosts: readonly string[];
  readonly gateways?: readonly string[];
  /** The least and the most of them. */
  readonly entries: readonly [number, number];
}

function virtualService(random: Random, { entries: [least, most], ...spec }: Shape): unknown {
  const name = spec.hosts[0]?.startsWith('*') === true ? 'any' : 'mill';
  const entries = Array.from({ length: random.integer(least, most) }, (_, index) => ({
    match: [matchOf(random)],
    route: [{ destination: { host: `${name}-${index}`, port: { number: 80 } } }],
    timeout: '5s',
  }));
  const rest = { route: [{ destination: { host: name, port: { number: 80 } } }], timeout: '5s' };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'farm' },
    spec: { ...spec, http: random.chance(0.7) ? [...entries, rest] : entries },
  };
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
