import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A block of a page that shows a command and what it prints. */
export const shownCommand = /^```console\n\$ vs2route (.+)\n(?:.*\n)*?```$/gm;

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
    (_, command: string) => `\`\`\`console\n$ vs2route ${command}\n${run(command.split(' '))}\`\`\``,
  );
}
