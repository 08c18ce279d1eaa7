import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** Gives some work a folder of its own, which goes afterwards. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-corpus-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies a repository to where it may be written to, and makes git know it. */
export function checkOut(from, to) {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  for (const path of pathsIn(to)) chmodSync(path, statSync(path).mode | 0o200);
  git(to, ['init', '--quiet']);
  git(to, ['config', 'core.autocrlf', 'false']);
  git(to, ['add', '--all', '--force']);
  git(to, [
    '-c',
    'user.name=corpus',
    '-c',
    'user.email=corpus',
    'commit',
    '--quiet',
    '--message',
    'as it was',
  ]);
}

export function git(cwd, args, input = '') {
  return execFileSync('git', args, { cwd, input, encoding: 'utf8', maxBuffer: 2 ** 30, stdio: 'pipe' });
}

/** @returns every file of a tree, by its path: its mode and its bytes, one character each */
export function treeOf(folder) {
  const files = pathsIn(folder).filter(path => statSync(path).isFile());
  return new Map(
    files
      .toSorted()
      .map(path => [
        relative(folder, path),
        `${statSync(path).mode & 0o111} ${readFileSync(path, 'latin1')}`,
      ]),
  );
}

/** @returns the paths at which two trees are not the same */
export function differences(one, other) {
  return [...new Set([...one.keys(), ...other.keys()])].filter(path => one.get(path) !== other.get(path));
}

function pathsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.name === '.git' || entry.isSymbolicLink()) return [];
    return entry.isDirectory() ? [path, ...pathsIn(path)] : [path];
  });
}
