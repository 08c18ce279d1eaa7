import { type Command, Option } from 'commander';
import { addClusterFlags, asksForCluster, type ClusterFlags, refusePaths } from '../cluster/flags.ts';
import type { ExitCode } from '../exit-code.ts';
import type { FailOn } from '../flags/fail-on.ts';
import {
  addCommonFlags,
  addConversionFlags,
  type CommonFlags,
  type ConversionFlags,
} from '../flags/flags.ts';
import { parseChoice, parseSourceUrl } from '../flags/values.ts';
import type { World } from '../world.ts';

export const reportFormats = ['text', 'json', 'markdown', 'html', 'sarif'] as const;

export type ReportFormat = (typeof reportFormats)[number];

/** `differences`: an object whose requests differ, by a prefix too, or that is not converted. */
export type ReportFailOn = FailOn | 'differences';

const reportFailLevels: readonly ReportFailOn[] = ['error', 'differences', 'warning', 'info', 'never'];

/** The flags of `vs2route report`, as commander hands them over. */
export interface ReportFlags extends CommonFlags, ConversionFlags, ClusterFlags {
  readonly quiet?: boolean;
  readonly format?: ReportFormat;
  readonly output?: string;
  readonly failOn?: ReportFailOn;
  readonly base?: string;
  /** Whether configuration and ignore files count as the pull request has them. */
  readonly trustHead?: boolean;
  readonly sourceUrl?: string;
  readonly date?: string;
}

const exitCodeHelp = `
Exit codes:
  0  no finding of the level of --fail-on, or above
  1  a finding of that level; with error: something is not converted
  2  bad usage, or an input that cannot be read or parsed`;

/** Adds `vs2route report`. */
export function addReport(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('report')
    .summary('list what converts and what does not, and why')
    .description('Lists what converts, what differs, what is not converted, and why. No file changes.')
    .argument('[paths...]', 'files, folders, globs, or - for the standard input (default: this folder)')
    .optionsGroup('The report:')
    .addOption(
      new Option(`--format <${reportFormats.join('|')}>`, '(default: text)').argParser(
        parseChoice(reportFormats),
      ),
    )
    .option('-o, --output <file>', 'write the report to a file')
    .addOption(
      new Option(
        `--fail-on <${reportFailLevels.join('|')}>`,
        'lowest level that exits with 1; differences counts prefixes too (default: error)',
      ).argParser(parseChoice(reportFailLevels)),
    )
    .addOption(
      new Option(
        '--base <ref>',
        'on a pull request: the branch it goes to, whose configuration and ignore files count',
      ),
    )
    .option('--trust-head', 'take configuration and ignore files from the pull request, not from its target')
    .addOption(
      new Option(
        '--source-url <url>',
        'links of the html report, with {path} and {line} (default: the commit of the CI job)',
      ).argParser(parseSourceUrl),
    )
    .option('--date <text>', 'the date that html shows (default: that of SOURCE_DATE_EPOCH, or none)');
  addClusterFlags(command, '--cluster', 'report on the cluster instead of files');
  addConversionFlags(command, ['rename']);
  addCommonFlags(command)
    .addHelpText('after', exitCodeHelp)
    .action(async (paths: readonly string[], flags: ReportFlags) => {
      const { runReport } = await import('./run-report.ts');
      const isCluster = asksForCluster(flags);
      if (isCluster) refusePaths(paths);
      const asked = isCluster ? { ...flags, cluster: true } : flags;
      exit(await runReport(paths.length === 0 ? ['.'] : paths, asked, world));
    });
}
