import type { Command } from 'commander';
import type { ExitCode } from '../exit-code.ts';
import { addCommonFlags } from '../flags/flags.ts';
import type { World } from '../world.ts';

const help = `
The functionConfig holds the settings of vs2route.config.yaml: in its spec, or
in its data for a ConfigMap. Diagnostics go to the results. The exit code is 0
even when something is not converted, unless \`failOn\` is error, warning or info.

  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: vs2route
    annotations:
      config.kubernetes.io/function: |
        exec: {path: vs2route-fn}
  data:
    defaultPort: "8080"
    prefix: string

Exit codes:
  0  the result was written
  1  a finding of the level of failOn, or above; the result was written
  2  the input is not a ResourceList, or the settings are wrong`;

/** Adds `vs2route fn`. */
export function addFn(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('fn')
    .summary('run as a KRM function of kustomize or kpt')
    .description('Reads a ResourceList from the standard input and writes the converted one.');
  addCommonFlags(command)
    .addHelpText('after', help)
    .action(async () => {
      const { runFn } = await import('./run-fn.ts');
      exit(await runFn(world));
    });
}
