import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitStatuses, failureOf, type Reason } from './failure.ts';
import { Processes } from './processes.ts';

const described: Readonly<Record<Reason, string>> = {
  'drill-failed': 'the drill failed',
  'neighbour-failed': 'a neighbour failed',
  usage: 'bad usage',
  'port-taken': 'a port is taken',
  'no-space': 'there is no space',
  'build-refused': 'a build was refused',
  'not-started': 'a program did not come up',
  skipped: 'SKIPPED',
  interrupted: 'interrupted',
};

/** Says why some work came to its end. @returns the exit status */
export async function statusOf(work: () => Promise<number>, say: (line: string) => void): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const { reason, message } = failureOf(error);
    say(`${described[reason]}: ${message}`);
    return exitStatuses[reason];
  }
}

/** Gives work a temporary folder and programs. Whatever becomes of it, the programs end and the folder goes. */
export async function inTemporaryFolder<Result>(
  keep: boolean,
  say: (line: string) => void,
  work: (folder: string, processes: Processes) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-drill-'));
  const processes = new Processes(folder);
  process.on('exit', () => processes.killAll());
  try {
    return await work(folder, processes);
  } finally {
    await processes.stopAll();
    if (keep) say(`kept ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}
