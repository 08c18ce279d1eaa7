import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defaultOptions } from '../../src/options.ts';
import { withoutPlaceholders } from './placeholders.ts';
import type { Scenario } from './scenario.ts';

/** Where people's own manifests are, when they are there. */
export function corpusFolder(root: string): string | undefined {
  const folder = join(root, '../shared/corpus');
  return existsSync(folder) ? folder : undefined;
}

/**
 * The folders of the corpus, each a cluster of its own: repositories keep alternatives side by side. What nobody shows has
 * port 80.
 */
export function corpusScenarios(folder: string, filter: string): readonly Scenario[] {
  const byFolder = new Map<string, string[]>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/\.(ya?ml|json)$/.test(entry.name)) continue;
    const paths = byFolder.get(entry.parentPath) ?? [];
    byFolder.set(entry.parentPath, [...paths, join(entry.parentPath, entry.name)]);
  }
  return [...byFolder]
    .flatMap(([place, paths]) => groupsOf(relative(folder, place), paths.sort()))
    .filter(({ name }) => name.includes(filter))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, paths }) => ({
      name,
      files: paths.map(path => ({
        path: relative(folder, path),
        text: withoutPlaceholders(readFileSync(path, 'utf8')),
      })),
      facts: [],
      options: { ...defaultOptions, defaultPort: 80 },
    }));
}

interface Group {
  readonly name: string;
  readonly paths: readonly string[];
}

/** The two sides of a pair say the same, so that they are two clusters. */
function groupsOf(name: string, paths: readonly string[]): readonly Group[] {
  if (!name.startsWith('pairs')) return [{ name, paths }];
  return paths.map(path => ({ name: `${name}/${path.slice(path.lastIndexOf('/') + 1)}`, paths: [path] }));
}
