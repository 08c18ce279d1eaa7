import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { repositoryOf } from './ignore-files.ts';
import { commonFolder, isFolder } from './output-tree.ts';
import { isInside } from './paths.ts';

/** Where a run keeps its journal. */
export interface JournalPlace {
  readonly path: string;
  /** Whether it lies in git's own folder, which no commit can put anything into. */
  readonly isGits: boolean;
}

/** Where the journal of a run is: in git's own folder, where nobody commits it; outside of repositories in the folder. */
export function journalPlaceOf(paths: readonly string[], cwd: string): JournalPlace {
  const base = existing(
    commonFolder(
      paths,
      paths.map(path => fileAt(resolve(cwd, path))),
      cwd,
    ),
  );
  const top = repositoryOf(base);
  const git = top === undefined ? undefined : gitFolderOf(top);
  if (git !== undefined) return { path: join(git, 'vs2route-journal.json'), isGits: true };
  const folder = top ?? (isInside(base, cwd) ? cwd : base);
  return { path: join(folder, '.vs2route-journal.json'), isGits: false };
}

/**
 * The folder that git keeps for a checkout: `.git`, or what the file `.git` of a worktree or a submodule names.
 *
 * @see https://git-scm.com/docs/gitrepository-layout
 */
function gitFolderOf(top: string): string | undefined {
  const git = join(top, '.git');
  if (isFolder(git)) return git;
  try {
    const [, named] = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8')) ?? [];
    const folder = named === undefined ? undefined : resolve(top, named.trimEnd());
    return folder !== undefined && existsSync(join(folder, 'HEAD')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function fileAt(absolute: string): { path: string; absolute: string; root: string } {
  return { path: absolute, absolute, root: dirname(absolute) };
}

function existing(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : existing(dirname(folder));
}
