import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { kinds } from '../../src/2-decode/kinds.ts';
import { clusterKinds } from '../../src/cli/cluster/kinds.ts';
import { readCluster } from '../../src/cli/cluster/read.ts';
import { runWatch } from '../../src/cli/commands/run-watch.ts';
import type { World } from '../../src/cli/world.ts';
import { type Place, placeWith } from './run.ts';
import { runHere, shopService, shopVirtualService } from './shop.ts';

/** Prints recorded answers as kubectl does, and keeps what it was asked. */
const kubectl = `#!/bin/sh
dir=$(dirname "$0")
line=
namespace=
for argument; do
  line="$line$argument	"
  case $argument in --namespace=*) namespace=\${argument#--namespace=}/ ;; esac
done
printf '%s\\n' "$line" >>"$dir/asked"
fail() { printf '%s\\n' "$1" >&2; exit 1; }
[ -e "$dir/down" ] && fail 'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?'
[ -e "$dir/$2.forbidden" ] && fail "Error from server (Forbidden): $2 is forbidden: User \\"dev\\" cannot list resource"
[ -e "$dir/$2.json" ] || fail "error: the server doesn't have a resource type \\"$2\\""
if [ -e "$dir/$namespace$2.json" ]; then cat "$dir/$namespace$2.json"; else printf '{"items":[]}'; fi
`;

interface Answered {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The objects of each kind; a kind that is missing is not installed. */
type Answers = Readonly<Record<string, readonly Answered[] | 'forbidden' | true>>;

/** A place with a kubectl of its own, and the world in which that is found. */
function placeWithCluster(answers: Answers, files: Readonly<Record<string, string>> = {}) {
  const place = placeWith(files);
  const bin = join(placeWith({}).path, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'kubectl'), kubectl);
  chmodSync(join(bin, 'kubectl'), 0o755);
  const record = (path: string, items: readonly Answered[]): void => {
    mkdirSync(dirname(join(bin, path)), { recursive: true });
    writeFileSync(join(bin, path), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  };
  for (const [resource, answer] of Object.entries(answers)) {
    if (answer === true) writeFileSync(join(bin, resource), '');
    else if (answer === 'forbidden') writeFileSync(join(bin, `${resource}.forbidden`), '');
    else {
      record(`${resource}.json`, answer);
      const namespaces = new Set(answer.map(({ metadata }) => metadata.namespace ?? ''));
      for (const name of namespaces)
        if (/^[a-z-]+$/.test(name))
          record(
            `${name}/${resource}.json`,
            answer.filter(({ metadata }) => metadata.namespace === name),
          );
    }
  }
  const asked = (): readonly (readonly string[])[] =>
    readFileSync(join(bin, 'asked'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(line => line.split('\t').slice(0, -1));
  return { place, asked, env: { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` } };
}

const service = (name: string, namespace = 'shop') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, managedFields: [{ manager: 'x' }], uid: '1', resourceVersion: '2' },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 8080 }] },
});

const virtualService = (name: string, namespace = 'shop', host = name) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name,
    namespace,
    creationTimestamp: '2026-01-31T00:00:00Z',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
  },
  spec: { hosts: [host], http: [{ route: [{ destination: { host } }] }] },
});

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: {
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: { containers: [{ env: [{ name: 'PASSWORD', value: 'of-the-database' }] }] },
    },
  },
};

const shop = {
  'virtualservices.networking.istio.io': [virtualService('cart'), virtualService('pay', 'bank')],
  services: [service('cart'), service('pay', 'bank')],
  'deployments.apps': [deployment],
  namespaces: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }],
};

const json = ['report', '--format', 'json'];

function resourcesIn(stdout: string): readonly string[] {
  const { resources } = JSON.parse(stdout) as {
    readonly resources: readonly { namespace: string; name: string; status: string; file: string }[];
  };
  return resources.map(({ namespace, name, status, file }) => `${namespace}/${name} ${status} ${file}`);
}

const cart = 'shop/cart converted cluster/shop/virtualservices.networking.istio.io.yaml';
const pay = 'bank/pay converted cluster/bank/virtualservices.networking.istio.io.yaml';

test('report --cluster reads every kind by kubectl get, in pages, and says which', async () => {
  const { place, asked, env } = placeWithCluster(shop);
  const { stdout, stderr, code } = await runHere(place, [...json, '--cluster'], { env });
  expect(code).toBe(0);
  expect(resourcesIn(stdout)).toEqual([pay, cart]);
  expect(stderr).toContain(
    'Read from the cluster: 2 virtualservices.networking.istio.io, 2 services, 1 namespaces, 1 deployments.apps.\n',
  );
  expect(stderr).toContain('Not installed in the cluster: destinationrules.networking.istio.io,');
  expect(asked().every(([verb]) => verb === 'get')).toBe(true);
  expect(asked().filter(([, resource]) => resource === 'services')).toEqual([
    ['get', 'services', '--all-namespaces', '--chunk-size=500', '--output=json'],
  ]);
  expect(place.tree()).toEqual({});
});

test('-n reads one namespace, and the context is an argument of its own', async () => {
  const { place, asked, env } = placeWithCluster(shop);
  const args = [...json, '-n', 'shop', '--context=--kubeconfig=/etc/passwd'];
  const { stdout, code } = await runHere(place, args, { env });
  expect(code).toBe(0);
  expect(resourcesIn(stdout)).toEqual([cart]);
  const [first] = asked().filter(([, resource]) => resource === 'virtualservices.networking.istio.io');
  expect(first).toContain('--namespace=shop');
  expect(first?.at(-1)).toBe('--context=--kubeconfig=/etc/passwd');
});

test('a kind that may not be read is named, and the others are read', async () => {
  const { place, env } = placeWithCluster({ ...shop, 'deployments.apps': 'forbidden' });
  const { stdout, stderr, code } = await runHere(place, [...json, '--cluster'], { env });
  expect(code).toBe(0);
  expect(resourcesIn(stdout)).toEqual([pay, cart]);
  expect(stderr).toContain('Not allowed to read deployments.apps: Error from server (Forbidden)');
});

test('every kind that manifests are read for is read from a cluster', () => {
  const plural = (kind: string): string => {
    const name = kind.toLowerCase();
    if (/[^aeiou]y$/.test(name)) return name.replace(/y$/, 'ies');
    return `${name}${/s$/.test(name) ? 'es' : 's'}`;
  };
  const expected = kinds
    .filter(({ type }) => type !== 'kustomize.Kustomization')
    .map(({ group, kind }) => (group === '' ? plural(kind) : `${plural(kind)}.${group}`));
  const read = clusterKinds.filter(({ isForStatus }) => isForStatus !== true).map(({ resource }) => resource);
  expect(read.toSorted()).toEqual(expected.toSorted());
});

test('a VirtualService of a Canary stays, and of the Canary only what decides that is kept', async () => {
  const { place, env } = placeWithCluster({
    ...shop,
    'canaries.flagger.app': [
      {
        apiVersion: 'flagger.app/v1beta1',
        kind: 'Canary',
        metadata: { name: 'cart', namespace: 'shop' },
        spec: {
          targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
          service: { port: 8080 },
          analysis: { webhooks: [{ metadata: { token: 'of-the-load-tester' } }] },
        },
      } as Answered,
    ],
  });
  const { stdout } = await runHere(place, [...json, '--cluster', '--save', 'now.yaml', '--quiet'], { env });
  expect(resourcesIn(stdout)).toEqual([pay, cart.replace('converted', 'skipped')]);
  expect(place.tree()['now.yaml']).toContain('kind: Canary');
  expect(place.tree()['now.yaml']).not.toContain('of-the-load-tester');
});

test('a Service of a cluster is read as somebody would write it', async () => {
  const written = { selector: { app: 'cart' }, ports: [{ name: 'http', port: 8080 }] };
  const stored = {
    ...service('cart'),
    spec: {
      type: 'ClusterIP',
      ...written,
      ports: [{ ...written.ports[0], protocol: 'TCP' }],
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Local',
    },
  };
  const { place, env } = placeWithCluster({ services: [stored] });
  const { files } = await readCluster({ namespaces: [] }, worldOf(place, env));
  expect(files).toEqual([
    {
      path: 'cluster/shop/services.yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
spec:
  selector:
    app: cart
  internalTrafficPolicy: Local
  ports:
  - name: http
    port: 8080
`,
    },
  ]);
});

test('a cluster without Istio has nothing to convert', async () => {
  const { place, env } = placeWithCluster({ services: [service('cart')] });
  const { stdout, stderr, code } = await runHere(place, [...json, '--cluster'], { env });
  expect(code).toBe(0);
  expect(resourcesIn(stdout)).toEqual([]);
  expect(stderr).toContain('Not installed in the cluster: virtualservices.networking.istio.io,');
});

test('without kubectl it is said what to install', async () => {
  const place = placeWith({});
  const result = await runHere(place, [...json, '--cluster'], { env: { PATH: place.path } });
  expect(result).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: kubectl: is not installed, or not in PATH\n  fix: Install kubectl, or run `vs2route report --cluster --save FILE` where it is installed and pass FILE as a path.\n',
  });
});

test('a cluster that does not answer ends the run', async () => {
  const { place, env } = placeWithCluster({ down: true });
  const { code, stdout, stderr } = await runHere(place, [...json, '--cluster', '--save', 'out.yaml'], {
    env,
  });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/kubectl: get \S+ failed: The connection to the server 127\.0\.0\.1:1 was refused/);
  expect(place.tree()).toEqual({});
});

test('--cluster takes no paths', async () => {
  const { place, env } = placeWithCluster(shop, { 'a.yaml': shopVirtualService('a') });
  const { code, stderr } = await runHere(place, [...json, '--cluster', 'a.yaml'], { env });
  expect(code).toBe(2);
  expect(stderr).toContain('a.yaml: the cluster is the input');
});

test('a snapshot gives the same report, and has no environment of containers', async () => {
  const { place, env } = placeWithCluster(shop);
  const live = await runHere(place, [...json, '--cluster', '--save', 'cluster.yaml', '--quiet'], { env });
  const { 'cluster.yaml': snapshot = '' } = place.tree();
  expect(snapshot).toContain('creationTimestamp: "2026-01-31T00:00:00Z"');
  expect(snapshot).not.toMatch(/of-the-database|managedFields|last-applied|resourceVersion/);
  const again = await runHere(place, [...json, 'cluster.yaml', '--quiet']);
  const names = (lines: readonly string[]) =>
    lines.map(line => line.split(' ').slice(0, 2).join(' ')).toSorted();
  expect(names(resourcesIn(again.stdout))).toEqual(names(resourcesIn(live.stdout)));
  await runHere(place, [...json, '--cluster', '--save', 'second.yaml', '--quiet'], { env });
  expect(place.tree()['second.yaml']).toBe(snapshot);
});

test('convert --with-cluster finds in the cluster what the repository does not hold', async () => {
  const { place, env } = placeWithCluster(shop, { 'cart.yaml': shopVirtualService('cart') });
  const without = await runHere(place, ['convert', '.', '--quiet']);
  expect(without.stdout).not.toContain('port: 8080');
  const { stdout, code } = await runHere(place, ['convert', '.', '--with-cluster', '--quiet'], { env });
  expect(code).toBe(0);
  expect(stdout).toContain('kind: HTTPRoute');
  expect(stdout).toContain('port: 8080');
});

test('trace --with-cluster finds the port of a Service that only the cluster has', async () => {
  const { place, env } = placeWithCluster(shop, { 'cart.yaml': shopVirtualService('cart') });
  const { stdout, stderr, code } = await runHere(
    place,
    ['trace', 'http://cart.shop/', '.', '--with-cluster', '--format', 'json'],
    { env },
  );
  expect(code).toBe(0);
  expect(stderr).toContain('Read from the cluster: 2 virtualservices.networking.istio.io,');
  const { views } = JSON.parse(stdout) as {
    readonly views: readonly { readonly before: { outcome: string }; readonly after: { outcome: string } }[];
  };
  // From a sidecar and at a waypoint.
  expect(views.map(({ before, after }) => [before.outcome, after.outcome])).toEqual([
    ['goes to cart.shop:8080 with path /', 'goes to cart.shop:8080 with path /'],
    ['goes to cart.shop:8080 with path /', 'goes to cart.shop:8080 with path /'],
  ]);
});

test('convert --watch --with-cluster reads the cluster once, and says that it is not watched', async () => {
  const { place, env, asked } = placeWithCluster(shop, { 'cart.yaml': shopVirtualService('cart') });
  const said = { stdout: '', stderr: '' };
  const to = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  async function* looks(): AsyncGenerator<void> {
    yield;
    writeFileSync(join(place.path, 'cart.yaml'), shopVirtualService('cart').replace('http:', 'http: # new'));
    yield;
  }
  const world = { ...worldOf(place, env), stdout: to('stdout'), stderr: to('stderr'), looks: looks() };
  expect(await runWatch(['.'], { withCluster: true }, world)).toBe(0);
  expect(said.stdout).toContain('port: 8080');
  expect(said.stderr).toContain('Changes in the cluster are not watched: start again to read it anew.\n');
  expect(said.stderr).toContain('1 file changed: 0 objects new or changed, 0 gone;');
  expect(asked().filter(([, resource]) => resource === 'services')).toHaveLength(1);
});

test('verify --cluster compares the cluster with a repository', async () => {
  const files = {
    'same/all.yaml': [shopVirtualService('cart'), shopService('cart')].join('---\n'),
    'other/all.yaml': [
      shopVirtualService('cart').replace(/host: cart\n$/, 'host: new\n'),
      shopService('cart'),
      shopService('new'),
    ].join('---\n'),
  };
  const { place, env } = placeWithCluster(
    { ...shop, 'virtualservices.networking.istio.io': [virtualService('cart')], services: [service('cart')] },
    files,
  );
  const verify = async (folder: string) =>
    runHere(place, ['verify', '--cluster', folder, '--quiet'], { env });
  expect((await verify('same')).code).toBe(0);
  const { code, stdout } = await verify('other');
  expect(code).toBe(1);
  expect(stdout).toContain('cart');
});

test('verify --cluster leaves out the Services that a controller made for Gateways, and no other that is not in the manifests', async () => {
  const made = service('public-istio');
  const owner = (kind: string, apiVersion: string) => ({
    ...made,
    metadata: { ...made.metadata, ownerReferences: [{ apiVersion, kind, name: 'public', uid: '1' }] },
  });
  const results = [
    owner('Gateway', 'gateway.networking.k8s.io/v1'),
    owner('Gateway', 'networking.example.com/v1'),
    made,
  ].map(async extra => {
    const { place, env } = placeWithCluster(
      {
        ...shop,
        'virtualservices.networking.istio.io': [virtualService('cart')],
        services: [service('cart'), extra],
      },
      { 'same/all.yaml': [shopVirtualService('cart'), shopService('cart')].join('---\n') },
    );
    return (await runHere(place, ['verify', '--cluster', 'same', '--quiet'], { env })).code;
  });
  expect(await Promise.all(results)).toEqual([0, 1, 1]);
});

test('names of a cluster that would be paths, flags or control characters do nothing', async () => {
  const { place, env } = placeWithCluster({
    'virtualservices.networking.istio.io': [
      virtualService('--write', '../../etc'),
      virtualService('a\u001b[2Jb'),
    ],
    services: 'forbidden',
  });
  const { stdout, stderr, code } = await runHere(place, ['report', '--cluster', '--fail-on', 'never'], {
    env,
  });
  expect(code).toBe(0);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(stdout + stderr).not.toMatch(/\u001b/);
  expect(place.tree()).toEqual({});
  expect(existsSync(join(place.path, '../../etc/cluster'))).toBe(false);
});

test('10,000 VirtualServices are all read', async () => {
  const all = Array.from({ length: 10_000 }, (_, index) =>
    virtualService(`app-${index}`, `team-${index % 50}`),
  );
  const { place, env } = placeWithCluster({ 'virtualservices.networking.istio.io': all });
  const { files, told } = await readCluster({ namespaces: [] }, worldOf(place, env));
  expect(told[0]).toBe('Read from the cluster: 10000 virtualservices.networking.istio.io.');
  expect(files).toHaveLength(50);
  expect(files.reduce((sum, { text }) => sum + text.split('\n---\n').length, 0)).toBe(10_000);
});

function worldOf(place: Place, env: Readonly<Record<string, string>>): World {
  const stream = { write: () => undefined };
  return {
    cwd: place.path,
    env,
    stdin: (async function* () {})(),
    stdout: stream,
    stderr: stream,
    loadConvert: () => Promise.reject(new Error('nothing is converted')),
  };
}

const condition = (type: string, status = 'True', reason = type) => ({ type, status, reason, message: '' });

const route = (name: string, conditions: readonly unknown[], backend = name) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name, namespace: 'shop' },
  spec: {
    parentRefs: [{ group: '', kind: 'Service', name, port: 8080 }],
    rules: [{ backendRefs: [{ name: backend, port: 8080 }] }],
  },
  status: {
    parents:
      conditions.length === 0
        ? []
        : [{ parentRef: { group: '', kind: 'Service', name, port: 8080 }, conditions }],
  },
});

const slice = (service: string, ready: boolean) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: `${service}-x`, namespace: 'shop', labels: { 'kubernetes.io/service-name': service } },
  endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }],
});

const fine = [condition('Accepted'), condition('ResolvedRefs')];

test('status names what is open at each step, and the next one', async () => {
  const { place, env } = placeWithCluster({
    services: [service('cart'), service('pay')],
    'httproutes.gateway.networking.k8s.io': [
      route('cart', fine),
      route('pay', [condition('Accepted'), condition('ResolvedRefs', 'False', 'BackendNotFound')], 'gone'),
      route('new', []),
    ],
    'endpointslices.discovery.k8s.io': [slice('cart', true), slice('pay', false)],
    'virtualservices.networking.istio.io': [
      virtualService('old', 'shop', 'cart.shop.svc.cluster.local'),
      virtualService('other'),
    ],
  });
  const { stdout, code } = await runHere(place, ['status', '--quiet'], { env });
  expect(code).toBe(1);
  expect(stdout).toBe(`Services of routes with ready endpoints: 1 of 3
  Service shop/gone: not found; HTTPRoute shop/pay sends requests to it
  Service shop/new: not found; HTTPRoute shop/new sends requests to it
Gateways that are programmed: 0 of 0
Routes that are accepted: 1 of 3
  HTTPRoute shop/pay: Service shop/pay: ResolvedRefs=False (BackendNotFound)
  HTTPRoute shop/new: no controller has answered for Service shop/new
VirtualServices that have the host of a route: 1
  VirtualService shop/old: has host cart.shop.svc.cluster.local, as HTTPRoute shop/cart does

Next: apply the Services that routes refer to, and wait until they have ready endpoints.
`);
});

test('status of a finished cluster is 0, also by its snapshot', async () => {
  const { place, env } = placeWithCluster({
    services: [service('cart')],
    'httproutes.gateway.networking.k8s.io': [route('cart', fine)],
    'endpointslices.discovery.k8s.io': [slice('cart', true)],
  });
  const live = await runHere(place, ['status', '--format', 'json', '--save', 'now.yaml', '--quiet'], { env });
  expect(live.code).toBe(0);
  expect(JSON.parse(live.stdout)).toEqual({
    version: 1,
    steps: [
      { step: 'services', total: 1, open: [] },
      { step: 'gateways', total: 0, open: [] },
      { step: 'routes', total: 1, open: [] },
      { step: 'virtual-services', total: 0, open: [] },
    ],
    next: null,
  });
  expect(await runHere(place, ['status', 'now.yaml', '--format', 'json'])).toEqual({ ...live, stderr: '' });
});

test('a snapshot that is not there, or is not YAML, is refused', async () => {
  const place = placeWith({ 'broken.yaml': 'a: [b' });
  for (const path of ['missing.yaml', 'broken.yaml']) {
    const { code, stdout, stderr } = await runHere(place, ['status', path]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: ${path}: `);
  }
});
