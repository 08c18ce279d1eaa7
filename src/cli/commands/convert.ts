import { type Command, Option } from 'commander';
import { addClusterFlags, type ClusterFlags, forReference } from '../cluster/flags.ts';
import { type ExitCode, exitCodeHelp } from '../exit-code.ts';
import {
  addCommonFlags,
  addConversionFlags,
  type CommonFlags,
  type ConversionFlags,
} from '../flags/flags.ts';
import type { World } from '../world.ts';

/** The flags of `vs2route convert`, as commander hands them over. */
export interface ConvertFlags extends CommonFlags, ConversionFlags, ClusterFlags {
  readonly quiet?: boolean;
  readonly write?: boolean;
  readonly output?: string;
  readonly report?: string;
  readonly watch?: boolean;
  readonly baseline?: string;
}

/** Adds `vs2route convert`. */
export function addConvert(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('convert')
    .summary('convert VirtualServices to routes')
    .description('Prints the routes and the other new objects. No file changes without --write or --output.')
    .argument('[paths...]', 'files, folders, globs, or - for the standard input (default: this folder)')
    .optionsGroup('Output:')
    .addOption(new Option('--write', 'edit the files in place').conflicts('output'))
    .option('-o, --output <folder>', 'write all files to this folder, edited')
    .option('--report <file>', 'write a JSON report too')
    .option('--baseline <file>', 'exit 0 when only refusals of this file are left')
    .addOption(
      new Option('--watch', 'convert again when a file changes, and print what is new').conflicts([
        'write',
        'output',
        'report',
      ]),
    );
  addClusterFlags(command, '--with-cluster', 'read the cluster for reference, as --with reads files');
  addConversionFlags(command);
  addCommonFlags(command)
    .addHelpText('after', exitCodeHelp)
    .action(async (paths: readonly string[], flags: ConvertFlags) => {
      const given = paths.length === 0 ? ['.'] : paths;
      if (flags.watch === true) {
        const { runWatch } = await import('./run-watch.ts');
        exit(await runWatch(given, forReference(flags), world));
      } else {
        const { runConvert } = await import('./run-convert.ts');
        exit(await runConvert(given, forReference(flags), world));
      }
    });
}
