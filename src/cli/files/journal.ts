import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { visible } from '../../print/visible.ts';
import { explainError, Refusal } from '../problem.ts';
import type { Change } from './changes.ts';
import type { JournalPlace } from './journal-place.ts';
import { checkJournalFile, distrustOf, type Entry, type RunPlace } from './journal-trust.ts';
import { realPath } from './paths.ts';
import { isRunning, removeLeftovers, temporaryBeside } from './temporary-files.ts';
import { makeChange, refusalOf, type Writing } from './write.ts';

/**
 * The files that a run is about to write. Some changes only make sense together: once a VirtualService is a route, nobody can
 * tell any more which subsets were its own. So they are written down before the first one is made, and the next run finishes
 * what an interruption left undone.
 */
interface Journal {
  readonly version: 2;
  readonly process: number;
  readonly host: string;
  readonly entries: readonly Entry[];
}

/** A journal that was begun. */
interface BegunJournal {
  /** A line for people where none could be written, which keeps nobody from the changes themselves. */
  readonly warning?: string;
  /** Says that everything was written. */
  readonly end: () => void;
}

const noJournal: BegunJournal = { end: () => undefined };

/**
 * Writes down what is going to be changed.
 *
 * @throws Refusal when another run is at work, or the disk is full
 */
export function beginJournal({ path }: JournalPlace, changes: readonly Change[]): BegunJournal {
  // One file is changed at once or not at all.
  const [only, second] = changes;
  if (only === undefined || (second === undefined && only.target === only.file.absolute)) return noJournal;
  const entries = changes.map(({ file, target, text }): Entry => {
    const { path: shown, source } = file;
    // Links are followed now, when it is known where they lead; what moves is none.
    const absolute = realPath(file.absolute);
    return {
      path: shown,
      absolute,
      target: target === file.absolute ? absolute : targetBeside(absolute, target),
      before: hashOf(source.text),
      text: text ?? null,
    };
  });
  const journal: Journal = { version: 2, process: process.pid, host: hostname(), entries };
  removeLeftovers([dirname(path)]);
  try {
    writeExclusively(path, JSON.stringify(journal));
    return { end: () => rmSync(path, { force: true }) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw atWork(path);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      return {
        ...noJournal,
        warning: `${path} cannot be written (${explainError(error)}): should this run be interrupted, no other one will finish it.`,
      };
    const message = `cannot be written: ${explainError(error)}`;
    throw new Refusal({
      path,
      message,
      remedy: 'No file was written. Run the command again when this is mended.',
    });
  }
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
  const temporary = temporaryBeside(path);
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
 * @throws Refusal when another run is at work, a file cannot be written, or the journal is not to be trusted
 */
export function finishJournal(place: JournalPlace, run: RunPlace): string | undefined {
  const journal = readJournal(place, run);
  if (journal === undefined) return undefined;
  if (isAlive(journal)) throw atWork(place.path);
  const states = journal.entries.map(stateOf);
  const isUnfinished = states.includes('done') || states.includes('to rename');
  const left = journal.entries.filter((_, index) => states[index] !== 'done');
  const foreign = journal.entries.find((_, index) => states[index] === 'foreign');
  if (!isUnfinished || foreign !== undefined || left.length === 0) {
    forget(journal, place);
    if (!isUnfinished || foreign === undefined) return undefined;
    return `An interrupted run was not finished, since ${visible(foreign.path)} was changed by somebody else.`;
  }
  const [distrust] = left.flatMap(entry => distrustOf(entry, place.path, run) ?? []);
  if (distrust !== undefined) throw new Refusal(distrust);
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
  forget(journal, place);
  return `An interrupted run was finished: ${left.length} of its ${journal.entries.length} changes were left to do.`;
}

/** @returns a line for people where the next run that writes has something to finish */
export function unfinished(place: JournalPlace, run: RunPlace): string | undefined {
  try {
    const journal = readJournal(place, run);
    if (journal === undefined || isAlive(journal)) return undefined;
    return 'An interrupted run left something to do: `vs2route convert --write` will finish it.';
  } catch (error) {
    return error instanceof Refusal ? error.message : undefined;
  }
}

function forget({ entries }: Journal, place: JournalPlace): void {
  removeLeftovers(entries.map(({ absolute }) => dirname(absolute)));
  rmSync(place.path, { force: true });
}

/** @throws Refusal where there is a file that is no journal of ours */
function readJournal(place: JournalPlace, run: RunPlace): Journal | undefined {
  const { path } = place;
  try {
    checkJournalFile(place, run);
    const journal: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isJournal(journal)) return journal;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  }
  throw new Refusal({
    path,
    message: 'cannot be read as the journal of an interrupted run',
    remedy: 'Look at the changes of the files, for example with git diff, and delete this file.',
  });
}

function isJournal(value: unknown): value is Journal {
  if (typeof value !== 'object' || value === null) return false;
  const { version, process: id, host, entries } = value as Readonly<Record<string, unknown>>;
  return (
    version === 2 &&
    typeof id === 'number' &&
    typeof host === 'string' &&
    Array.isArray(entries) &&
    entries.every(isEntry)
  );
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { path, absolute, target, before, text } = value as Readonly<Record<string, unknown>>;
  return (
    [path, absolute, target, before].every(one => typeof one === 'string') &&
    (text === null || typeof text === 'string')
  );
}

/** A process elsewhere cannot be asked; that it works on the same files at this moment is unlikely. */
function isAlive({ process: id, host }: Journal): boolean {
  return host === hostname() && isRunning(id);
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

/** The change is made to the text that is there now. */
function writingOf({ path, absolute, target, text }: Entry): Writing {
  const file = { path, absolute, root: dirname(absolute), source: { path, text: textOf(absolute) ?? '' } };
  return { file, target, text: text ?? undefined };
}

/** A file keeps its folder when it gets another name. */
function targetBeside(absolute: string, target: string): string {
  return join(dirname(absolute), basename(target));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
