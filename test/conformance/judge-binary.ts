import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The program, or why there is none. */
export type JudgeBinary =
  | { readonly kind: 'ready'; readonly path: string; readonly built: boolean }
  | { readonly kind: 'no-go' }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Builds `test/istiod`, unless that was done before for the same sources.
 *
 * @param root of the checkout
 * @param cache a folder of ours; programs of other sources in it are removed
 */
export function judgeBinary(root: string, cache: string, say: (line: string) => void): JudgeBinary {
  const version = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (version.error !== undefined || version.status !== 0) return { kind: 'no-go' };
  const source = join(root, 'test/istiod');
  const name = `istiod-${digestOf(source, version.stdout)}`;
  const path = join(cache, name);
  if (existsSync(path)) return { kind: 'ready', path, built: false };
  mkdirSync(cache, { recursive: true });
  for (const old of readdirSync(cache))
    if (old.startsWith('istiod-')) rmSync(join(cache, old), { force: true });
  say('building test/istiod; without anything cached this takes about 5 minutes');
  const partial = `${path}.part`;
  const build = spawnSync('go', ['build', '-o', partial, '.'], { cwd: source, encoding: 'utf8' });
  if (build.status !== 0) return { kind: 'failed', reason: build.stderr };
  renameSync(partial, path);
  return { kind: 'ready', path, built: true };
}

/** Stands for the program's sources and what compiles them. */
function digestOf(source: string, goVersion: string): string {
  const hash = createHash('sha256').update(goVersion);
  for (const file of sourceFiles(source)) {
    hash.update(relative(source, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /(^go\.(mod|sum)$|\.go$)/.test(entry.name))
    .filter(entry => !entry.name.endsWith('_test.go'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}
