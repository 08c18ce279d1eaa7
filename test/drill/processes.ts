import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.ts';

/** A program that the drill started. */
export interface Running {
  readonly name: string;
  readonly child: ChildProcess;
  readonly log: string;
}

export interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard input and output are pipes, and only what it says otherwise goes to the log. */
  readonly talks?: boolean;
}

/** Every program that the drill started, so that none outlives it. */
export class Processes {
  readonly #folder: string;
  readonly #running = new Set<Running>();
  /** With it a program ends when the drill is killed. */
  readonly #leash: readonly string[];

  /** @param folder for what the programs say */
  constructor(folder: string) {
    this.#folder = folder;
    const { status } = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']);
    this.#leash = status === 0 ? ['setpriv', '--pdeathsig', 'KILL'] : [];
  }

  start(name: string, command: readonly string[], { cwd, env = {}, talks = false }: StartOptions): Running {
    const log = join(this.#folder, `${name}.log`);
    const file = openSync(log, 'a');
    const [program = '', ...args] = [...this.#leash, ...command];
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: talks ? ['pipe', 'pipe', file] : ['ignore', file, file],
    });
    closeSync(file);
    const running = { name, child, log };
    this.#running.add(running);
    child.on('error', () => this.#running.delete(running));
    child.on('exit', () => this.#running.delete(running));
    return running;
  }

  /** Ends one program and waits until it is gone. */
  async stop({ child }: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (hasEnded(child)) return;
    child.kill(signal);
    for (let waited = 0; waited < 10_000 && !hasEnded(child); waited += 20) await sleep(20);
    if (!hasEnded(child)) child.kill('SIGKILL');
    while (!hasEnded(child)) await sleep(20);
  }

  /** Ends all at once; also when there is no time to wait. */
  killAll(): void {
    for (const { child } of this.#running) child.kill('SIGKILL');
  }

  async stopAll(): Promise<void> {
    this.killAll();
    while (this.#running.size > 0) await sleep(20);
  }
}

function hasEnded({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

/**
 * Waits until a program does what it is for.
 *
 * @throws Failure with the end of what it said when it ends before, or takes too long
 */
export async function untilReady(
  { name, child, log }: Running,
  isReady: () => Promise<boolean>,
  seconds = 90,
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
    if (hasEnded(child)) break;
    if (await isReady()) return;
  }
  const said = lastOf(log);
  if (/address already in use/.test(said)) throw new Failure('port-taken', `${name}: ${said}`);
  if (/no space left on device/.test(said)) throw new Failure('no-space', `${name}: ${said}`);
  throw new Failure('not-started', `${name} did not come up: ${said}`);
}

/** @returns the last lines of a log */
export function lastOf(log: string): string {
  return readFileSync(log, 'utf8').slice(-3000);
}
