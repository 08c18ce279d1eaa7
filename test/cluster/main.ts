// `npm run cluster-test`: what the program reads from a real API server, by the real kubectl, and what it makes of it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { clusterKinds } from '../../src/cli/cluster/kinds.ts';
import type { KubeObject } from '../drill/api.ts';
import { ControlPlane } from '../drill/control-plane.ts';
import { crdFiles, neighbourCrds } from '../drill/crds.ts';
import { exitStatuses, Failure, failureOf } from '../drill/failure.ts';
import { type Printed, Shell } from '../drill/kubectl.ts';
import { findPorts } from '../drill/ports.ts';
import { Processes } from '../drill/processes.ts';
import { type Programs, preparePrograms } from '../drill/programs.ts';

const root = process.cwd();
const started = Date.now();
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** May read some kinds everywhere; and some namespaces only. */
const users = [{ name: 'reader' }, { name: 'team' }] as const;

/** Kinds that come with CRDs. */
const builtIn = [
  'services',
  'namespaces',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'configmaps',
];
const installable = clusterKinds.filter(
  ({ resource, isForStatus = false, names = [] }) =>
    !isForStatus && !builtIn.includes(resource) && names.length === 0,
);

let failed = 0;

/** Compares what was seen with what has to be seen. */
function check(name: string, seen: unknown, expected: unknown): void {
  const isSame = isDeepStrictEqual(seen, expected);
  say(`${isSame ? 'ok    ' : 'FAILED'} ${name}`);
  if (isSame) return;
  failed += 1;
  say(`  seen:     ${JSON.stringify(seen)}\n  expected: ${JSON.stringify(expected)}`);
}

/** The API server, and the shells of those who ask it. */
interface Place {
  readonly folder: string;
  readonly controlPlane: ControlPlane;
  readonly programs: Programs;
  readonly admin: Shell;
}

async function run(folder: string, programs: Programs, processes: Processes): Promise<void> {
  const controlPlane = new ControlPlane(folder, programs, processes, await findPorts(0), users);
  await controlPlane.startStore();
  await controlPlane.startApiServer();
  const admin = new Shell(folder, programs.kubectl, controlPlane.kubeconfig, folder);
  symlinkSync(join(root, 'bin/kubectl-vs2route.js'), join(folder, 'bin/kubectl-vs2route'));
  const place = { folder, controlPlane, programs, admin };
  say(`etcd and the API server run (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  await withoutCrds(place);
  const all = await applyCompany(place);
  const before = await versionsIn(place);
  await asInput(place, all);
  await asReference(place, all);
  await withFewRights(place);
  check('nothing in the cluster has changed', await versionsIn(place), before);
  await afterApplying(place, all);
  await manyObjects(place);
}

function vs2route(shell: Shell, line: string): Promise<Printed> {
  return shell.run(`node ${join(root, 'bin/vs2route.js')} ${line}`);
}

/** A cluster in which neither Istio nor the Gateway API is installed. */
async function withoutCrds({ admin }: Place): Promise<void> {
  const { status, stdout, stderr } = await vs2route(admin, 'report --cluster --format json');
  check('a cluster without the CRDs: exit status', status, 0);
  check('a cluster without the CRDs: nothing to convert', resourcesIn(stdout), []);
  const missing = /^Not installed in the cluster: (.*)\.$/m.exec(stderr)?.[1]?.split(', ') ?? [];
  check('a cluster without the CRDs: the kinds that are not installed', missing.length, installable.length);
  check(
    'a cluster without the CRDs: Istio and the Gateway API are among them',
    ['virtualservices.networking.istio.io', 'httproutes.gateway.networking.k8s.io'].every(kind =>
      missing.includes(kind),
    ),
    true,
  );
}

/** @returns the manifests that were applied, as kustomize builds them */
async function applyCompany({ folder, programs, admin }: Place): Promise<string> {
  const files = crdFiles(programs, '1.6.3', 'standard').map(file => `-f ${file}`);
  await admin.must(`kubectl apply --server-side ${files.join(' ')}`);
  await admin.must('kubectl create -f -', neighbourCrds);
  await admin.must('kubectl wait --for=condition=Established --timeout=60s crd --all');
  for (const namespace of ['istio-system', 'argocd', 'istio-ingress'])
    await admin.must(`kubectl create namespace ${namespace}`);
  const production = join(root, 'examples/company/environments/production');
  await admin.must(`kubectl apply -k ${production}`);
  const all = await admin.must(`kubectl kustomize ${production}`);
  writeFileSync(join(folder, 'all.yaml'), all);
  return all;
}

/** The cluster as the input: the same as the manifests that it was made from. */
async function asInput({ folder, admin }: Place, all: string): Promise<void> {
  const fromFiles = resourcesIn(
    (await vs2route(admin, 'report all.yaml --format json --fail-on never')).stdout,
  );
  const live = await vs2route(admin, 'report --cluster --format json --fail-on never --save now.yaml');
  check('report --cluster: exit status', live.status, 0);
  check(
    'report --cluster: each object has the result that its manifest has',
    resourcesIn(live.stdout),
    fromFiles,
  );
  check(
    'report --cluster: some convert',
    fromFiles.some(line => / converted/.test(line)),
    true,
  );
  const counted = /^Read from the cluster: (.*)\.$/m.exec(live.stderr)?.[1] ?? '';
  for (const [resource, kind, group] of [
    ['virtualservices.networking.istio.io', 'VirtualService', 'networking.istio.io'],
    ['destinationrules.networking.istio.io', 'DestinationRule', 'networking.istio.io'],
    ['deployments.apps', 'Deployment', 'apps'],
  ] as const) {
    const written = objectsIn(all).filter(one => one.kind === kind && one.apiVersion?.startsWith(group));
    check(
      `report --cluster: says how many ${resource}`,
      counted.includes(`${written.length} ${resource}`),
      true,
    );
  }
  check(
    'report --cluster: nothing is forbidden to an administrator',
    live.stderr.includes('Not allowed to read'),
    false,
  );
  const saved = await vs2route(admin, 'report now.yaml --format json --fail-on never --quiet');
  check('--save: the snapshot gives the same report', resourcesIn(saved.stdout), fromFiles);
  const text = readFileSync(join(folder, 'now.yaml'), 'utf8');
  check(
    '--save: holds nothing that only the API server needs',
    /managedFields|resourceVersion|uid:/.test(text),
    false,
  );
  check(
    'verify --cluster: the cluster is what its manifests say',
    (await vs2route(admin, 'verify --cluster all.yaml --quiet')).status,
    0,
  );
  writeFileSync(join(folder, 'drifted.yaml'), drifted(all));
  const drift = await vs2route(admin, 'verify --cluster drifted.yaml --quiet');
  check('verify --cluster: a destination that drifted is found', drift.status, 1);
  const shop = await admin.run(
    'kubectl vs2route report --namespace shop --format json --fail-on never --quiet',
  );
  check(
    'kubectl vs2route report --namespace: the objects of that namespace alone',
    namesIn(resourcesIn(shop.stdout)),
    namesIn(fromFiles).filter(name => name.includes(' shop/')),
  );
}

/** The cluster beside a repository that holds its VirtualServices, DestinationRules and Gateways only. */
async function asReference({ folder, admin }: Place, all: string): Promise<void> {
  const repository = join(folder, 'repository');
  mkdirSync(repository);
  const own = objectsIn(all).filter(({ apiVersion = '' }) => apiVersion.startsWith('networking.istio.io/'));
  writeFileSync(join(repository, 'istio.yaml'), own.map(one => stringify(one)).join('---\n'));
  const whole = await vs2route(admin, 'convert all.yaml --quiet');
  const beside = await vs2route(admin, 'convert repository --with-cluster --quiet');
  check(
    'convert --with-cluster: the objects of a repository that holds everything',
    namesOf(beside),
    namesOf(whole),
  );
  check(
    'convert --with-cluster: there are routes',
    namesOf(whole).some(name => name.startsWith('HTTPRoute ')),
    true,
  );
  const traced = await vs2route(
    admin,
    'trace http://cart.shop/ repository --with-cluster --format json --quiet',
  );
  check('trace --with-cluster: exit status', traced.status, 0);
}

/** Somebody who may read some kinds, and somebody who may read one namespace. */
async function withFewRights({ folder, controlPlane, programs, admin }: Place): Promise<void> {
  await admin.must(
    'kubectl create clusterrole some-kinds --verb=get,list --resource=virtualservices.networking.istio.io,services',
  );
  await admin.must('kubectl create clusterrolebinding some-kinds --clusterrole=some-kinds --user=reader');
  await admin.must('kubectl create rolebinding team --clusterrole=some-kinds --user=team --namespace=shop');
  const shellOf = (user: string): Shell => {
    const own = join(folder, user);
    mkdirSync(own);
    return new Shell(own, programs.kubectl, controlPlane.kubeconfigOf(user), own);
  };
  const args = 'report --format json --fail-on never';
  const reader = await vs2route(shellOf('reader'), `${args} --cluster`);
  check('without some rights: exit status', reader.status, 0);
  const refused = [
    ...reader.stderr.matchAll(/^Not allowed to read (\S+): Error from server \(Forbidden\)/gm),
  ].map(([, kind]) => kind);
  check(
    'without some rights: the kinds that may not be read are named',
    ['destinationrules.networking.istio.io', 'namespaces', 'deployments.apps'].every(kind =>
      refused.includes(kind),
    ),
    true,
  );
  check(
    'without some rights: those that may be read are not',
    refused.some(kind => kind === 'services' || kind === 'virtualservices.networking.istio.io'),
    false,
  );
  const virtualServices = await controlPlane.api.list('/apis/networking.istio.io/v1/virtualservices');
  check(
    'without some rights: every VirtualService is there',
    namesIn(resourcesIn(reader.stdout)).length,
    virtualServices.length,
  );
  const team = shellOf('team');
  const own = await vs2route(team, `${args} -n shop`);
  check(
    'rights in one namespace: its VirtualServices are there',
    namesIn(resourcesIn(own.stdout)).length,
    virtualServices.filter(({ metadata }) => metadata.namespace === 'shop').length,
  );
  const everywhere = await vs2route(team, `${args} --cluster`);
  check(
    'rights in one namespace: elsewhere nothing is read',
    [everywhere.status, everywhere.stdout],
    [2, ''],
  );
  check(
    'rights in one namespace: it is said how to read that namespace',
    everywhere.stderr.trim().split('\n').at(-1),
    'With rights in some namespaces only, name each of them with -n.',
  );
  check(
    'rights in one namespace: it is said that VirtualServices may not be read',
    /^Not allowed to read virtualservices\.networking\.istio\.io: .*forbidden/m.test(everywhere.stderr),
    true,
  );
}

/** The new objects are applied, and controllers answer by and by. */
async function afterApplying({ controlPlane, admin }: Place, all: string): Promise<void> {
  const stepsOf = async (): Promise<readonly (readonly [string, number, number])[]> => {
    const { stdout } = await vs2route(admin, 'status --format json --quiet');
    const { steps } = JSON.parse(stdout) as {
      readonly steps: readonly { step: string; total: number; open: readonly unknown[] }[];
    };
    return steps.map(({ step, total, open }) => [step, total, open.length] as const);
  };
  const nothing = await vs2route(admin, 'status --quiet');
  check(
    'status before: no route is found',
    [nothing.status, nothing.stdout.trim().split('\n').at(-1)],
    [1, 'Next: apply the routes. No route was found.'],
  );
  await admin.must(`node ${join(root, 'bin/vs2route.js')} convert all.yaml --quiet > new.yaml || true`);
  await admin.must('kubectl apply -f new.yaml');
  const made = objectsIn(await admin.must('cat new.yaml'));
  const routes = made.filter(({ kind = '' }) => kind.endsWith('Route'));
  const [services, gateways, accepted, shadows] = await stepsOf();
  check(
    'status after applying: every route waits for a controller',
    (accepted?.[2] ?? 0) >= routes.length,
    true,
  );
  check('status after applying: no Service has endpoints', services?.[1], services?.[2]);
  check('status after applying: no Gateway is programmed', gateways?.[1], gateways?.[2]);
  check('status after applying: VirtualServices still have the hosts', (shadows?.[2] ?? 0) > 0, true);
  for (const route of routes) await accept(controlPlane, route);
  const later = await stepsOf();
  check('status: the routes are accepted', later[2]?.[2], 0);
  const snapshot = await vs2route(admin, 'status --save status.yaml --format json --quiet');
  const again = await vs2route(admin, 'status status.yaml --format json --quiet');
  check('status: its snapshot says the same', again.stdout, snapshot.stdout);
  check(
    'report --cluster with both: each object is there, old and new',
    namesIn(
      resourcesIn((await vs2route(admin, 'report --cluster --format json --fail-on never --quiet')).stdout),
    ),
    [...objectsIn(all), ...made]
      .filter(
        ({ apiVersion = '', kind = '' }) =>
          apiVersion.startsWith('networking.istio.io/') &&
          ['VirtualService', 'DestinationRule', 'Gateway'].includes(kind),
      )
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)
      .toSorted(),
  );
}

/** Answers a route as a controller that accepts it. */
async function accept({ api }: ControlPlane, route: KubeObject): Promise<void> {
  const conditions = ['Accepted', 'ResolvedRefs'].map(type => ({
    type,
    status: 'True',
    reason: type,
    message: '',
    lastTransitionTime: '2026-01-31T00:00:00Z',
  }));
  const { kind = '', apiVersion = '', metadata, spec } = route;
  const parentRefs = (spec?.['parentRefs'] ?? []) as readonly object[];
  const parents = parentRefs.map(parentRef => ({
    parentRef,
    controllerName: 'istio.io/controller',
    conditions,
  }));
  const path = `/apis/${apiVersion}/namespaces/${metadata.namespace}/${kind.toLowerCase()}s/${metadata.name}/status`;
  await api.merge(path, { status: { parents } });
}

/** More objects than come in one answer. */
async function manyObjects({ controlPlane, admin }: Place): Promise<void> {
  const total = 1200;
  await admin.must('kubectl create namespace many');
  const path = '/apis/networking.istio.io/v1/namespaces/many/virtualservices';
  for (let from = 0; from < total; from += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        controlPlane.api.create(path, {
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          metadata: { name: `app-${from + index}` },
          spec: { hosts: [`app-${from + index}`], http: [{ route: [{ destination: { host: 'app' } }] }] },
        }),
      ),
    );
  const { stdout } = await vs2route(admin, 'report -n many --format json --fail-on never --quiet');
  check(`pages: ${total} VirtualServices are all read`, resourcesIn(stdout).length, total);
}

/** The objects of a report with their results and codes, one a line. */
function resourcesIn(stdout: string): readonly string[] {
  const { resources } = JSON.parse(stdout) as {
    readonly resources: readonly {
      readonly kind: string;
      readonly namespace: string;
      readonly name: string;
      readonly status: string;
      readonly diagnostics?: readonly { readonly code: string }[];
    }[];
  };
  return resources
    .map(({ kind, namespace, name, status, diagnostics = [] }) =>
      [
        `${kind} ${namespace}/${name} ${status}`,
        ...new Set(diagnostics.map(({ code }) => code).toSorted()),
      ].join(' '),
    )
    .toSorted();
}

function namesIn(lines: readonly string[]): readonly string[] {
  return lines.map(line => line.split(' ').slice(0, 2).join(' ')).toSorted();
}

/** Objects as text, but for the address families that the API server chose for a Service. */
function namesOf({ stdout }: Printed): readonly string[] {
  return objectsIn(stdout)
    .map(({ kind, metadata, spec = {} }) => {
      const { ipFamilies: _families, ipFamilyPolicy: _policy, ...own } = spec;
      return `${kind} ${metadata.namespace}/${metadata.name} ${JSON.stringify(own)}`;
    })
    .toSorted();
}

function objectsIn(text: string): readonly KubeObject[] {
  return parseAllDocuments(text).flatMap(document => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
}

/** One VirtualService sends its requests elsewhere. */
function drifted(all: string): string {
  const objects = objectsIn(all);
  const first = objects.find(
    ({ kind, metadata }) => kind === 'VirtualService' && metadata.namespace === 'shop',
  );
  return objects
    .map(object =>
      object === first
        ? stringify(object).replace(/timeout: \S+|weight: \d+|host: \S+/, 'host: elsewhere')
        : stringify(object),
    )
    .join('---\n');
}

/** The versions of all objects that the program read. */
async function versionsIn({ controlPlane }: Place): Promise<readonly string[]> {
  const paths = [
    '/apis/networking.istio.io/v1/virtualservices',
    '/apis/networking.istio.io/v1/destinationrules',
    '/apis/networking.istio.io/v1/gateways',
    '/api/v1/services',
    '/apis/apps/v1/deployments',
  ];
  const lists = await Promise.all(paths.map(path => controlPlane.api.list(path)));
  return lists
    .flat()
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name} ${String(metadata['resourceVersion'])}`);
}

async function main(): Promise<number> {
  const programs = preparePrograms(root, say);
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-cluster-'));
  const processes = new Processes(folder);
  const stop = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => reject(new Failure('interrupted', `stopped by ${signal}`)));
  });
  process.on('exit', () => processes.killAll());
  try {
    await Promise.race([stop, run(folder, programs, processes)]);
  } finally {
    await processes.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
  say(
    `${failed === 0 ? 'all as expected' : `${failed} not as expected`} (${((Date.now() - started) / 1000).toFixed(0)} s)`,
  );
  return failed === 0 ? 0 : exitStatuses['drill-failed'];
}

try {
  process.exitCode = await main();
} catch (error) {
  const { reason, message } = failureOf(error);
  say(`${reason}: ${message}`);
  process.exitCode = exitStatuses[reason];
}
process.exit();
