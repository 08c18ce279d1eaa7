import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Change } from './changes.ts';
import { isInside } from './paths.ts';
import { explainError, type Problem } from './problem.ts';

/** The part of a change that matters to the disk; a file without a target keeps its name. */
export type Writing = Pick<Change, 'file' | 'text'> & Partial<Pick<Change, 'target'>>;

/** @returns why a change must not be made; nothing is written by asking */
export function refusalOf({ file, text, target = file.absolute }: Writing): Problem | undefined {
  const refuse = (message: string, remedy: string): Problem => ({ path: file.path, message, remedy });
  try {
    const stats = statSync(file.absolute);
    const real = stats.isFile() ? realpathSync(file.absolute) : file.absolute;
    if (!stats.isFile())
      return refuse('is no file that could be edited', 'Save it as a file, or use `--output`.');
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
    if (readFileSync(real, 'utf8') !== file.source.text)
      return refuse('was changed by somebody else meanwhile', 'Run the command again.');
    return undefined;
  } catch (error) {
    return refuse(`cannot be edited: ${explainError(error)}`, 'Check the file, and run the command again.');
  }
}

/**
 * Makes a change that nothing speaks against: the file has its old text or its new one at any moment, never a part.
 *
 * @throws what the operating system has to say, or that somebody else was faster; the file is then as it was
 */
export function makeChange({ file, text, target = file.absolute }: Writing): void {
  const real = realpathSync(file.absolute);
  if (readFileSync(real, 'utf8') !== file.source.text)
    throw new Error('it was changed by somebody else meanwhile');
  if (text === undefined) {
    unlinkSync(file.absolute);
    return;
  }
  if (text !== file.source.text) replaceFile(real, text, statSync(real));
  if (target !== file.absolute) renameSync(file.absolute, target);
}

/**
 * Writes a file so that nobody ever sees a part of it: into a hidden file beside it, which then takes its name.
 *
 * @param like whose mode and owner the file gets
 * @throws what the operating system has to say; the file is then as it was
 */
export function replaceFile(path: string, text: string, like?: Stats): void {
  viaTemporary(path, temporary => {
    const descriptor = openSync(temporary, 'wx', like?.mode ?? 0o666);
    try {
      writeFileSync(descriptor, text);
      if (like !== undefined) keepOwner(descriptor, like);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Copies a file so that nobody ever sees a part of the copy. */
export function copyFile(from: string, to: string): void {
  viaTemporary(to, temporary => copyFileSync(from, temporary, constants.COPYFILE_EXCL));
}

/** A link that stands where the file is to be is replaced, not followed. */
function viaTemporary(path: string, write: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.vs2route-${randomBytes(6).toString('hex')}`);
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
