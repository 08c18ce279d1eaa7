import type { Palette } from '../print/palette.ts';
import { visible } from '../print/visible.ts';

/** Something outside of the manifests is wrong: a path, a permission, a full disk. */
export interface Problem {
  /** As the user knows it. */
  readonly path: string;
  /** The fault, in one sentence without a full stop. */
  readonly message: string;
  /** The action, in sentences. */
  readonly remedy: string;
}

/** Thrown where a command cannot go on; nothing was written. */
export class Refusal extends Error {
  readonly problems: readonly Problem[];

  constructor(...problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => `${path}: ${message}`).join('; '));
    this.problems = problems;
  }
}

/** A problem for people. */
export function formatProblem({ path, message, remedy }: Problem, palette: Palette): string {
  const head = `${palette.error('error:')} ${palette.strong(`${visible(path)}: ${message}`)}\n`;
  return remedy === '' ? head : `${head}${palette.faint('  fix:')} ${remedy}\n`;
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'is a folder',
  ELOOP: 'the symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the file system is read-only',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many open files',
};

/** @returns what the operating system says, in words */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return words[code] ?? (code === '' ? error.message : code);
}
