import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { count, formatNumber } from '../../print/summary.ts';
import { visible } from '../../print/visible.ts';
import { findingAnnotations, findingLines, findingsJson } from '../../reporters/check.ts';
import { sarifOfConversion } from '../../reporters/sarif.ts';
import { asides, plainAside } from '../../suggest/asides.ts';
import {
  type Baseline,
  type Comparison,
  compareToBaseline,
  emptyBaseline,
  type Judge,
  parseBaseline,
  printBaseline,
  type StaleEntry,
} from '../../suggest/baseline.ts';
import { type Finding, findingsOf, isCounted } from '../../suggest/check.ts';
import { scopeOf } from '../../suggest/items.ts';
import { movedOutOfSight } from '../../suggest/moved.ts';
import { select } from '../../suggest/selection.ts';
import type { ExitCode } from '../exit-code.ts';
import { removeLeftovers } from '../files/temporary-files.ts';
import { isManifestPath } from '../files/walk.ts';
import { replaceFile } from '../files/write.ts';
import { colorFlag } from '../flags/flags.ts';
import { pullContext } from '../forge/pull-context.ts';
import { readDiff } from '../forge/pull-diff.ts';
import { type PullInputs, readPullInputs, rootOf } from '../forge/pull-inputs.ts';
import { writeReport } from '../forge/pull-report.ts';
import { appendSummary } from '../forge/step-summary.ts';
import { explainError, Refusal } from '../problem.ts';
import { programVersion } from '../version.ts';
import { paletteFor, type World } from '../world.ts';
import type { CheckFlags } from './check.ts';
import { convertCommand } from './command-line.ts';
import { tell as tellProblems } from './converting.ts';

/**
 * Reads, converts, and counts what is not to be.
 *
 * @throws Refusal when flags, paths or the baseline do not go together
 */
export async function runCheck(paths: readonly string[], flags: CheckFlags, world: World): Promise<ExitCode> {
  const { baseline: baselinePath, updateBaseline = false, failOn = 'convertible' } = flags;
  const tell = (line: string): void => {
    if (flags.quiet !== true) world.stderr.write(`${line}\n`);
  };
  if (baselinePath === undefined && (updateBaseline || flags.strictBaseline === true))
    throw new Refusal({
      path: updateBaseline ? '--update-baseline' : '--strict-baseline',
      message: 'needs to know which file it is',
      remedy: 'Name it with --baseline FILE.',
    });
  const baseline =
    baselinePath === undefined ? emptyBaseline : readBaseline(baselinePath, updateBaseline, world);
  const { root, fromRoot } = rootOf(world);
  const diff = await readDiff(flags, world);
  const inputs = await readPullInputs(paths, flags, world, diff);
  if (inputs === undefined) return 2;
  const moved = movedOutOfSight(diff ?? [], {
    isSeen: path => inputs.seen.has(path),
    wouldBeSeen: path => isManifestPath(path) && paths.some(given => isBelow(path, fromRoot(given))),
    textOf: path => textAt(resolve(root, path)),
  });
  // A VirtualService that is edited is no new one; what is wrong with it is new where it is written.
  const { filter = 'new' } = flags;
  const ofDiagnostics = scopeOf(diff, filter === 'new' ? 'added' : filter);
  const context = pullContext(inputs, diff, root);
  const selection = select(inputs.conversion, { diff, filter, ...context });
  const findings = [
    ...findingsOf(
      inputs.conversion,
      scopeOf(diff, filter, context.wasThere),
      failOn,
      ofDiagnostics,
      selection,
    ),
    ...(failOn === 'never' ? [] : moved),
  ];
  // A file that is there and was not looked into may have what it is allowed to have.
  const canJudge: Judge = (path, code) =>
    isCounted(code, failOn) && (inputs.seen.has(path) || !existsSync(resolve(root, path)));
  const failed = writeReport(inputs, flags, world);
  tellProblems(failed, world, flags);
  const problems = [...inputs.problems, ...failed];
  if (updateBaseline && baselinePath !== undefined) {
    writeBaseline(baselinePath, printBaseline(findings, baseline, canJudge), world);
    tell(`${visible(baselinePath)}: ${count(findings.length, 'finding')} allowed.`);
    return problems.length > 0 ? 2 : 0;
  }
  const comparison = compareToBaseline(findings, baseline, canJudge);
  world.stdout.write(rendered(comparison, inputs, moved, flags, world));
  for (const entry of comparison.stale) tell(staleLine(entry, baselinePath ?? ''));
  tell(closing(comparison, baselinePath));
  const lines = asides(selection, [...inputs.files.values()], convertCommand(paths, flags, fromRoot));
  for (const line of lines) tell(visible(`vs2route check: ${plainAside(line)}`));
  appendSummary(
    [
      `## vs2route check: ${closing(comparison, baselinePath).replace('vs2route check: ', '')}`,
      '',
      ...lines.map(line => `- ${line}`),
    ].join('\n'),
    world,
    tell,
  );
  if (problems.length > 0) return 2;
  const isStale = flags.strictBaseline === true && comparison.stale.length > 0;
  return comparison.fresh.length > 0 || isStale ? 1 : 0;
}

function rendered(
  { fresh, stale, known }: Comparison,
  { conversion }: PullInputs,
  moved: readonly Finding[],
  { format = 'text', ...flags }: CheckFlags,
  world: World,
): string {
  switch (format) {
    case 'text':
      return findingLines(fresh, paletteFor(world.stdout, colorFlag(flags), world.env));
    case 'json':
      return findingsJson(fresh, stale, known);
    case 'annotations':
      return findingAnnotations(fresh);
    case 'sarif': {
      const counted = new Set(fresh.map(({ code, path }) => JSON.stringify([code, path])));
      return sarifOfConversion(conversion, {
        version: programVersion(),
        moved,
        suppression: (code, path) =>
          counted.has(JSON.stringify([code, path]))
            ? undefined
            : 'It does not count here, or the baseline allows it.',
      });
    }
  }
}

function staleLine({ path, code, allowed, found }: StaleEntry, baseline: string): string {
  return visible(
    `warning: ${baseline} allows ${path} ${formatNumber(allowed)} of ${code}, and there ${found === 1 ? 'is' : 'are'} ${formatNumber(found)}. Run with --update-baseline.`,
  );
}

function closing({ fresh, known }: Comparison, baseline: string | undefined): string {
  const others =
    known === 0
      ? ''
      : `, ${formatNumber(known)} ${baseline === undefined ? 'elsewhere' : 'allowed or elsewhere'}`;
  return `vs2route check: ${fresh.length === 0 ? 'nothing' : count(fresh.length, 'finding')} that ${fresh.length > 1 ? 'count' : 'counts'}${others}.`;
}

/** Whether a path lies in what somebody named; of a glob, what stands before its first sign counts. */
function isBelow(path: string, given: string): boolean {
  const [start = ''] = /^[^*?[\]{}()!+@]*/.exec(given) ?? [];
  return given === '.' || path === given || path.startsWith(start === given ? `${given}/` : start);
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @returns the baseline in a file
 * @throws Refusal where it is not a baseline; one that is to be written need not be there, or be sound
 */
export function readBaseline(path: string, isUpdated: boolean, { cwd }: World): Baseline {
  try {
    return parseBaseline(readFileSync(resolve(cwd, path), 'utf8'));
  } catch (error) {
    if (isUpdated) return emptyBaseline;
    throw new Refusal({
      path,
      message: `is not a baseline: ${explainError(error)}`,
      remedy: 'Write one with --update-baseline.',
    });
  }
}

function writeBaseline(path: string, text: string, { cwd }: World): void {
  try {
    removeLeftovers([dirname(resolve(cwd, path))]);
    replaceFile(resolve(cwd, path), text);
  } catch (error) {
    const remedy = 'Name a file in a folder that exists and may be written to.';
    throw new Refusal({ path, message: `cannot be written: ${explainError(error)}`, remedy });
  }
}
