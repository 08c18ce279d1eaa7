import { type Command, Option } from 'commander';
import { addClusterFlags, asksForCluster, type ClusterFlags, refusePaths } from '../cluster/flags.ts';
import type { ExitCode } from '../exit-code.ts';
import {
  addCommonFlags,
  addComparisonFlags,
  type CommonFlags,
  type ConversionFlags,
} from '../flags/flags.ts';
import { parseChoice } from '../flags/values.ts';
import type { World } from '../world.ts';

/** The flags of `vs2route verify`, as commander hands them over. */
export interface VerifyFlags extends CommonFlags, Omit<ConversionFlags, 'from'>, ClusterFlags {
  readonly quiet?: boolean;
  readonly format?: 'text' | 'json';
  readonly from?: 'sidecar' | 'ambient' | 'labels';
}

const exitCodeHelp = `
Exit codes:
  0  both send every request to the same place
  1  some request is treated differently
  2  bad usage, an input that cannot be read or parsed, or an object that the
     API server refuses`;

/** Adds `vs2route verify`. */
export function addVerify(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('verify')
    .summary('tell whether two sets of manifests do the same')
    .description(
      'Sends the same requests through two sets of manifests, whoever wrote them, and prints those that end differently: as curl commands, by cause, with the rules that decide.',
    )
    .argument(
      '<before>',
      'a file, a folder or a glob; with --cluster the manifests that the cluster is compared with',
    )
    .argument('[after]', 'the same, or - for the standard input')
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <text|json>', 'for people or programs (default: text)').argParser(
        parseChoice(['text', 'json']),
      ),
    );
  command
    .optionsGroup('The data plane of the VirtualServices today:')
    .addOption(
      new Option(
        '--from <sidecar|ambient|labels>',
        'what honours them; labels: what labels tell, else sidecar (default: sidecars and waypoints have to agree)',
      ).argParser(parseChoice(['sidecar', 'ambient', 'labels'])),
    );
  addClusterFlags(command, '--cluster', 'compare the cluster, as it is today, with manifests');
  addComparisonFlags(command, ['from'], ['gatewayApi', 'channel']);
  addCommonFlags(command)
    .addHelpText('after', exitCodeHelp)
    .action(async (first: string, second: string | undefined, flags: VerifyFlags) => {
      const { runVerify } = await import('./run-verify.ts');
      const isCluster = asksForCluster(flags);
      if (isCluster && second !== undefined) refusePaths([second]);
      if (!isCluster && second === undefined) command.error("error: missing required argument 'after'");
      exit(await runVerify(isCluster ? undefined : first, second ?? first, flags, world));
    });
}
