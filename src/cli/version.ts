import { readFileSync } from 'node:fs';

/** @returns the version of this program */
export function programVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return String(JSON.parse(readFileSync(file, 'utf8')).version);
}
