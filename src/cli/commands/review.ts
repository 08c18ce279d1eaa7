import { type Command, Option } from 'commander';
import { type ReviewFailOn, reviewFailLevels } from '../../review/review.ts';
import type { ExitCode } from '../exit-code.ts';
import {
  addCommonFlags,
  addComparisonFlags,
  type CommonFlags,
  type ConversionFlags,
} from '../flags/flags.ts';
import { addPostFlags } from '../flags/post-flags.ts';
import { collectValues, parseChoice } from '../flags/values.ts';
import type { ForgeFlags } from '../forge/environment.ts';
import type { Clock } from '../forge/http.ts';
import type { World } from '../world.ts';

export type ReviewFormat = 'markdown' | 'github' | 'gitlab' | 'json' | 'sarif' | 'annotations';

const formats: readonly ReviewFormat[] = ['markdown', 'github', 'gitlab', 'json', 'sarif', 'annotations'];

/** The flags of `vs2route review`, as commander hands them over. */
export interface ReviewFlags extends CommonFlags, ConversionFlags, ForgeFlags {
  readonly base?: string;
  /** Whether configuration and ignore files count as the pull request has them. */
  readonly trustHead?: boolean;
  readonly root?: readonly string[];
  readonly format?: ReviewFormat;
  readonly failOn?: ReviewFailOn;
  readonly dryRun?: boolean;
  readonly tag?: string;
}

const exitCodes = `
--fail-on takes in what stands before it:
  lost     requests that no longer get to anybody (the default)
  changed  and requests that are treated otherwise, or get another address
  never    nothing

Exit codes:
  0  nothing that --fail-on is about
  1  something that --fail-on is about
  2  bad usage, no merge base, or an input, overlay or chart that cannot be read`;

/** Adds `vs2route review`. */
export function addReview(
  program: Command,
  world: World,
  exit: (code: ExitCode) => void,
  clock?: Clock,
): void {
  const command = program
    .command('review')
    .summary('tell what a pull request changes for requests')
    .description(
      'Sends the same requests through the manifests before and after a pull request. Tells which of them end differently, and which line causes it. Compares VirtualServices, DestinationRules, Services, Gateways and routes. Overlays are built by kustomize or kubectl if these are installed.',
    )
    .argument('[paths...]', 'files, folders or globs (default: this folder)')
    .optionsGroup('Comparison:')
    .addOption(new Option('--base <rev>', 'the branch it goes to, as in origin/main: the merge base counts'))
    .addOption(
      new Option(
        '--root <glob>',
        'a folder with a kustomization that is applied (repeatable; default: those that nothing else uses)',
      ).argParser(collectValues),
    )
    .option('--trust-head', 'take configuration and ignore files from the pull request, not from its target')
    .optionsGroup('Output:')
    .addOption(
      new Option(`--format <${formats.join('|')}>`, 'what is printed (default: markdown)').argParser(
        parseChoice(formats),
      ),
    );
  addPostFlags(command).addOption(
    new Option(`--fail-on <${reviewFailLevels.join('|')}>`, 'see below (default: lost)').argParser(
      parseChoice(reviewFailLevels),
    ),
  );
  addComparisonFlags(command);
  addCommonFlags(command)
    .addHelpText('after', exitCodes)
    .action(async (paths: readonly string[], flags: ReviewFlags) => {
      const { runReview } = await import('./run-review.ts');
      const { realClock } = await import('../forge/http.ts');
      exit(await runReview(paths.length === 0 ? ['.'] : paths, flags, world, clock ?? realClock));
    });
}
