import { lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { isKustomizationFile } from '../../1-read/manifests.ts';
import { mayMatter } from '../../1-read/relevance.ts';
import { type Problem, Refusal } from '../problem.ts';
import type { World } from '../world.ts';
import { findFiles } from './files.ts';
import { isTracked } from './git.ts';
import type { JournalPlace } from './journal-place.ts';
import { isFolder } from './output-tree.ts';
import { isInside, realPath } from './paths.ts';

/** A change as a journal has it. */
export interface Entry {
  /** As people know it. */
  readonly path: string;
  /** Where the file is, without a link on the way. */
  readonly absolute: string;
  /** Where it is afterwards; in the same folder. */
  readonly target: string;
  /** The hash of what the file was. */
  readonly before: string;
  /** The new text; null for a file that is deleted. */
  readonly text: string | null;
}

/** Where a run works, as far as it matters for what a journal may say. */
export interface RunPlace extends Pick<World, 'cwd' | 'env'> {
  readonly paths: readonly string[];
}

const remedy =
  'Read the file. Run the command again with the paths of the run that wrote it, or delete it: the changes that it lists are then not made.';

/**
 * Refuses a journal that somebody else may have put there: a link, a file of another user, a file that others may write
 * to, or one that git tracks.
 *
 * @throws Refusal
 */
export function checkJournalFile({ path, isGits }: JournalPlace, { env }: RunPlace): void {
  const stats = lstatSync(path);
  const refuse = (message: string): Refusal => new Refusal({ path, message, remedy });
  if (!stats.isFile()) throw refuse('is not a file, so it is not a journal of an interrupted run');
  // Windows knows neither owners nor modes.
  const own = process.getuid?.();
  if (own !== undefined && stats.uid !== own) throw refuse('is a journal that another user wrote');
  if (own !== undefined && (stats.mode & 0o022) !== 0)
    throw refuse('is a journal that other users may write to');
  if (!isGits && isTracked(path, { cwd: dirname(path), env }))
    throw refuse('is a journal that git tracks, and no run of this folder wrote it');
}

/**
 * Says why a change that a journal lists must not be made: a run makes changes only to manifests that its paths lead to.
 * A change that is made already needs no leave.
 *
 * @returns undefined when nothing speaks against it
 */
export function distrustOf(
  { path: shown, absolute, target }: Entry,
  journal: string,
  place: RunPlace,
): Problem | undefined {
  const refuse = (why: string): Problem => ({ path: journal, message: `lists ${shown}, ${why}`, remedy });
  if (resolve(absolute) !== absolute || resolve(target) !== target || dirname(target) !== dirname(absolute))
    return refuse('and a path that no run writes');
  if (realPath(absolute) !== absolute) return refuse('which a symbolic link leads to');
  if (!isNamed(absolute, place)) return refuse('which the paths of this run do not lead to');
  const bytes = readFileSync(absolute).toString('latin1');
  if (!isKustomizationFile(absolute) && !mayMatter(bytes))
    return refuse('which holds nothing that is converted');
  if (target !== absolute && basename(target).startsWith('.')) return refuse('and a hidden name for it');
  return undefined;
}

function isNamed(absolute: string, { paths, cwd }: RunPlace): boolean {
  const folders = paths.map(path => resolve(cwd, path)).filter(isFolder);
  if (folders.some(folder => isInside(absolute, realPath(folder)))) return true;
  const others = paths.filter(path => !isFolder(resolve(cwd, path)));
  return findFiles(others, cwd).files.some(file => realPath(file.absolute) === absolute);
}
