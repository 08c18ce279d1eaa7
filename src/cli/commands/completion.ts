import { Argument, type Command, type Option } from 'commander';
import type { ExitCode } from '../exit-code.ts';
import { addCommonFlags } from '../flags/flags.ts';
import type { World } from '../world.ts';

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

type Shell = (typeof shells)[number];

/** A command with its flags and words, as far as it can be completed. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  /** Words that an argument is one of. */
  readonly words: readonly string[];
}

export interface CompletedFlag {
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** Words that the value is one of; none for files and free text. */
  readonly choices: readonly string[];
}

/** Adds `vs2route completion`. */
export function addCompletion(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('completion')
    .summary('print a completion script for a shell')
    .description(
      'Prints a completion script. bash and zsh: source <(vs2route completion bash). fish: vs2route completion fish | source. PowerShell: vs2route completion powershell | Out-String | Invoke-Expression.',
    )
    .addArgument(new Argument('<shell>').choices(shells));
  addCommonFlags(command).action(async (shell: Shell) => {
    const { completionScript } = await import('./completion-scripts.ts');
    world.stdout.write(completionScript(shell, commandsOf(program)));
    exit(0);
  });
}

/** @returns the commands of a program, as it describes them itself */
export function commandsOf(program: Command): readonly CompletedCommand[] {
  return program.commands.map(command => ({
    name: command.name(),
    summary: command.summary() || command.description(),
    flags: [...command.options.map(toFlag), help],
    words: command.registeredArguments.flatMap(argument => argument.argChoices ?? []),
  }));
}

const help: CompletedFlag = {
  name: '--help',
  description: 'display help for command',
  takesValue: false,
  choices: [],
};

function toFlag({ long, description, flags, required, optional }: Option): CompletedFlag {
  // The choices stand in the flag itself: `--profile <istio|portable>`.
  const value = /<([^>]+)>/.exec(flags)?.[1] ?? '';
  const choices = value.includes('|') ? value.split('|') : [];
  return { name: long ?? flags, description, takesValue: required || optional, choices };
}
