import { describe, expect, test } from 'vitest';
import { convert, defaultOptions } from '../../src/index.ts';
import type * as istio from '../../src/istio/index.ts';

const metadata = (name: string) => ({ namespace: 'castle', name });

function service(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name),
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
  };
}

const rooms = ['hall', 'tower', 'cellar', 'gate'];

function virtualService(name: string, spec: istio.VirtualService) {
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: metadata(name), spec };
}

function entry(index: number, match?: istio.HTTPMatchRequest): istio.HTTPRoute {
  const host = rooms[index % rooms.length] ?? '';
  return {
    ...(match === undefined ? {} : { match: [match] }),
    route: [{ destination: { host, port: { number: 80 } } }],
  };
}

function count<T>(number: number, of: (index: number) => T): readonly T[] {
  return Array.from({ length: number }, (_, index) => of(index));
}

/** What becomes of some objects, in one line each, with how it was proven and what was said. */
function outcome(items: readonly object[]) {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...rooms.map(service), ...items] });
  const { resources, outputs, diagnostics } = convert([{ path: 'list.json', text }], [], defaultOptions);
  const codes = new Map<string, number>();
  for (const { code } of diagnostics) codes.set(code, (codes.get(code) ?? 0) + 1);
  return {
    statuses: [...new Set(resources.map(({ status }) => status))],
    sampled: [...new Set(resources.map(({ proof }) => proof?.sampled))],
    requests: Math.max(...resources.map(({ proof }) => proof?.requests ?? 0)),
    outputs: outputs.length,
    codes: Object.fromEntries([...codes].sort()),
  };
}

function gate(http: readonly istio.HTTPRoute[]) {
  return [virtualService('gate', { hosts: ['gate'], http: [...http, entry(3)] })];
}

describe('a large input is converted in bounded steps, and a sampled proof says so', () => {
  test('500 entries with a path each', () => {
    const http = count(500, index => entry(index, { uri: { exact: `/room-${index}` } }));
    expect(outcome(gate(http))).toMatchInlineSnapshot(`
      {
        "codes": {
          "no-waypoint": 1,
        },
        "outputs": 32,
        "requests": 1002,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('500 entries with a header each', () => {
    const http = count(500, index => entry(index, { headers: { [`x-${index}`]: { exact: 'yes' } } }));
    expect(outcome(gate(http))).toMatchInlineSnapshot(`
      {
        "codes": {
          "no-waypoint": 1,
        },
        "outputs": 32,
        "requests": 1002,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('a header above 500 paths', () => {
    const http = count(500, index => entry(index, { uri: { exact: `/room-${index}` } }));
    const royal = entry(1, { headers: { 'x-guest': { exact: 'royal' } } });
    expect(outcome(gate([royal, ...http]))).toMatchInlineSnapshot(`
      {
        "codes": {
          "no-waypoint": 1,
          "order-by-expression": 1,
        },
        "outputs": 32,
        "requests": 2004,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('500 entries that overlap in paths, headers and methods', () => {
    const kinds: readonly ((index: number) => istio.HTTPMatchRequest)[] = [
      index => ({ headers: { 'x-guest': { exact: `guest-${index}` } } }),
      index => ({ uri: { prefix: `/room-${index % 40}` } }),
      index => ({ uri: { exact: `/room-${index % 40}/${index}` }, method: { exact: 'GET' } }),
    ];
    const http = count(500, index => entry(index, kinds[index % kinds.length]?.(index)));
    expect(outcome(gate(http))).toMatchInlineSnapshot(`
      {
        "codes": {
          "brought-to-life": 33,
          "never-reached": 291,
          "no-waypoint": 1,
          "order-by-expression": 1,
          "prefix-by-segment": 4,
          "proof-sampled": 1,
        },
        "outputs": 14,
        "requests": 20000,
        "sampled": [
          true,
        ],
        "statuses": [
          "approximate",
        ],
      }
    `);
  });

  test('60 headers in one match are more than a route takes', () => {
    const headers = Object.fromEntries(count(60, index => [`x-${index}`, { exact: 'yes' }]));
    expect(outcome(gate([entry(0, { headers })]))).toMatchInlineSnapshot(`
      {
        "codes": {
          "too-many-conditions": 1,
        },
        "outputs": 0,
        "requests": 0,
        "sampled": [
          undefined,
        ],
        "statuses": [
          "held-back",
        ],
      }
    `);
  });

  test('60 entries with a header each', () => {
    const http = count(60, index => entry(index, { headers: { [`x-${index}`]: { exact: 'yes' } } }));
    expect(outcome(gate(http))).toMatchInlineSnapshot(`
      {
        "codes": {
          "no-waypoint": 1,
        },
        "outputs": 4,
        "requests": 122,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('60 expressions that overlap, on four headers', () => {
    const http = count(60, index =>
      entry(index, { headers: { [`x-${index % 4}`]: { regex: `.*v${index}.*` } } }),
    );
    expect(outcome(gate(http))).toMatchInlineSnapshot(`
      {
        "codes": {
          "never-reached": 12,
          "no-waypoint": 1,
          "proof-sampled": 1,
          "regex-match": 48,
        },
        "outputs": 4,
        "requests": 20000,
        "sampled": [
          true,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('200 expressions on the path', () => {
    const http = count(200, index => entry(index, { uri: { regex: `/room-${index}/[a-z]+/.*` } }));
    expect(outcome(gate(http))).toMatchInlineSnapshot(`
      {
        "codes": {
          "no-waypoint": 1,
          "order-by-expression": 1,
          "regex-match": 200,
        },
        "outputs": 13,
        "requests": 402,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('200 expressions that begin with anything', () => {
    const http = count(200, index => entry(index, { uri: { regex: `/.*/room-${index}/[a-z]+` } }));
    expect(outcome(gate(http))).toMatchInlineSnapshot(`
      {
        "codes": {
          "no-waypoint": 1,
          "order-by-expression": 1,
          "regex-match": 200,
        },
        "outputs": 13,
        "requests": 402,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('long alternations', () => {
    const words = (suffix: string) => count(60, index => `room${index}${suffix}`).join('|');
    const http = [
      entry(0, { uri: { regex: `/(${words('x')})/.*` } }),
      entry(1, { uri: { regex: `/(${words('.*y')})` } }),
    ];
    expect(outcome(gate(http))).toMatchInlineSnapshot(`
      {
        "codes": {
          "no-waypoint": 1,
          "order-by-expression": 1,
          "regex-match": 2,
        },
        "outputs": 1,
        "requests": 8,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('an expression whose automaton is too large', () => {
    const http = [
      entry(0, { uri: { regex: '/(a|b)*a(a|b){14}' } }),
      entry(1, { uri: { regex: '/(a|b)*b(a|b){14}' } }),
    ];
    expect(outcome(gate(http))).toMatchInlineSnapshot(`
      {
        "codes": {
          "no-waypoint": 1,
          "order-by-expression": 1,
          "proof-sampled": 1,
          "regex-match": 2,
        },
        "outputs": 1,
        "requests": 6,
        "sampled": [
          true,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('1,000 hosts inside the mesh', () => {
    const hosts = count(1000, index => `door-${index}`);
    const spec = { hosts, http: [entry(0, { uri: { exact: '/keys' } }), entry(1)] };
    expect(outcome([...hosts.map(service), virtualService('doors', spec)])).toMatchInlineSnapshot(`
      {
        "codes": {
          "no-waypoint": 1000,
        },
        "outputs": 63,
        "requests": 4000,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('1,000 hosts at a gateway', () => {
    const hosts = count(1000, index => `door-${index}.example.com`);
    const spec = { hosts, gateways: ['front'], http: [entry(0, { uri: { exact: '/keys' } }), entry(1)] };
    expect(outcome([virtualService('doors', spec)])).toMatchInlineSnapshot(`
      {
        "codes": {
          "gateway-not-shown": 1,
        },
        "outputs": 63,
        "requests": 4000,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });

  test('60 VirtualServices that share a host at a gateway', () => {
    const shared = count(60, index => ({
      ...virtualService(`door-${index}`, {
        hosts: ['castle.example.com'],
        gateways: ['front'],
        http: [
          entry(index, { headers: { 'x-door': { exact: `${index}` } } }),
          entry(index + 1, { uri: { exact: `/door-${index}` } }),
          entry(index + 2, { uri: { exact: `/door-${index}/bell` }, method: { exact: 'GET' } }),
        ],
      }),
      metadata: {
        ...metadata(`door-${index}`),
        creationTimestamp: `2024-01-01T00:${String(index).padStart(2, '0')}:00Z`,
      },
    }));
    expect(outcome(shared)).toMatchInlineSnapshot(`
      {
        "codes": {
          "gateway-not-shown": 60,
          "order-by-expression": 53,
        },
        "outputs": 60,
        "requests": 18478,
        "sampled": [
          false,
        ],
        "statuses": [
          "converted",
        ],
      }
    `);
  });
});

test('an expression that RE2 refuses is told with its place, and its VirtualService stays', () => {
  const text = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: gate
  namespace: castle
spec:
  hosts:
  - gate
  http:
  - match:
    - uri:
        regex: /(?!secret).*
    route:
    - destination:
        host: gate
        port:
          number: 80
`;
  const { resources, outputs, diagnostics } = convert([{ path: 'gate.yaml', text }], [], defaultOptions);
  expect(resources.map(({ status }) => status)).toEqual(['held-back']);
  expect(outputs).toEqual([]);
  const [told] = diagnostics.filter(({ severity }) => severity === 'error');
  expect(told).toMatchObject({
    code: 'regex-invalid',
    path: 'spec.http[0].match[0].uri.regex',
    location: { file: 'gate.yaml', start: { line: 12, column: 16 }, end: { line: 12, column: 29 } },
  });
});
