import { type Command, Option } from 'commander';
import { addClusterFlags, asksForCluster, type ClusterFlags, refusePaths } from './cluster/flags.ts';
import type { ExitCode } from './exit-code.ts';
import { type FailOn, failLevels } from './fail-on.ts';
import { addCommonFlags, addConversionFlags, type CommonFlags, type ConversionFlags } from './flags.ts';
import { parseChoice, parseSourceUrl } from './values.ts';
import type { World } from './world.ts';

export const reportFormats = ['text', 'json', 'markdown', 'html', 'sarif'] as const;

export type ReportFormat = (typeof reportFormats)[number];

/** The flags of `vs2route report`, as commander hands them over. */
export interface ReportFlags extends CommonFlags, ConversionFlags, ClusterFlags {
  readonly quiet?: boolean;
  readonly format?: ReportFormat;
  readonly output?: string;
  readonly failOn?: FailOn;
  readonly sourceUrl?: string;
  readonly date?: string;
}

const exitCodeHelp = `
Exit codes:
  0  nothing of the level of --fail-on, or worse
  1  something of that level: with --fail-on error, something is held back
  2  bad usage, or an input that cannot be read or parsed`;

/** Adds `vs2route report`. */
export function addReport(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('report')
    .summary('tell what converts and what does not, and why')
    .description('Tells what converts, what differs and what is held back, and why. Nothing is written.')
    .argument('[paths...]', 'files, folders, globs, or - for the standard input (default: this folder)')
    .optionsGroup('The report:')
    .addOption(
      new Option(`--format <${reportFormats.join('|')}>`, '(default: text)').argParser(
        parseChoice(reportFormats),
      ),
    )
    .option('--output <file>', 'write it there (default: the standard output)')
    .addOption(
      new Option(
        `--fail-on <${failLevels.join('|')}>`,
        'from what on to exit with 1 (default: error)',
      ).argParser(parseChoice(failLevels)),
    )
    .addOption(
      new Option(
        '--source-url <url>',
        'where html links to, with {path} and {line} (default: the commit that GitHub Actions or GitLab CI checks)',
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
