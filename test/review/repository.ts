import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Files } from './shop-repository.ts';

/** A git repository in a folder of its own. */
export interface Repository {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => string;
  /** Makes the work tree what it is to be, and commits it. @returns the commit */
  readonly commit: (files: Files, message: string) => string;
  readonly remove: () => void;
}

const identity = {
  GIT_AUTHOR_NAME: 'somebody',
  GIT_AUTHOR_EMAIL: 'somebody@example.com',
  GIT_COMMITTER_NAME: 'somebody',
  GIT_COMMITTER_EMAIL: 'somebody@example.com',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

/** Makes a repository with a branch main. */
export function makeRepository(): Repository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vs2route-shop-')));
  const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, ...identity } } as const;
  const git = (...args: readonly string[]): string => execFileSync('git', [...args], options);
  // Without the hooks that nobody runs.
  git('init', '--quiet', '--initial-branch=main', '--template=');
  return {
    folder,
    git,
    commit: (files, message) => {
      for (const name of readdirSync(folder))
        if (name !== '.git') rmSync(join(folder, name), { recursive: true });
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      // One program to start, from a process that has grown large.
      const script = 'git add --all && git commit --quiet --allow-empty --message "$1" && git rev-parse HEAD';
      return execFileSync('sh', ['-c', script, 'sh', message], options).trim();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
