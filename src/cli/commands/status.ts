import { type Command, Option } from 'commander';
import { addClusterFlags, type ClusterFlags } from '../cluster/flags.ts';
import type { ExitCode } from '../exit-code.ts';
import { addCommonFlags, type CommonFlags } from '../flags/flags.ts';
import { parseChoice } from '../flags/values.ts';
import type { World } from '../world.ts';

/** The flags of `vs2route status`, as commander hands them over. */
export interface StatusFlags extends CommonFlags, ClusterFlags {
  readonly format?: 'text' | 'json';
}

const exitCodeHelp = `
Exit codes:
  0  every step is done
  1  a step is not done
  2  bad usage, or a cluster or snapshot that cannot be read`;

/** Adds `vs2route status`. */
export function addStatus(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('status')
    .summary('tell how far a cluster is with the routes')
    .description(
      'Asks the cluster whether Services of routes have endpoints, Gateways are programmed and routes are accepted. Names each VirtualService that still has the host of a route. Says which step of the cut-over plan comes next.',
    )
    .argument('[snapshots...]', 'files that --save wrote (default: the running cluster)')
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <text|json>', 'for people or programs (default: text)').argParser(
        parseChoice(['text', 'json']),
      ),
    )
    .option('--quiet', 'errors only');
  addClusterFlags(command, '--cluster', 'ask the running cluster (the default without a snapshot)');
  addCommonFlags(command)
    .addHelpText('after', exitCodeHelp)
    .action(async (snapshots: readonly string[], flags: StatusFlags) => {
      const { runStatus } = await import('./run-status.ts');
      exit(await runStatus(snapshots, flags, world));
    });
}
