import { readFileSync } from 'node:fs';
import type { PageAssets } from '../reporters/html.ts';

/** @returns the parts of a page that `npm run build` makes: its style, its program, and the program that traces */
export function pageAssets(): PageAssets {
  const read = (name: string): string =>
    readFileSync(new URL(`../../dist/page/${name}`, import.meta.url), 'utf8');
  return { style: read('report.css'), script: read('report.js'), engine: read('engine.txt') };
}
