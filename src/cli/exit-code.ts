import type { Conversion } from '../conversion.ts';
import { type Code, refuses } from '../diagnostics/catalog.ts';

/** 0: all converted. 1: something not converted. 2: bad usage, or input that cannot be read. */
export type ExitCode = 0 | 1 | 2;

/** The text of `--help` about exit codes. */
export const exitCodeHelp = `
Exit codes:
  0  everything was converted, or there was nothing to convert
  1  something was not converted; its files are unchanged
  2  bad usage, or an input that cannot be read (the others are converted)`;

/** The input is not what it claims to be, so that nobody can tell what it holds. */
const unreadable: ReadonlySet<Code> = new Set([
  'yaml-invalid',
  'alias-bomb',
  'nesting-too-deep',
  'file-too-large',
  'not-text',
]);

/** @returns the exit code of a conversion of which all inputs could be read from the disk */
export function exitCodeOf({ resources, diagnostics }: Conversion): ExitCode {
  if (diagnostics.some(({ code }) => unreadable.has(code))) return 2;
  const isHeldBack =
    resources.some(({ status }) => status === 'held-back') || diagnostics.some(({ fate }) => refuses(fate));
  return isHeldBack ? 1 : 0;
}
