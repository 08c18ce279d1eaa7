import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** A file that is written beside another one, whose name it then takes: hidden, with the process that writes it. */
const form = /^\..+\.vs2route-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}$/;

/** Processes of other machines cannot be asked; a run of theirs is over after this time, in milliseconds. */
const LONGEST_RUN = 24 * 60 * 60 * 1000;

/** @returns the path of a new temporary file beside a file */
export function temporaryBeside(path: string): string {
  const end = `${machine()}-${process.pid}-${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.vs2route-${end}`);
}

/**
 * Removes the temporary files that runs which were killed left in folders. Those of runs that are at work stay, and so
 * does what cannot be removed: it is in nobody's way.
 *
 * @param folders absolute paths, each as often as it comes
 */
export function removeLeftovers(folders: Iterable<string>): void {
  for (const folder of new Set(folders)) {
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      if (isLeftover(name, path)) rmSync(path, { force: true });
    }
  }
}

function isLeftover(name: string, path: string): boolean {
  const [, writer, id] = form.exec(name) ?? [];
  if (writer === undefined || id === undefined) return false;
  try {
    const stats = lstatSync(path);
    if (!stats.isFile()) return false;
    return writer === machine() ? !isRunning(Number(id)) : Date.now() - stats.mtimeMs > LONGEST_RUN;
  } catch {
    return false;
  }
}

/** Whether another process of this machine has a number. */
export function isRunning(id: number): boolean {
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function machine(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
