import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { addCommonFlags } from './flags.ts';
import type { World } from './world.ts';

const help = `
The settings of vs2route.config.yaml are taken from the functionConfig: from its spec, or from its data if it is a
ConfigMap. What there is to say is in the results; the exit code is 0 also when something is held back, unless
\`failOn: error\` (or warning, info) says otherwise.

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
  1  something of the level of failOn, or worse; the result was written
  2  the input is no ResourceList, or the settings are wrong`;

/** Adds `vs2route fn`. */
export function addFn(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('fn')
    .summary('be a KRM function, as for kustomize and kpt')
    .description('Reads a ResourceList from the standard input and writes the converted one.');
  addCommonFlags(command)
    .addHelpText('after', help)
    .action(async () => {
      const { runFn } = await import('./run-fn.ts');
      exit(await runFn(world));
    });
}
