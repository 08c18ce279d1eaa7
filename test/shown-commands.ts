import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A block of a page that shows a command and what it prints; its fence is longer where blocks stand in the output. */
export const shownCommand = /^(`{3,})console\n\$ vs2route (.+)\n(?:.*\n)*?\1$/gm;

/** What a terminal shows: the result, then what is for people. */
function run(args: readonly string[]): string {
  const { PATH = '' } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/vs2route.js'), ...args], {
    cwd: root,
    env: { PATH },
    encoding: 'utf8',
  });
  return stdout + stderr;
}

/** @returns a page in which every command that it shows prints what it prints today */
export function withOutputs(page: string): string {
  return page.replace(
    shownCommand,
    (_, fence: string, command: string) =>
      `${fence}console\n$ vs2route ${command}\n${run(command.split(' '))}${fence}`,
  );
}

/** Words of a command line in a shell block, quotes taken off. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}

/** @returns the arguments of every `vs2route` command in the `sh` blocks of a page, in their order */
export function shownShellCommands(page: string): readonly (readonly string[])[] {
  return [...page.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)].flatMap(([, , block = '']) =>
    block
      .split('\n')
      .map(line => line.trim())
      .filter(line => line.startsWith('vs2route '))
      .map(line => words(line.slice('vs2route '.length).replace(/\s+#.*$/, ''))),
  );
}
