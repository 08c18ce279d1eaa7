import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DiffFile, parseDiff } from '../../suggest/diff.ts';
import { diffSince } from '../files/git.ts';
import { explainError, Refusal } from '../problem.ts';
import type { World } from '../world.ts';

/** Where a diff is to come from. */
export interface DiffFlags {
  readonly diff?: string;
  readonly base?: string;
  /** Whether configuration and ignore files count as the pull request has them. */
  readonly trustHead?: boolean;
}

/**
 * The diff that flags name: a file, or what git says.
 *
 * @returns undefined where they name none
 * @throws Refusal where it cannot be read or is no diff
 */
export async function readDiff(
  { diff, base }: DiffFlags,
  world: World,
): Promise<readonly DiffFile[] | undefined> {
  if (diff !== undefined) return parse(await textOf(diff, world), diff);
  return base === undefined ? undefined : parse(diffSince(base, world), base);
}

async function textOf(path: string, { cwd, stdin }: World): Promise<string> {
  if (path === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
  }
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    const remedy = 'Name a file with a unified diff, or - for the standard input.';
    throw new Refusal({ path, message: `cannot be read: ${explainError(error)}`, remedy });
  }
}

function parse(text: string, path: string): readonly DiffFile[] {
  try {
    return parseDiff(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    const remedy = 'Make one with git diff origin/main...HEAD.';
    throw new Refusal({ path, message: `is not a unified diff: ${why}`, remedy });
  }
}
