import { type Command, Option } from 'commander';
import { type CheckLevel, checkLevels } from '../../suggest/check.ts';
import { type Filter, filters } from '../../suggest/items.ts';
import type { ExitCode } from '../exit-code.ts';
import {
  addCommonFlags,
  addConversionFlags,
  type CommonFlags,
  type ConversionFlags,
} from '../flags/flags.ts';
import { parseChoice } from '../flags/values.ts';
import type { DiffFlags } from '../forge/pull-diff.ts';
import type { World } from '../world.ts';

export type CheckFormat = 'text' | 'json' | 'annotations' | 'sarif';

const formats: readonly CheckFormat[] = ['text', 'json', 'annotations', 'sarif'];

/** The flags of `vs2route check`, as commander hands them over. */
export interface CheckFlags extends CommonFlags, ConversionFlags, DiffFlags {
  readonly filter?: Filter;
  readonly failOn?: CheckLevel;
  readonly format?: CheckFormat;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly strictBaseline?: boolean;
  readonly report?: string;
}

const exitCodes = `
--fail-on takes in what stands before it:
  convertible  a VirtualService that could be a route (the default)
  error        and what holds VirtualServices back
  warning      and conversions that differ or depend on something
  info         and everything else there is to know
  never        nothing

Exit codes:
  0  nothing that counts
  1  something that counts and that the baseline does not allow
  2  bad usage, or an input that cannot be read`;

/** Adds `vs2route check`. */
export function addCheck(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('check')
    .summary('forbid new VirtualServices that could be routes')
    .description(
      'Fails when a VirtualService is added that could be a Gateway API route. A repository that migrates gets no new ones.',
    )
    .argument('[paths...]', 'files, folders or globs (default: this folder)')
    .optionsGroup('Findings that count:')
    .addOption(new Option('--base <ref>', 'only what changed since this branch, as in origin/main'))
    .addOption(
      new Option('--diff <file>', 'only what this unified diff changes; - is the standard input').conflicts(
        'base',
      ),
    )
    .addOption(
      new Option(`--filter <${filters.join('|')}>`, 'which documents of a diff (default: new)').argParser(
        parseChoice(filters),
      ),
    )
    .addOption(
      new Option(`--fail-on <${checkLevels.join('|')}>`, 'see below (default: convertible)').argParser(
        parseChoice(checkLevels),
      ),
    )
    .option('--trust-head', 'take configuration and ignore files from the pull request, not from its target')
    .optionsGroup('Baseline:')
    .option('--baseline <file>', 'allows what it counts, by file and code')
    .option('--update-baseline', 'write the baseline: what is there now is allowed')
    .option('--strict-baseline', 'fail when it allows more than is there')
    .optionsGroup('Output:')
    .addOption(
      new Option(`--format <${formats.join('|')}>`, 'what is printed (default: text)').argParser(
        parseChoice(formats),
      ),
    )
    .option('--report <file>', 'write a report in JSON, too');
  addConversionFlags(command, [], true);
  addCommonFlags(command)
    .addHelpText('after', exitCodes)
    .action(async (paths: readonly string[], flags: CheckFlags) => {
      const { runCheck } = await import('./run-check.ts');
      exit(await runCheck(paths.length === 0 ? ['.'] : paths, flags, world));
    });
}
