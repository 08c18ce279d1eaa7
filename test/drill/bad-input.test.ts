import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { exitStatuses, failureOf } from './failure.ts';
import { inTemporaryFolder, statusOf } from './outcome.ts';
import { findPorts } from './ports.ts';
import { preparePrograms } from './programs.ts';

const root = join(import.meta.dirname, '../..');
const plenty = () => 1e12;

/** A folder for the programs that a test fakes, and the only one on the path but for the shell's. */
function fakes(programs: Readonly<Record<string, string>>): { readonly cache: string } {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-fakes-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  vi.stubEnv('PATH', bin);
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  return { cache: join(folder, 'cache/vs2route-drill') };
}

/** What a run says and its exit status; it ends where the programs are there. */
async function prepare(roomIn: (folder: string) => number = plenty) {
  const said: string[] = [];
  const status = await statusOf(
    async () => {
      preparePrograms(root, line => said.push(line), roomIn);
      return 0;
    },
    line => said.push(line),
  );
  return { status, said: said.map(line => line.replace(/ v[0-9][^ ]*$/, ' VERSION')) };
}

/** As far as a build: `go build` writes a part of the program, and fails. */
const programs = (error: string) => ({
  go: `case "$1" in
version) echo go version go1.26.0 linux/amd64 ;;
build) while [ "$1" != -o ]; do shift; done; echo half > "$2"; echo '${error}' >&2; exit 1 ;;
esac`,
  python3: 'exit 0',
  unshare: 'exit 0',
});

test('without Go the drill is skipped', async () => {
  fakes({});
  expect(await prepare()).toEqual({ status: 77, said: ['SKIPPED: Go is not there'] });
});

test('without pip the drill is skipped', async () => {
  fakes({ ...programs(''), python3: 'exit 1' });
  expect(await prepare()).toEqual({ status: 77, said: ["SKIPPED: Python's pip is not there"] });
});

test('without network namespaces the drill is skipped', async () => {
  fakes({ ...programs(''), unshare: 'exit 1' });
  expect(await prepare()).toEqual({
    status: 77,
    said: [
      'SKIPPED: unshare and ip, which make a network namespace for each pod, are not there or not allowed',
    ],
  });
});

test('a build that the module proxy refuses has a status of its own, and leaves nothing', async () => {
  const error = 'go: go.etcd.io/etcd/server/v3: reading https://proxy.example.com/list: 403 Forbidden';
  const { cache } = fakes(programs(error));
  expect(await prepare()).toEqual({
    status: 5,
    said: [
      'building etcd VERSION',
      `a build was refused: go.etcd.io/etcd/server/v3 does not build:\n${error}`,
    ],
  });
  expect(readdirSync(cache)).toEqual([]);
});

test('a disk that is full during a build has a status of its own, and leaves nothing', async () => {
  const error = 'write /tmp/go-build1/b001/exe/a.out: no space left on device';
  const { cache } = fakes(programs(error));
  expect(await prepare()).toEqual({
    status: 4,
    said: ['building etcd VERSION', `there is no space: go.etcd.io/etcd/server/v3 does not build:\n${error}`],
  });
  expect(readdirSync(cache)).toEqual([]);
});

test.each([
  ['a run', (folder: string) => (folder.endsWith('vs2route-drill') ? 1e12 : 299e6), '299 MB, and 300 MB'],
  ['a build', (folder: string) => (folder.endsWith('vs2route-drill') ? 5e9 : 1e12), '5000 MB, and 6000 MB'],
] as const)('without the space for %s nothing is begun', async (_what, roomIn, numbers) => {
  const { cache } = fakes(programs('it was built'));
  const { status, said } = await prepare(roomIn);
  expect(status).toBe(4);
  expect(said).toEqual([expect.stringMatching(`^there is no space: .* has ${numbers} are needed$`)]);
  expect(readdirSync(cache)).toEqual([]);
});

test('a port that somebody listens on has a status of its own', async () => {
  const server = createServer();
  onTestFinished(() => {
    server.close();
  });
  const port = await new Promise<number>(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const said: string[] = [];
  const status = await statusOf(
    async () => {
      await findPorts(port);
      return 0;
    },
    line => said.push(line),
  );
  expect({ status, said }).toEqual({
    status: 3,
    said: [`a port is taken: listen EADDRINUSE: address already in use 127.0.0.1:${port}`],
  });
});

test('free ports differ', async () => {
  const ports = Object.values(await findPorts(0));
  expect(new Set(ports).size).toBe(7);
});

test.each([
  ['ENOSPC', 'no-space', 4],
  ['EADDRINUSE', 'port-taken', 3],
  ['EACCES', 'drill-failed', 1],
] as const)('%s is %s', (code, reason, status) => {
  const failure = failureOf(Object.assign(new Error('it happened'), { code }));
  expect(failure.reason).toBe(reason);
  expect(exitStatuses[failure.reason]).toBe(status);
});

test('whatever fails, programs end and the folder goes', async () => {
  let folder = '';
  let pid = 0;
  const said: string[] = [];
  const status = await statusOf(
    () =>
      inTemporaryFolder(
        false,
        line => said.push(line),
        (own, processes) => {
          folder = own;
          pid = processes.start('sleeper', ['sleep', '60'], { cwd: own }).child.pid ?? 0;
          writeFileSync(join(own, 'data'), 'something');
          return Promise.reject(Object.assign(new Error('the disk is full'), { code: 'ENOSPC' }));
        },
      ),
    line => said.push(line),
  );
  expect({ status, said }).toEqual({ status: 4, said: ['there is no space: the disk is full'] });
  expect(existsSync(folder)).toBe(false);
  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid, 0)).toThrow();
});
