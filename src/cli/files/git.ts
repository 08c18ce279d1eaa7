import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { type DiffFile, parseDiff } from '../../suggest/diff.ts';
import { Refusal } from '../problem.ts';
import type { RunGit, World } from '../world.ts';

/** Larger than any diff that somebody would want comments on. */
const MAX_OUTPUT = 2 ** 29;

/** The parts of the world that a question to git needs. */
type Asking = Pick<World, 'cwd' | 'env' | 'runGit'>;

/** Starts git and waits for its end. @returns what it prints; undefined where it fails */
export const startGit: RunGit = (args, { cwd, env, input }) => {
  const { stdout, status } = spawnSync('git', [...args], {
    cwd,
    env: { ...env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    ...(input !== undefined && { input }),
    maxBuffer: MAX_OUTPUT,
  });
  return status === 0 ? stdout : undefined;
};

/** @returns what git prints, undefined where it fails */
function git(args: readonly string[], { cwd, env, runGit = startGit }: Asking): string | undefined {
  // A repository that lies within a tree of manifests says nothing here, and starts no program.
  const safe = ['-c', 'safe.bareRepository=explicit', '-c', 'core.fsmonitor=false'];
  return runGit([...safe, ...args], { cwd, env })?.toString('utf8');
}

/** @returns the folder that a repository hangs from, undefined where there is none */
export function repositoryRoot(world: World): string | undefined {
  return git(['rev-parse', '--show-toplevel'], world)?.replace(/\r?\n$/, '');
}

/** Whether git tracks a file; what is in no repository is not tracked. */
export function isTracked(path: string, world: Asking): boolean {
  return git(['ls-files', '--error-unmatch', '--', path], world) !== undefined;
}

/** The files that git tracks, and the folders that hold one, by their absolute paths. */
export type Tracked = ReadonlySet<string>;

/** @returns what git tracks below a folder; nothing where there is no repository */
export function trackedIn(folder: string, world: Pick<World, 'env' | 'runGit'>): Tracked {
  const found = new Set<string>();
  const listed = git(['ls-files', '-z'], { ...world, cwd: folder }) ?? '';
  for (const path of listed.split('\0')) {
    if (path === '') continue;
    for (let at = join(folder, path); at !== folder && !found.has(at); at = dirname(at)) found.add(at);
  }
  return found;
}

/**
 * The diff of a pull request, as the forge shows it, where the commits are here: that saves asking for it.
 *
 * @param base the commit of its target
 * @param head its newest commit, which has to be checked out
 * @returns undefined where git does not have them, or something else is checked out
 */
export function localDiff(
  base: string | undefined,
  head: string,
  world: World,
): readonly DiffFile[] | undefined {
  if (base === undefined || headCommit(world) !== head) return undefined;
  const start = git(['merge-base', base, head], world)?.trim();
  const diff = start === undefined ? undefined : git(['diff', ...diffFlags, start, head, '--'], world);
  return diff === undefined ? undefined : parseDiff(diff);
}

/** @returns the commit that is checked out */
export function headCommit(world: World): string | undefined {
  return git(['rev-parse', '--verify', '--quiet', 'HEAD'], world)?.trim();
}

/**
 * The commit at which what is checked out left a branch.
 *
 * @throws Refusal where git does not know the way back
 */
export function mergeBase(base: string, world: World): string {
  const refuse = (message: string, remedy: string): Refusal => new Refusal({ path: base, message, remedy });
  if (repositoryRoot(world) === undefined)
    throw refuse('this folder is in no git repository', 'Use --diff FILE instead of --base.');
  const commit = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`], world);
  if (commit === undefined)
    throw refuse(
      'git knows no such branch or commit',
      'Fetch it first, for example with git fetch origin, and name it as in origin/main.',
    );
  const start = git(['merge-base', commit.trim(), 'HEAD'], world);
  if (start === undefined)
    throw refuse(
      'it has no commit in common with what is checked out',
      'Fetch the whole history: git fetch --unshallow, or fetch-depth: 0 for actions/checkout.',
    );
  return start.trim();
}

/** A file of a commit. */
export interface CommittedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * The files of a commit, byte for byte as they are committed: no filter runs, and no attribute leaves any out, as it would for
 * `git archive`. Links are left out.
 *
 * @throws Refusal where git cannot read the commit
 */
export function committedFiles(
  commit: string,
  choose: (paths: readonly string[]) => (path: string) => boolean,
  world: World,
): readonly CommittedFile[] {
  const refuse = (): Refusal =>
    new Refusal({
      path: commit,
      message: 'git cannot read the files of this commit',
      remedy: 'Fetch it as a whole: fetch-depth: 0 for actions/checkout, and no filter.',
    });
  const tree = git(['ls-tree', '-r', '-z', '--full-tree', commit], world);
  if (tree === undefined) throw refuse();
  const all = tree.split('\0').flatMap(line => {
    const [, mode = '', hash = '', path = ''] = /^(\d+) blob ([0-9a-f]+)\t([\s\S]*)$/.exec(line) ?? [];
    return mode === '100644' || mode === '100755' ? [{ hash, path }] : [];
  });
  const wants = choose(all.map(({ path }) => path));
  const entries = all.filter(({ path }) => wants(path));
  const { cwd, env, runGit = startGit } = world;
  const input = entries.map(({ hash }) => `${hash}\n`).join('');
  const stdout = runGit(['cat-file', '--batch'], { cwd, env, input });
  if (stdout === undefined) throw refuse();
  const files: CommittedFile[] = [];
  let at = 0;
  for (const { path } of entries) {
    const end = stdout.indexOf(10, at);
    const size = Number(stdout.toString('latin1', at, end).split(' ')[2]);
    if (end < 0 || !Number.isInteger(size)) throw refuse();
    files.push({ path, bytes: stdout.subarray(end + 1, end + 1 + size) });
    at = end + 1 + size + 1;
  }
  return files;
}

/** Whatever somebody has set up for their own eyes. */
const diffFlags = [
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-relative',
  '--find-renames',
  '--unified=3',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

/**
 * The changes since a branch was left, as a diff with the paths of the repository. Changes that are not committed count, as the
 * files are read as they are.
 *
 * @throws Refusal where git does not know the way back
 */
export function diffSince(base: string, world: World): string {
  const start = mergeBase(base, world);
  const diff = git(['diff', ...diffFlags, start, '--'], world);
  if (diff === undefined)
    throw new Refusal({
      path: base,
      message: 'git cannot tell what changed since',
      remedy: 'Use --diff FILE instead.',
    });
  return diff;
}
