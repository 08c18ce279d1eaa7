import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { build, digestOf, needsRoom, requiredVersion, versionOf } from '../drill/programs.ts';
import { type Neighbour, neighbours } from './neighbours.ts';

/** A neighbour that was built. */
export interface Program {
  readonly path: string;
  readonly version: string;
}

/** What one build leaves in Go's caches and in ours, in bytes. */
const roomToBuild = 3_000_000_000;

/**
 * Finds the program of a neighbour in the user's cache directory, and builds it there where it is not.
 *
 * @param root of the checkout
 * @throws Failure: skipped without Go; build-refused; no-space
 */
export function prepare(
  root: string,
  { name, module, main }: Neighbour,
  say: (line: string) => void,
): Program {
  const go = versionOf('go', ['version'], 'Go');
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'vs2route-neighbours');
  mkdirSync(cache, { recursive: true });
  const folder = join(root, 'test/neighbours', name);
  const files = readdirSync(folder).filter(file => /^go\.(mod|sum)$|\.go$/.test(file));
  const version = requiredVersion(folder, module);
  const path = join(cache, `${name}-${version}-${digestOf(folder, go, files.sort())}`);
  if (existsSync(path)) return { path, version };
  needsRoom(cache, roomToBuild);
  say(`building ${name} ${version}`);
  build(folder, main, path);
  return { path, version };
}

/** kustomize builds what the others are asked about. */
export function kustomizeOf(): Neighbour {
  const [kustomize] = neighbours;
  if (kustomize === undefined) throw new Error('the first neighbour is kustomize');
  return kustomize;
}
