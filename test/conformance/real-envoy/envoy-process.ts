import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running Envoy, and the port of each of its listeners. */
export interface RunningEnvoy {
  readonly ports: ReadonlyMap<string, number>;
  readonly stop: () => void;
}

/** @returns the command that starts Envoy: what `ENVOY` says, else `envoy`; undefined when there is none */
export function findEnvoy(
  env: Readonly<Record<string, string | undefined>>,
): { readonly path: string; readonly version: string } | undefined {
  const path = env['ENVOY'] || 'envoy';
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0
    ? { path, version: /\/(\d+\.\d+\.\d+)\//.exec(stdout)?.[1] ?? stdout.trim() }
    : undefined;
}

const patience = 60_000;

/** @throws when it does not come up */
export async function startEnvoy(path: string, configuration: unknown): Promise<RunningEnvoy> {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-envoy-'));
  const [config, admin] = [join(folder, 'envoy.json'), join(folder, 'admin')];
  writeFileSync(config, JSON.stringify(configuration));
  const process = spawn(
    path,
    [
      '-c',
      config,
      '--admin-address-path',
      admin,
      '--disable-hot-restart',
      '--concurrency',
      '1',
      '--log-level',
      'error',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  process.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const stop = () => {
    process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ports: await portsOf(process, admin, () => said), stop };
  } catch (error) {
    stop();
    throw error;
  }
}

async function portsOf(
  process: ChildProcess,
  admin: string,
  said: () => string,
): Promise<ReadonlyMap<string, number>> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if (process.exitCode !== null) throw new Error(`Envoy ended with ${process.exitCode}: ${said()}`);
    const address = existsSync(admin) ? readFileSync(admin, 'utf8') : '';
    if (address !== '' && (await isReady(address)))
      return readPorts(await (await fetch(`http://${address}/listeners?format=json`)).json());
    await sleep(100);
  }
  throw new Error(`Envoy is not ready after ${patience / 1000} s: ${said()}`);
}

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(`http://${address}/ready`)).ok;
  } catch {
    return false;
  }
}

function readPorts(listeners: unknown): ReadonlyMap<string, number> {
  const { listener_statuses = [] } = listeners as {
    readonly listener_statuses?: readonly {
      readonly name: string;
      readonly local_address: { readonly socket_address: { readonly port_value: number } };
    }[];
  };
  return new Map(
    listener_statuses.map(({ name, local_address }) => [name, local_address.socket_address.port_value]),
  );
}
