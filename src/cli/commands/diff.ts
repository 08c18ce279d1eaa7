import { type Command, Option } from 'commander';
import { addClusterFlags, type ClusterFlags, forReference } from '../cluster/flags.ts';
import type { ExitCode } from '../exit-code.ts';
import {
  addCommonFlags,
  addConversionFlags,
  type CommonFlags,
  type ConversionFlags,
} from '../flags/flags.ts';
import type { World } from '../world.ts';

/** The flags of `vs2route diff`, as commander hands them over. */
export interface DiffFlags extends CommonFlags, ConversionFlags, ClusterFlags {
  readonly quiet?: boolean;
  readonly stat?: boolean;
  readonly nameOnly?: boolean;
}

const exitCodeHelp = `
Exit codes:
  0  nothing would change
  1  something would change
  2  bad usage, or an input that cannot be read or parsed`;

/** Adds `vs2route diff`. */
export function addDiff(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('diff')
    .summary('show the changes of convert --write')
    .description(
      'Prints the changes of `convert --write` as a unified diff for `git apply`. No file changes.',
    )
    .argument('[paths...]', 'files, folders or globs (default: this folder)')
    .optionsGroup('Output:')
    .addOption(new Option('--stat', 'number of changed lines per file').conflicts('nameOnly'))
    .option('--name-only', 'names of the files only');
  addClusterFlags(command, '--with-cluster', 'read the cluster for reference, as --with reads files');
  addConversionFlags(command);
  addCommonFlags(command)
    .addHelpText('after', exitCodeHelp)
    .action(async (paths: readonly string[], flags: DiffFlags) => {
      const { runDiff } = await import('./run-diff.ts');
      exit(await runDiff(paths.length === 0 ? ['.'] : paths, forReference(flags), world));
    });
}
