import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { visible } from '../reporters/visible.ts';
import type { Change } from './changes.ts';
import { repositoryOf } from './ignore-files.ts';
import { commonFolder, isFolder } from './output-tree.ts';
import { isInside } from './paths.ts';
import { explainError, Refusal } from './problem.ts';
import { makeChange, refusalOf, type Writing } from './write.ts';

/**
 * What a run is about to write. Some changes only make sense together: once a VirtualService is a route, nobody can tell
 * any more which subsets were its own. So they are written down before the first one is made, and the next run finishes
 * what an interruption left undone.
 */
interface Journal {
  readonly version: 1;
  readonly process: number;
  readonly host: string;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly path: string;
  readonly absolute: string;
  readonly root: string;
  readonly target: string;
  /** The hash of what the file was. */
  readonly before: string;
  /** What it becomes; null for a file that goes. */
  readonly text: string | null;
}

/** Where a journal is kept: with what git knows of a repository, where nobody commits it; else in the folder. */
export function journalOf(paths: readonly string[], cwd: string): string {
  const base = existing(
    commonFolder(
      paths,
      paths.map(path => fileAt(resolve(cwd, path))),
      cwd,
    ),
  );
  const top = repositoryOf(base);
  if (top === undefined) return join(isInside(base, cwd) ? cwd : base, '.vs2route-journal.json');
  const git = join(top, '.git');
  return isFolder(git) ? join(git, 'vs2route-journal.json') : join(top, '.vs2route-journal.json');
}

function fileAt(absolute: string): { path: string; absolute: string; root: string } {
  return { path: absolute, absolute, root: dirname(absolute) };
}

function existing(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : existing(dirname(folder));
}

/**
 * Writes down what is going to be changed.
 *
 * @returns a line for people where that cannot be done, which keeps nobody from the changes themselves
 * @throws Refusal when another run is at work, or the disk is full
 */
export function beginJournal(path: string, changes: readonly Change[]): string | undefined {
  // One file is changed at once or not at all.
  const [only, second] = changes;
  if (only === undefined || (second === undefined && only.target === only.file.absolute)) return undefined;
  const entries = changes.map(({ file, target, text }): Entry => {
    const { path: shown, absolute, root, source } = file;
    return { path: shown, absolute, root, target, before: hashOf(source.text), text: text ?? null };
  });
  const journal: Journal = { version: 1, process: process.pid, host: hostname(), entries };
  try {
    writeExclusively(path, JSON.stringify(journal));
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw atWork(path);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      return `${path} cannot be written (${explainError(error)}): should this run be interrupted, no other one will finish it.`;
    const message = `cannot be written: ${explainError(error)}`;
    throw new Refusal({
      path,
      message,
      remedy: 'No file was written. Run the command again when this is mended.',
    });
  }
}

/** Says that everything was written. */
export function endJournal(path: string): void {
  rmSync(path, { force: true });
}

function atWork(path: string): Refusal {
  return new Refusal({
    path,
    message: 'another run is writing to these files',
    remedy: 'Wait until it is done. If there is none, delete this file.',
  });
}

/** A journal is there as a whole or not at all, and nobody overwrites that of another run. */
function writeExclusively(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    linkOrRename(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Not every file system has links. */
function linkOrRename(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (existsSync(path)) throw error;
    renameSync(temporary, path);
  }
}

/**
 * Finishes what an interrupted run left undone. If somebody undid its work or worked on, it is forgotten.
 *
 * @returns a line for people, if there was something to do
 * @throws Refusal when another run is at work, or a file cannot be written
 */
export function finishJournal(path: string): string | undefined {
  const journal = readJournal(path);
  if (journal === undefined) return undefined;
  if (isAlive(journal)) throw atWork(path);
  const states = journal.entries.map(stateOf);
  const isUnfinished = states.includes('done') || states.includes('to rename');
  const left = journal.entries.filter((_, index) => states[index] !== 'done');
  const foreign = journal.entries.find((_, index) => states[index] === 'foreign');
  if (!isUnfinished || foreign !== undefined || left.length === 0) {
    forget(journal, path);
    if (!isUnfinished || foreign === undefined) return undefined;
    return `An interrupted run was not finished, since ${visible(foreign.path)} was changed by somebody else.`;
  }
  const refusals = left.flatMap(entry => refusalOf(writingOf(entry)) ?? []);
  if (refusals.length > 0) throw new Refusal(...refusals);
  for (const entry of left) {
    try {
      makeChange(writingOf(entry));
    } catch (error) {
      const message = `cannot be written: ${explainError(error)}`;
      throw new Refusal({ path: entry.path, message, remedy: 'Mend this and run the command again.' });
    }
  }
  forget(journal, path);
  return `An interrupted run was finished: ${left.length} of its ${journal.entries.length} changes were left to do.`;
}

/** @returns a line for people where the next run that writes has something to finish */
export function unfinished(path: string): string | undefined {
  const journal = readJournal(path);
  if (journal === undefined || isAlive(journal)) return undefined;
  return 'An interrupted run left something to do: `vs2route convert --write` will finish it.';
}

function forget({ entries }: Journal, path: string): void {
  for (const entry of entries) removeLeftovers(entry);
  endJournal(path);
}

function readJournal(path: string): Journal | undefined {
  try {
    const journal: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isJournal(journal) ? journal : undefined;
  } catch {
    return undefined;
  }
}

function isJournal(value: unknown): value is Journal {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}

/** A process elsewhere cannot be asked; that it works on the same files at this moment is unlikely. */
function isAlive({ process: id, host }: Journal): boolean {
  if (host !== hostname() || id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

type State = 'done' | 'to do' | 'to rename' | 'foreign';

function stateOf({ absolute, target, before, text }: Entry): State {
  const now = textOf(absolute);
  const isRenaming = target !== absolute;
  if (now === undefined) {
    if (text === null) return 'done';
    return isRenaming && textOf(target) === text ? 'done' : 'foreign';
  }
  if (now === text) return isRenaming ? 'to rename' : 'done';
  return hashOf(now) === before ? 'to do' : 'foreign';
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** What is there now is what the change is made to. */
function writingOf({ path, absolute, root, target, text }: Entry): Writing {
  const file = { path, absolute, root, source: { path, text: textOf(absolute) ?? '' } };
  return { file, target, text: text ?? undefined };
}

/** A run that was killed may have left the file that was to take another one's name. */
function removeLeftovers({ absolute }: Entry): void {
  const start = `.${basename(absolute)}.vs2route-`;
  for (const name of namesIn(dirname(absolute)))
    if (name.startsWith(start)) rmSync(join(dirname(absolute), name), { force: true });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
