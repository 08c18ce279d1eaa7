import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SourceFile } from '../../yaml/source.ts';
import type { Problem } from '../problem.ts';
import type { World } from '../world.ts';
import { isInside } from './paths.ts';
import type { ReadFile } from './read.ts';

/** Charts, rendered, and the files that belong to none. */
export interface RenderedCharts {
  readonly files: readonly ReadFile[];
  readonly rendered: readonly SourceFile[];
  /** The folders of the charts that were rendered, absolute. */
  readonly folders: readonly string[];
  readonly failures: readonly Problem[];
  /** Charts that nothing renders: there is no helm. */
  readonly unread: readonly string[];
}

const PATIENCE = 60_000;
const MAX_OUTPUT = 2 ** 28;

/**
 * Renders the charts among some files with the values that they bring, where helm is on the path; else their templates are left
 * out and their folders are named.
 */
export function renderCharts(
  files: readonly ReadFile[],
  world: World,
  shown: (path: string) => string,
): RenderedCharts {
  const folders = chartFolders(files);
  if (folders.length === 0) return { files, rendered: [], folders: [], failures: [], unread: [] };
  const hasHelm = run(world, ['version', '--short']).status === 0;
  if (!hasHelm) return { files, rendered: [], folders: [], failures: [], unread: folders.map(shown) };
  const rest = files.filter(({ absolute }) => !folders.some(folder => isInside(absolute, folder)));
  const rendered: SourceFile[] = [];
  const failures: Problem[] = [];
  for (const folder of folders) {
    const { status, stdout, stderr } = run(world, ['template', basename(folder), folder]);
    const path = shown(folder);
    if (status === 0) rendered.push({ path, text: stdout });
    else
      failures.push({
        path,
        message: `helm cannot render it: ${stderr.split('\n').find(line => line.trim() !== '') ?? 'it says nothing'}`,
        remedy: 'Mend the chart, or leave it out with --exclude. Nothing was compared in its place.',
      });
  }
  return { files: rest, rendered, folders, failures, unread: [] };
}

/** The folders of charts with templates, those inside other charts left out. */
function chartFolders(files: readonly ReadFile[]): readonly string[] {
  const folders = new Set<string>();
  for (const { absolute } of files) {
    for (let folder = dirname(absolute); folder !== dirname(folder); folder = dirname(folder)) {
      if (basename(folder) !== 'templates') continue;
      const chart = dirname(folder);
      if (existsSync(join(chart, 'Chart.yaml'))) folders.add(chart);
    }
  }
  const all = [...folders].toSorted();
  return all.filter(folder => !all.some(other => other !== folder && isInside(folder, other)));
}

function run(
  { cwd, env }: World,
  args: readonly string[],
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync('helm', [...args], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: PATIENCE,
    maxBuffer: MAX_OUTPUT,
  });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}
