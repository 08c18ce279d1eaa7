import { describe, expect, test } from 'vitest';
import { defaultOptions } from '../../../src/options.ts';
import { generateCluster } from '../generate/clusters/cluster.ts';
import { convertCluster } from './conversion.ts';
import { isTold, toldBetween } from './deletion-orders.ts';
import { clusterFrom } from './from-files.ts';
import { shrink } from './shrink.ts';
import { fileOf, keyOf, readManifests, type WholeCluster } from './whole-cluster.ts';
import { witnessesFor } from './witnesses.ts';

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec:
  selector: {app: ${name}}
  ports: [{name: http, port: 8080}]
`;

const virtualService = (
  name: string,
  host: string,
  destination: string,
) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec:
  hosts: [${host}]
  http:
  - match: [{uri: {exact: /a}}]
    timeout: 3s
    route: [{destination: ${destination}}]
`;

const rule = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec:
  host: web
  subsets: [{name: v1, labels: {version: v1}}]
`;

function clusterOf(...documents: readonly string[]): WholeCluster {
  return clusterFrom('test', readManifests({ path: 'in.yaml', text: documents.join('---\n') }));
}

describe('a generated cluster', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(fileOf(generateCluster(7))).toEqual(fileOf(generateCluster(7)));
    expect(fileOf(generateCluster(7))).not.toEqual(fileOf(generateCluster(8)));
  });

  test('has each object once', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const keys = generateCluster(seed).manifests.map(keyOf);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test('is among its like in which everything turns up', () => {
    const all = Array.from({ length: 200 }, (_, seed) => generateCluster(seed));
    const text = all.map(cluster => fileOf(cluster).text).join();
    for (const field of [
      'exportTo:',
      'workloadSelector:',
      'delegate:',
      'sniHosts:',
      'tcp:',
      'istio.io/use-waypoint: waypoint',
      'istio-injection: enabled',
      '"*.wild.example"',
      '"*.local"',
      'creationTimestamp: "2024-05-01T00:00:00Z"',
    ])
      expect(text).toContain(field);
    expect(all.some(({ hiddenAges }) => hiddenAges.size > 0)).toBe(true);
    const namespaces = all.map(
      ({ manifests }) => manifests.filter(each => each['kind'] === 'Namespace').length,
    );
    expect([Math.min(...namespaces), Math.max(...namespaces)]).toEqual([2, 4]);
  });
});

describe('the printed plan', () => {
  const cluster = clusterOf(service('web'), rule, virtualService('web', 'web', '{host: web, subset: v1}'));

  test('is read object by object, in its order', () => {
    const { changes, unplanned } = convertCluster(cluster);
    expect(changes.map(({ verb, key }) => `${verb} ${key.trim()}`)).toEqual([
      'create Service shop/web-v1',
      'create gateway.networking.k8s.io HTTPRoute shop/web',
      'delete networking.istio.io VirtualService shop/web',
      'delete networking.istio.io DestinationRule shop/web',
    ]);
    expect(unplanned).toEqual([]);
  });

  test('makes objects that are younger than all that was there', () => {
    const { before, after } = convertCluster({
      ...cluster,
      hiddenAges: new Map([['networking.istio.io VirtualService shop/web', '2024-01-01T00:00:00Z']]),
    });
    const ageOf = (manifest: Readonly<Record<string, unknown>> | undefined) =>
      (manifest?.['metadata'] as Readonly<Record<string, unknown>> | undefined)?.['creationTimestamp'];
    expect(ageOf(before.get('networking.istio.io VirtualService shop/web'))).toBe('2024-01-01T00:00:00Z');
    expect(ageOf(after.get(' Service shop/web-v1'))).toBe('2030-01-01T00:00:00Z');
    expect(ageOf(after.get('gateway.networking.k8s.io HTTPRoute shop/web'))).toBe('2030-01-01T00:00:01Z');
  });
});

test('a change that the plan tells of counts for its hosts, and between its two deletions alone', () => {
  const told = toldBetween([
    {
      title: 'Delete',
      commands: [
        "# Between deleting shop/a and shop/b, the old pods treat some requests otherwise, such as 'GET x.example/'. Hosts: '*.x.example', 'port 5432'",
        '# Delete them only when nobody asks the old pods for these hosts any more.',
      ],
    },
  ]);
  expect(told).toEqual([
    { at: 'old pods', from: 'shop/a', to: 'shop/b', hosts: ['*.x.example', 'port 5432'] },
  ]);
  const at = (scheme: 'http' | 'tcp' | 'tls', host: string, port: number, ...gone: readonly string[]) =>
    isTold(told, new Set(gone), { kind: 'gateway', scheme, host, port });
  expect(at('http', 'a.x.example', 80, 'shop/a')).toBe(true);
  expect(at('http', 'a.x.example', 80, 'shop/c')).toBe(false);
  expect(at('http', 'a.x.example', 80, 'shop/a', 'shop/b')).toBe(false);
  expect(at('http', 'a.y.example', 5432, 'shop/a')).toBe(false);
  expect(at('tcp', 'a.y.example', 5432, 'shop/a')).toBe(true);
  expect(at('tcp', 'a.x.example', 5433, 'shop/a')).toBe(false);
  expect(at('tls', 'a.x.example', 5433, 'shop/a')).toBe(true);
});

test('a change inside the mesh is told of there alone', () => {
  const told = toldBetween([
    {
      title: 'Delete',
      commands: [
        "# Between deleting shop/a and shop/b, proxies inside the mesh treat some requests otherwise, such as 'GET web.shop/'. Hosts: web.shop.svc.cluster.local, db.shop.svc.cluster.local:5432",
        '# No order avoids that. Delete these two, and those between, right after one another.',
      ],
    },
  ]);
  const hosts = ['web.shop.svc.cluster.local', 'db.shop.svc.cluster.local:5432'];
  expect(told).toEqual([{ at: 'mesh', from: 'shop/a', to: 'shop/b', hosts }]);
  const at = (kind: 'sidecar' | 'gateway', scheme: 'http' | 'tcp', host: string, port: number) =>
    isTold(told, new Set(['shop/a']), { kind, scheme, host, port });
  expect(at('sidecar', 'http', 'web.shop.svc.cluster.local', 8080)).toBe(true);
  expect(at('gateway', 'http', 'web.shop.svc.cluster.local', 8080)).toBe(false);
  expect(at('sidecar', 'http', 'db.shop.svc.cluster.local', 8080)).toBe(false);
  expect(at('sidecar', 'tcp', 'nobody.invalid', 5432)).toBe(true);
  expect(at('sidecar', 'tcp', 'nobody.invalid', 5433)).toBe(false);
});

test('an order counts as right only where requests that two routes look at are right, too', () => {
  const spot = { kind: 'gateway', scheme: 'http', host: 'x.example', port: 80 } as const;
  const mentions = [
    [{ of: 'path', value: '/long/path', isRegex: false }],
    [{ of: 'x-user', value: 'jason', isRegex: false }],
  ];
  const found = [{ text: '', mentions, outcome: () => ({ kind: 'no-route' }) as const }];
  const added = witnessesFor(spot, found, true).slice(0, -witnessesFor(spot, found).length + 3);
  expect(added).toContainEqual({
    scheme: 'http',
    host: 'x.example',
    port: 80,
    method: 'GET',
    path: '/long/path',
    headers: { 'x-user': 'jason' },
    queryParams: {},
  });
});

test('shrinking keeps what the failure needs and what is named', async () => {
  const cluster = clusterOf(
    service('web'),
    service('api'),
    service('other'),
    rule,
    virtualService('web', 'web', '{host: api, port: {number: 8080}}'),
    virtualService('other', 'other', '{host: other}'),
  );
  const small = await shrink(
    cluster,
    candidate => Promise.resolve(fileOf(candidate).text.includes('timeout: 3s')),
    1000,
  );
  expect(small.options).toBe(defaultOptions);
  expect(fileOf(small).text).toMatchInlineSnapshot(`
    "apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata:
      name: web
      namespace: shop
    spec:
      http:
      - timeout: 3s
    "
  `);
});
