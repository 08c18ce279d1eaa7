import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import type { World } from '../world.ts';
import { isTemplateFile } from './beside.ts';
import { committedFiles } from './git.ts';
import { isInside } from './paths.ts';

/** Files of a commit, in a folder of their own. */
export interface BaseTree {
  /** Absolute, without links. */
  readonly folder: string;
  readonly remove: () => void;
}

/** Manifests, and what says which files count; templates and sources of generators are told of where they differ. */
const wanted = /(\.ya?ml|\.json|(^|\/)(Kustomization|\.gitignore))$/;

/** Marks of a folder that is built as a whole: its generators and templates read files of any name. */
const whole = /(^|\/)(kustomization\.ya?ml|Kustomization|Chart\.yaml)$/;

function chosen(paths: readonly string[]): (path: string) => boolean {
  const folders = new Set(paths.filter(path => whole.test(path)).map(path => posix.dirname(path)));
  const isBuilt = (path: string): boolean => {
    for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
      if (folders.has(folder)) return true;
      if (folder === '.' || folder === '/') return false;
    }
  };
  return path => wanted.test(path) || isTemplateFile(posix.basename(path)) || isBuilt(path);
}

/**
 * Writes the manifests of a commit to a folder of their own.
 *
 * @throws Refusal where git cannot read the commit
 */
export function baseTree(commit: string, world: World): BaseTree {
  const files = committedFiles(commit, chosen, world);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vs2route-base-')));
  try {
    const made = new Set<string>();
    for (const { path, bytes } of files) {
      const target = join(folder, path);
      // git itself takes no such path; what writes files does not rely on it.
      if (!isInside(target, folder)) continue;
      const parent = dirname(target);
      if (!made.has(parent)) mkdirSync(parent, { recursive: true });
      made.add(parent);
      writeFileSync(target, bytes);
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
