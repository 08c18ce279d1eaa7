import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bootstrapOf, type PodProxy } from './bootstrap.ts';
import { Failure } from './failure.ts';
import type { Echoing, Workload } from './pod/configuration.ts';
import type { Seen, Witness } from './pod/load.ts';
import type { ToPod } from './pod/main.ts';
import { lastOf, type Processes, type Running } from './processes.ts';
import { namespaceFlags } from './programs.ts';

/** What all pods have in common. */
export interface PodSurroundings {
  readonly folder: string;
  readonly processes: Processes;
  readonly envoy: string;
  /** Sockets that lead to istiod: in plain text, and with TLS. */
  readonly sockets: { readonly plain: string; readonly secure: string; readonly secrets: string };
  readonly workloads: () => readonly Workload[];
  /** Hears what came of every request. */
  readonly seen: (pod: Pod, seen: Seen) => void;
}

/** Where the controllers place pods that answer, and the host outside the mesh. */
const echoing: readonly Echoing[] = [
  ...Array.from({ length: 50 }, (_, index) => `10.244.0.${10 + index}`).flatMap(address => [
    { address, port: 8080, protocol: 'http' as const },
    { address, port: 9090, protocol: 'grpc' as const },
  ]),
  { address: '203.0.113.10', port: 8443, protocol: 'http' },
];

/** An Envoy in a network of its own, with a client beside it and everybody behind it. */
export class Pod {
  readonly proxy: PodProxy;
  readonly #running: Running;
  readonly #processes: Processes;
  readonly #workloads: PodSurroundings['workloads'];
  #listeners: readonly string[] = [];
  #ended = '';

  constructor(proxy: PodProxy, token: string | undefined, around: PodSurroundings) {
    this.proxy = proxy;
    this.#processes = around.processes;
    this.#workloads = around.workloads;
    const name = `${proxy.name}.${proxy.namespace}`;
    const folder = join(around.folder, name);
    mkdirSync(folder, { recursive: true });
    const script = join(import.meta.dirname, 'pod/main.js');
    const command = ['unshare', ...namespaceFlags, process.execPath, script];
    this.#running = around.processes.start(`pod-${name}`, command, { cwd: folder, talks: true });
    const { stdout } = this.#running.child;
    if (stdout !== null)
      createInterface({ input: stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', line => {
        const message = JSON.parse(line) as FromPod;
        if (message.kind === 'seen') around.seen(this, message.seen);
        else if (message.kind === 'listeners') this.#listeners = message.names;
        else this.#ended = JSON.stringify(message);
      });
    this.#tell({
      kind: 'configuration',
      configuration: {
        address: proxy.address,
        networks: ['203.0.113.10/24'],
        envoy: around.envoy,
        bootstrap: bootstrapOf(
          proxy,
          token === undefined ? around.sockets.plain : around.sockets.secure,
          around.sockets.secrets,
          token,
        ),
        folder,
        echoes: echoing,
      },
    });
  }

  /** The names of the listeners that istiod gave it. */
  get listeners(): readonly string[] {
    return this.#listeners;
  }

  /** @throws Failure when its Envoy is gone */
  check(): void {
    if (this.#ended !== '' || this.#running.child.exitCode !== null)
      throw new Failure('not-started', `pod ${this.proxy.name}: ${this.#ended} ${lastOf(this.#running.log)}`);
  }

  send(witnesses: readonly Witness[], perSecond: number): void {
    this.#tell({ kind: 'load', witnesses, perSecond, workloads: this.#workloads() });
  }

  setStep(step: string): void {
    this.#tell({ kind: 'step', step });
  }

  stop(): Promise<void> {
    return this.#processes.stop(this.#running, 'SIGKILL');
  }

  #tell(message: ToPod): void {
    this.#running.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}

type FromPod =
  | { readonly kind: 'seen'; readonly seen: Seen }
  | { readonly kind: 'listeners'; readonly names: readonly string[] }
  | { readonly kind: 'failed' | 'ended' };
