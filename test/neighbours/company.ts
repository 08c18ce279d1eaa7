import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type Objects, objectsIn, vs2route } from '../drill/company.ts';
import { Failure } from '../drill/failure.ts';
import type { Program } from './programs.ts';

/** What kustomize builds of the sample company, by environment. */
export interface World {
  readonly production: Objects;
  readonly staging: Objects;
}

/** The sample company before and after its conversion by the program itself. */
export interface Company {
  readonly before: World;
  readonly after: World;
}

/** @param folder a temporary one */
export function loadCompany(root: string, folder: string, kustomize: Program): Company {
  const [before, after] = [join(folder, 'before'), join(folder, 'after')];
  cpSync(join(root, 'examples/company'), before, { recursive: true });
  cpSync(before, after, { recursive: true });
  vs2route(root, after, ['convert', '--write', '--quiet', '.']);
  return { before: built(before, kustomize), after: built(after, kustomize) };
}

function built(folder: string, { path }: Program): World {
  const build = (environment: string) =>
    objectsIn(run(path, ['build', join(folder, 'environments', environment)]));
  return { production: build('production'), staging: build('staging') };
}

/**
 * Runs a neighbour.
 *
 * @returns what it writes to stdout
 * @throws Failure with what it says on stderr
 */
export function run(path: string, args: readonly string[], input = ''): string {
  try {
    return execFileSync(path, args, {
      encoding: 'utf8',
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
  } catch (error) {
    const { stderr = '', message } = error as { readonly stderr?: string; readonly message: string };
    throw new Failure('neighbour-failed', `${path}: ${stderr.trim() || message}`);
  }
}
