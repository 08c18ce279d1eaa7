import { parseGoDuration } from '../../src/2-decode/validation/go-duration.ts';

/** @returns milliseconds */
export function goDuration(text: string): number {
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds === undefined) throw new Error(`no duration: ${text}`);
  return Number(nanoseconds) / 1_000_000;
}
