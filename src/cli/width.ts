import type { Stream, World } from './world.ts';

const USUAL = 100;
const NARROWEST = 40;

/** @returns the columns of a stream: those of the terminal, `COLUMNS`, or 100 for files and pipes */
export function columnsOf(stream: Stream, env: World['env']): number {
  const written = Number(env['COLUMNS']);
  const told = stream.columns ?? (Number.isInteger(written) && written > 0 ? written : undefined);
  return Math.max(NARROWEST, told ?? USUAL);
}
