import { spawn, spawnSync } from 'node:child_process';
import { openSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PodConfiguration, Workload } from './configuration.ts';
import { startEcho } from './echo.ts';
import { Load, type Witness } from './load.ts';

/** What the drill tells a pod, one JSON text a line. */
export type ToPod =
  | { readonly kind: 'configuration'; readonly configuration: PodConfiguration }
  | {
      readonly kind: 'load';
      readonly witnesses: readonly Witness[];
      readonly perSecond: number;
      readonly workloads: readonly Workload[];
    }
  | { readonly kind: 'step'; readonly step: string };

const say = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`);
const load = new Load(seen => say({ kind: 'seen', seen }));

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

async function start({
  address,
  networks,
  echoes,
  folder,
  envoy,
  bootstrap,
}: PodConfiguration): Promise<void> {
  run('ip', ['link', 'set', 'lo', 'up']);
  run('ip', ['address', 'add', `${address}/8`, 'dev', 'lo']);
  for (const network of networks) run('ip', ['address', 'add', network, 'dev', 'lo']);
  for (const echo of echoes) await startEcho(echo);
  const config = join(folder, 'envoy.json');
  writeFileSync(config, JSON.stringify(bootstrap));
  const log = openSync(join(folder, 'envoy.log'), 'a');
  const child = spawn(
    envoy,
    [
      '-c',
      config,
      '--disable-hot-restart',
      '--concurrency',
      '1',
      // As Istio's agent starts it: connections to a listener that was replaced end with the next answer.
      '--drain-time-s',
      '45',
      '--drain-strategy',
      'immediate',
      '--log-level',
      'warning',
    ],
    {
      stdio: ['ignore', log, log],
    },
  );
  child.on('exit', status => {
    say({ kind: 'ended', status });
    process.exit(1);
  });
}

/** Envoy's listeners, so that the drill knows when it can be sent something. */
function tellListeners(): void {
  get('http://127.0.0.1:15000/listeners?format=json', response => {
    let body = '';
    response.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    response.on('end', () => {
      const { listener_statuses: found = [] } = JSON.parse(body || '{}') as {
        readonly listener_statuses?: readonly { readonly name: string }[];
      };
      say({ kind: 'listeners', names: found.map(({ name }) => name) });
    });
  }).on('error', () => undefined);
}

createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  .on('line', line => {
    const message = JSON.parse(line) as ToPod;
    if (message.kind === 'configuration')
      start(message.configuration).then(
        () => setInterval(tellListeners, 500),
        (error: Error) => {
          say({ kind: 'failed', message: error.message });
          process.exit(1);
        },
      );
    else if (message.kind === 'load') load.start(message.witnesses, message.perSecond, message.workloads);
    else load.step = message.step;
  })
  // The drill is gone, and so is everything else of this pod.
  .on('close', () => process.exit(0));
