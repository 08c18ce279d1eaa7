import { dirname, resolve } from 'node:path';
import type { Conversion } from '../../conversion.ts';
import type { GatewayMapping } from '../../options.ts';
import { plainPalette } from '../../print/palette.ts';
import { visible } from '../../print/visible.ts';
import { readResources } from '../../read-resources.ts';
import { htmlReport } from '../../reporters/html.ts';
import { printJsonReport } from '../../reporters/json.ts';
import { markdownReport } from '../../reporters/markdown.ts';
import { sarifOfConversion } from '../../reporters/sarif.ts';
import { textReport } from '../../reporters/text.ts';
import { parseDiff } from '../../suggest/diff.ts';
import { type ExitCode, exitCodeOf } from '../exit-code.ts';
import { diffSince, headCommit } from '../files/git.ts';
import { removeLeftovers } from '../files/temporary-files.ts';
import { replaceFile } from '../files/write.ts';
import { colorFlag, toOptions } from '../flags/flags.ts';
import { settings } from '../flags/settings.ts';
import { withTrustedSettings } from '../forge/pull-inputs.ts';
import { pageAssets } from '../page-assets.ts';
import { explainError, type Problem } from '../problem.ts';
import { programVersion } from '../version.ts';
import { columnsOf } from '../width.ts';
import { paletteFor, type World } from '../world.ts';
import { type Converted, convertPaths, tell } from './converting.ts';
import type { ReportFlags } from './report.ts';
import { nothingFound } from './run-convert.ts';

/** Reads, converts and tells. */
export async function runReport(
  paths: readonly string[],
  given: ReportFlags,
  world: World,
): Promise<ExitCode> {
  const date = given.format === 'html' ? dateOf(given, world) : undefined;
  const examples = given.format === 'html' ? REQUESTS_SHOWN : 0;
  const trusted =
    given.base === undefined
      ? world
      : withTrustedSettings(world, parseDiff(diffSince(given.base, world)), given);
  const converted = await convertPaths(paths, given, trusted, undefined, examples);
  if (converted === undefined) return 2;
  const { conversion, inputs, unread, flags } = converted;
  const report = render(converted, world, date);
  const failed = flags.output === undefined ? [] : writeReport(report, flags.output, world);
  if (flags.output === undefined) world.stdout.write(report);
  if (flags.quiet !== true) {
    for (const line of nothingFound(conversion, inputs)) world.stderr.write(`${line}\n`);
    if (flags.output !== undefined && failed.length === 0)
      world.stderr.write(`The report is in ${visible(flags.output)}.\n`);
  }
  tell(failed, world, flags);
  if (unread.length + failed.length > 0 || exitCodeOf(conversion) === 2) return 2;
  return failsOn(conversion, flags) ? 1 : 0;
}

function render(converted: Converted<ReportFlags>, world: World, date: string | undefined): string {
  const { conversion, flags, textOf, unread } = converted;
  const { format = 'text', output, quiet = false } = flags;
  switch (format) {
    case 'text': {
      const palette =
        output === undefined ? paletteFor(world.stdout, colorFlag(flags), world.env) : plainPalette;
      const verbose = flags.verbose === true;
      const width = output === undefined ? columnsOf(world.stdout, world.env) : undefined;
      return textReport(conversion, textOf, { palette, quiet, verbose, ...(width && { width }) });
    }
    case 'json':
      return printJsonReport(
        conversion,
        unread.map(({ path, message }) => ({ path, message })),
      );
    case 'markdown':
      return markdownReport(conversion);
    case 'html':
      return htmlPage(converted, world, date);
    case 'sarif':
      return sarifOfConversion(conversion, { version: programVersion() });
  }
}

/** How many of the requests that prove a VirtualService a page shows. */
const REQUESTS_SHOWN = 24;

function htmlPage(
  { conversion, flags, inputs, reference }: Converted<ReportFlags>,
  world: World,
  date: string | undefined,
): string {
  const options = toOptions(flags);
  const texts = [...inputs.read.map(({ source }) => source), ...reference];
  return htmlReport(conversion, {
    assets: pageAssets(),
    options,
    read: readResources(texts, options.namespace, () => undefined),
    sourceUrl: flags.sourceUrl ?? sourceUrlFrom(world),
    run: {
      version: programVersion(),
      flags: flagsGiven(flags),
      commit: world.env['GITHUB_SHA'] || world.env['CI_COMMIT_SHA'] || headCommit(world),
      date,
    },
  });
}

/** @returns the choices of the conversion that were made, as one would type them */
function flagsGiven(flags: ReportFlags): readonly string[] {
  const given: Readonly<Record<string, unknown>> = { ...flags };
  // The number of threads is no choice of the conversion.
  return settings.flatMap(({ key, flags: written, type }) => {
    if (key === 'jobs') return [];
    const [name = ''] = written.split(' ');
    const value = given[key];
    if (value === undefined) return [];
    if (type === 'boolean') return value === !name.startsWith('--no-') ? [name] : [];
    const values = Array.isArray(value) ? value : [value];
    return values.map(one => `${name} ${typeof one === 'object' ? mappingText(one) : String(one)}`);
  });
}

function mappingText({ from, to }: GatewayMapping): string {
  const listener = to.sectionName === undefined ? '' : `#${to.sectionName}`;
  return `${from.namespace}/${from.name}=${to.namespace}/${to.name}${listener}`;
}

/**
 * The date that a report is to show: `--date`, or `SOURCE_DATE_EPOCH`. Without them there is none, so that the same input
 * gives the same bytes.
 *
 * @see https://reproducible-builds.org/specs/source-date-epoch/
 */
function dateOf({ date }: ReportFlags, { env }: World): string | undefined {
  if (date !== undefined) return date;
  const seconds = Number(env['SOURCE_DATE_EPOCH'] || Number.NaN);
  const then = new Date(seconds * 1000);
  return Number.isNaN(then.getTime())
    ? undefined
    : `${then.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** @returns where the CI run's commit can be looked at */
function sourceUrlFrom({ env }: World): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, CI_PROJECT_URL, CI_COMMIT_SHA } = env;
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_SHA)
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${GITHUB_SHA}/{path}#L{line}`;
  if (CI_PROJECT_URL && CI_COMMIT_SHA) return `${CI_PROJECT_URL}/-/blob/${CI_COMMIT_SHA}/{path}#L{line}`;
  return undefined;
}

function failsOn({ diagnostics, resources }: Conversion, { failOn = 'error' }: ReportFlags): boolean {
  switch (failOn) {
    case 'never':
      return false;
    case 'info':
      return diagnostics.length > 0;
    case 'differences':
      return resources.some(({ status }) => status === 'approximate' || status === 'held-back');
    case 'warning':
      return diagnostics.some(({ severity }) => severity !== 'info');
    case 'error':
      return (
        diagnostics.some(({ severity }) => severity === 'error') ||
        resources.some(({ status }) => status === 'held-back')
      );
  }
}

function writeReport(report: string, output: string, { cwd }: World): readonly Problem[] {
  try {
    removeLeftovers([dirname(resolve(cwd, output))]);
    replaceFile(resolve(cwd, output), report);
    return [];
  } catch (error) {
    const message = `the report cannot be written: ${explainError(error)}`;
    return [{ path: output, message, remedy: 'Name a file in a folder that exists and may be written to.' }];
  }
}
