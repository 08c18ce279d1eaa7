import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { placeWith } from './run.ts';
import { isThere, runHere } from './shop.ts';

const TOTAL = 1200;

const virtualService = (number: number) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: `app-${number}`, namespace: 'shop' },
  spec: { hosts: [`app-${number}`], http: [{ route: [{ destination: { host: `app-${number}` } }] }] },
});

const resource = (name: string, kind: string, namespaced = true) => ({
  ...{ name, kind, namespaced, singularName: kind.toLowerCase() },
  verbs: ['get', 'list'],
});

/** The part of an API server that kubectl asks for: kinds, a list in pages, one that is forbidden. */
function answer(url: URL): readonly [status: number, body: unknown] {
  const istio = { groupVersion: 'networking.istio.io/v1', version: 'v1' };
  switch (url.pathname) {
    case '/api':
      return [200, { kind: 'APIVersions', versions: ['v1'] }];
    case '/apis':
      return [
        200,
        {
          kind: 'APIGroupList',
          apiVersion: 'v1',
          groups: [{ name: 'networking.istio.io', versions: [istio], preferredVersion: istio }],
        },
      ];
    case '/api/v1': {
      const resources = [resource('services', 'Service'), resource('namespaces', 'Namespace', false)];
      return [200, { kind: 'APIResourceList', groupVersion: 'v1', resources }];
    }
    case '/apis/networking.istio.io/v1': {
      const resources = [resource('virtualservices', 'VirtualService')];
      return [200, { kind: 'APIResourceList', groupVersion: istio.groupVersion, resources }];
    }
    case '/apis/networking.istio.io/v1/virtualservices': {
      const from = Number(url.searchParams.get('continue') ?? 0);
      const to = Math.min(TOTAL, from + Number(url.searchParams.get('limit') ?? TOTAL));
      const items = Array.from({ length: to - from }, (_, index) => virtualService(from + index));
      const metadata = to < TOTAL ? { continue: String(to) } : {};
      return [200, { apiVersion: istio.groupVersion, kind: 'VirtualServiceList', metadata, items }];
    }
    case '/api/v1/namespaces':
      return [200, { apiVersion: 'v1', kind: 'NamespaceList', metadata: {}, items: [] }];
    default: {
      const message = 'services is forbidden: User "dev" cannot list resource "services"';
      return [
        403,
        { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', message, code: 403 },
      ];
    }
  }
}

function listen(asked: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    const [status, body] = answer(url);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  onTestFinished(() => {
    server.close();
  });
  return new Promise(done => server.listen(0, '127.0.0.1', () => done(server)));
}

test.skipIf(!isThere('kubectl', 'version', '--client'))(
  'the real kubectl reads in pages, tells what is missing and what is forbidden, and writes nothing',
  async () => {
    const asked: string[] = [];
    const { port } = (await listen(asked)).address() as AddressInfo;
    const place = placeWith({
      kubeconfig: `apiVersion: v1
kind: Config
clusters: [{ name: shop, cluster: { server: "http://127.0.0.1:${port}" } }]
users: [{ name: dev, user: {} }]
contexts: [{ name: shop, context: { cluster: shop, user: dev } }]
`,
    });
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: place.path,
      KUBECONFIG: join(place.path, 'kubeconfig'),
    };
    const args = [
      'report',
      '--context',
      'shop',
      '--format',
      'json',
      '--fail-on',
      'never',
      '--default-port',
      '80',
    ];
    const { stdout, stderr, code } = await runHere(place, args, { env });
    expect(stderr).toContain(`Read from the cluster: ${TOTAL} virtualservices.networking.istio.io.\n`);
    expect(stderr).toContain('Not installed in the cluster: destinationrules.networking.istio.io,');
    expect(stderr).toContain('Not allowed to read services: Error from server (Forbidden)');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).resources).toHaveLength(TOTAL);
    const list = '/apis/networking.istio.io/v1/virtualservices';
    expect(asked.filter(one => one.includes(list))).toEqual([
      `GET ${list}?limit=500`,
      `GET ${list}?continue=500&limit=500`,
      `GET ${list}?continue=1000&limit=500`,
    ]);
    expect(asked.filter(one => !one.startsWith('GET '))).toEqual([]);
    const missing = await runHere(place, [...args.slice(0, 1), '--context', 'gone'], { env });
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(
      /^error: kubectl: get virtualservices\.networking\.istio\.io failed: .*context.*gone/,
    );
  },
);
