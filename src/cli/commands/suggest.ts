import { type Command, Option } from 'commander';
import { type Filter, filters } from '../../suggest/items.ts';
import type { ExitCode } from '../exit-code.ts';
import { type FailOn, failLevels } from '../flags/fail-on.ts';
import {
  addCommonFlags,
  addConversionFlags,
  type CommonFlags,
  type ConversionFlags,
} from '../flags/flags.ts';
import { addPostFlags, parsePositive } from '../flags/post-flags.ts';
import { parseChoice } from '../flags/values.ts';
import type { ForgeFlags } from '../forge/environment.ts';
import type { Clock } from '../forge/http.ts';
import type { DiffFlags } from '../forge/pull-diff.ts';
import type { World } from '../world.ts';

export type SuggestFormat =
  | 'markdown'
  | 'github'
  | 'gitlab'
  | 'code-quality'
  | 'rdjson'
  | 'rdjsonl'
  | 'sarif'
  | 'annotations';

const formats: readonly SuggestFormat[] = [
  'markdown',
  'github',
  'gitlab',
  'code-quality',
  'rdjson',
  'rdjsonl',
  'sarif',
  'annotations',
];

/** The flags of `vs2route suggest`, as commander hands them over. */
export interface SuggestFlags extends CommonFlags, ConversionFlags, DiffFlags, ForgeFlags {
  readonly format?: SuggestFormat;
  readonly filter?: Filter;
  readonly dryRun?: boolean;
  readonly tag?: string;
  readonly maxComments?: number;
  readonly failOn?: FailOn;
  readonly report?: string;
}

const exitCodes = `
Exit codes:
  0  no finding of the level of --fail-on, or above
  1  a finding of that level
  2  bad usage, or an input that cannot be read, or no such pull request

Without permission to comment, suggestions become annotations and a summary.
With --post, the environment of GitHub Actions or GitLab CI names the place:
  GitHub  GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_EVENT_PATH, GITHUB_API_URL,
          GITHUB_STEP_SUMMARY
  GitLab  GITLAB_TOKEN, CI_MERGE_REQUEST_PROJECT_ID, CI_MERGE_REQUEST_IID,
          CI_API_V4_URL`;

/** Adds `vs2route suggest`. */
export function addSuggest(
  program: Command,
  world: World,
  exit: (code: ExitCode) => void,
  clock?: Clock,
): void {
  const command = program
    .command('suggest')
    .summary('suggest routes on a pull request')
    .description(
      'Suggests the conversion of the VirtualServices that a pull request adds: at their lines, else on their files, else in a summary. Prints what it would say; with --post it says it, once.',
    )
    .argument('[paths...]', 'files, folders or globs (default: this folder)')
    .optionsGroup('Changes of the pull request:')
    .addOption(new Option('--base <ref>', 'the branch it goes to, as in origin/main; git is asked'))
    .addOption(new Option('--diff <file>', 'a unified diff; - is the standard input').conflicts('base'))
    .addOption(
      new Option(`--filter <${filters.join('|')}>`, 'which documents matter (default: new)').argParser(
        parseChoice(filters),
      ),
    )
    .option('--trust-head', 'take configuration and ignore files from the pull request, not from its target')
    .optionsGroup('Output:')
    .addOption(
      new Option(`--format <${formats.join('|')}>`, 'what is printed (default: markdown)').argParser(
        parseChoice(formats),
      ),
    );
  addPostFlags(command)
    .addOption(
      new Option('--max-comments <number>', 'at lines, in all (default: 30)').argParser(parsePositive),
    )
    .addOption(
      new Option(
        `--fail-on <${failLevels.join('|')}>`,
        'exit 1 from which level on (default: error)',
      ).argParser(parseChoice(failLevels)),
    )
    .option('--report <file>', 'write a report in JSON, too');
  addConversionFlags(command, [], true);
  addCommonFlags(command)
    .addHelpText('after', exitCodes)
    .action(async (paths: readonly string[], flags: SuggestFlags) => {
      const { runSuggest } = await import('./run-suggest.ts');
      const { realClock } = await import('../forge/http.ts');
      exit(await runSuggest(paths.length === 0 ? ['.'] : paths, flags, world, clock ?? realClock));
    });
}
