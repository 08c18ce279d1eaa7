import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { explainError, type Problem } from '../problem.ts';
import type { Change } from './changes.ts';
import { isInside } from './paths.ts';
import { temporaryBeside } from './temporary-files.ts';

/** The part of a change that matters to the disk; a file without a target keeps its name. */
export type Writing = Pick<Change, 'file' | 'text'> & Partial<Pick<Change, 'target'>>;

/** @returns why a change must not be made; nothing is written by asking */
export function refusalOf({ file, text, target = file.absolute }: Writing): Problem | undefined {
  const refuse = (message: string, remedy: string): Problem => ({ path: file.path, message, remedy });
  try {
    const stats = statSync(file.absolute);
    const real = stats.isFile() ? realpathSync(file.absolute) : file.absolute;
    if (!stats.isFile())
      return refuse('is not a file that can be edited', 'Save it as a file, or use `--output`.');
    if (!isInside(real, file.root))
      return refuse(
        `is a symbolic link to ${real}, outside of the folder`,
        'Name that file instead of the link.',
      );
    if ((stats.mode & 0o222) === 0)
      return refuse('is read-only', `Make it writable, for example with chmod u+w ${file.path}`);
    const isLink = lstatSync(file.absolute).isSymbolicLink();
    if (isLink && (text === undefined || target !== file.absolute))
      return refuse(
        `would be ${text === undefined ? 'deleted' : 'renamed'}, but is a symbolic link`,
        'Name the file that it leads to.',
      );
    if (hasOtherNames(stats, file.absolute, target))
      return refuse(
        'has a hard link, which would keep the old text',
        'Copy the file to a name of its own, for example with cp and mv, or use `--output`.',
      );
    if (target !== file.absolute && existsSync(target) && !isSame(statSync(target), stats))
      return refuse(`would be renamed to ${target}, which is there`, 'Leave out `--rename`.');
    if (!withOpenFile(real, bytesOf).equals(Buffer.from(file.source.text)))
      return refuse('was changed by somebody else meanwhile', 'Run the command again.');
    return undefined;
  } catch (error) {
    return refuse(`cannot be edited: ${explainError(error)}`, 'Check the file, and run the command again.');
  }
}

/**
 * Makes a change that nothing speaks against: the file has its old text or its new one at any moment, never a part.
 * A change that somebody else makes meanwhile stays: the file is compared when it is opened, right before it gives way and,
 * for those who had it open, right after.
 *
 * @throws what the operating system has to say, or that somebody else was faster; the file is then as they left it
 */
export function makeChange({ file, text, target = file.absolute }: Writing): void {
  const before = Buffer.from(file.source.text);
  const real = realpathSync(file.absolute);
  withOpenFile(real, opened => {
    const stats = fstatSync(opened);
    const expectSame = (): void => {
      if (!bytesOf(opened).equals(before) || !isSame(lstatSync(real), stats)) throw new Error(CHANGED);
    };
    expectSame();
    if (hasOtherNames(stats, file.absolute, target)) throw new Error('it has a hard link meanwhile');
    if (text === undefined) {
      unlinkSync(real);
      giveBack(opened, before, real, stats);
      return;
    }
    if (text !== file.source.text) {
      replaceFile(real, text, stats, expectSame);
      giveBack(opened, before, real, stats);
    }
    if (target !== file.absolute) moveFile(real, target);
  });
}

const CHANGED = 'it was changed by somebody else meanwhile';

/** @throws Error after putting back what somebody wrote to the file that was to go, while it went */
function giveBack(opened: number, before: Buffer, real: string, stats: Stats): void {
  const now = bytesOf(opened);
  if (now.equals(before)) return;
  replaceFile(real, now, stats);
  throw new Error(CHANGED);
}

/** A rename that replaces no file; the file has at least one of the two names at any moment. */
function moveFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!existsSync(to)) {
      // Not every file system has links.
      renameSync(from, to);
      return;
    }
    // A run that was killed right here left both names.
    if (!isSame(statSync(to), statSync(from))) throw error;
  }
  unlinkSync(from);
}

/**
 * Whether a file has names that would keep the old text, since a new file takes the place of the one that is edited. The
 * new name that a run gave it before it was killed is none.
 */
function hasOtherNames(stats: Stats, path: string, target: string): boolean {
  if (stats.nlink < 2) return false;
  const isHalfRenamed = target !== path && existsSync(target) && isSame(lstatSync(target), stats);
  return stats.nlink > 2 || !isHalfRenamed;
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** Opens a file, never through a link, and closes it afterwards. */
function withOpenFile<Found>(path: string, use: (opened: number) => Found): Found {
  // Windows has no such flag.
  const { O_RDONLY, O_NOFOLLOW = 0 } = constants;
  const opened = openSync(path, O_RDONLY | O_NOFOLLOW);
  try {
    return use(opened);
  } finally {
    closeSync(opened);
  }
}

/** The bytes of an open file from its start, wherever it was read to before. */
function bytesOf(opened: number): Buffer {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(1 << 16);
    const length = readSync(opened, chunk, 0, chunk.length, position);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
    position += length;
  }
}

/**
 * Writes a file so that nobody ever sees a part of it: into a hidden file beside it, which then takes its name.
 *
 * @param like whose mode and owner the file gets
 * @param ready called when the new file is whole, right before it takes the name
 * @throws what the operating system or `ready` has to say; the file is then as it was
 */
export function replaceFile(
  path: string,
  content: string | Buffer,
  like?: Stats,
  ready: () => void = () => undefined,
): void {
  viaTemporary(path, temporary => {
    const descriptor = openSync(temporary, 'wx', like?.mode ?? 0o666);
    try {
      writeFileSync(descriptor, content);
      if (like !== undefined) keepOwner(descriptor, like);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    ready();
  });
}

/** Copies a file so that nobody ever sees a part of the copy. */
export function copyFile(from: string, to: string): void {
  viaTemporary(to, temporary => copyFileSync(from, temporary, constants.COPYFILE_EXCL));
}

/** A link that stands where the file is to be is replaced, not followed. */
function viaTemporary(path: string, write: (temporary: string) => void): void {
  const temporary = temporaryBeside(path);
  try {
    write(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function keepOwner(descriptor: number, { mode, uid, gid }: Stats): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // Only root may give a file away; then it belongs to who ran the command.
  }
  fchmodSync(descriptor, mode & 0o7777);
}
