import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { Refusal } from './problem.ts';
import type { World } from './world.ts';

/** Larger than any diff that somebody would want comments on. */
const MAX_OUTPUT = 2 ** 29;

/** @returns what git prints, undefined where it fails */
function git(args: readonly string[], { cwd, env }: Pick<World, 'cwd' | 'env'>): string | undefined {
  // A repository that lies within a tree of manifests says nothing here, and starts no program.
  const safe = ['-c', 'safe.bareRepository=explicit', '-c', 'core.fsmonitor=false'];
  const { stdout, status } = spawnSync('git', [...safe, ...args], {
    cwd,
    env: { ...env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
  });
  return status === 0 ? stdout : undefined;
}

/** @returns the folder that a repository hangs from, undefined where there is none */
export function repositoryRoot(world: World): string | undefined {
  return git(['rev-parse', '--show-toplevel'], world)?.replace(/\r?\n$/, '');
}

/** Whether git tracks a file; what is in no repository is not tracked. */
export function isTracked(path: string, world: Pick<World, 'cwd' | 'env'>): boolean {
  return git(['ls-files', '--error-unmatch', '--', path], world) !== undefined;
}

/** The files that git tracks, and the folders that hold one, by their absolute paths. */
export type Tracked = ReadonlySet<string>;

/** @returns what git tracks below a folder; nothing where there is no repository */
export function trackedIn(folder: string, env: World['env']): Tracked {
  const found = new Set<string>();
  const listed = git(['ls-files', '-z'], { cwd: folder, env }) ?? '';
  for (const path of listed.split('\0')) {
    if (path === '') continue;
    for (let at = join(folder, path); at !== folder && !found.has(at); at = dirname(at)) found.add(at);
  }
  return found;
}

/** @returns the commit that is checked out */
export function headCommit(world: World): string | undefined {
  return git(['rev-parse', '--verify', '--quiet', 'HEAD'], world)?.trim();
}

/**
 * What changed since a branch was left, as a diff with the paths of the repository. What is not committed counts, as the
 * files are read as they are.
 *
 * @throws Refusal where git does not know the way back
 */
export function diffSince(base: string, world: World): string {
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
  const flags = [
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--no-relative',
    '--find-renames',
    '--unified=3',
  ];
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
  const diff = git(['diff', ...flags, ...prefixes, start.trim(), '--'], world);
  if (diff === undefined) throw refuse('git cannot tell what changed since', 'Use --diff FILE instead.');
  return diff;
}
