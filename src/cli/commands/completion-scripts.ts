import type { CompletedCommand, CompletedFlag } from './completion.ts';

/** @returns a script that makes a shell complete commands, flags and their words, and files everywhere else */
export function completionScript(
  shell: 'bash' | 'zsh' | 'fish' | 'powershell',
  commands: readonly CompletedCommand[],
): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
    case 'powershell':
      return powershell(commands);
  }
}

function bash(commands: readonly CompletedCommand[]): string {
  const flags = commands.map(
    ({ name, flags: own, words }) =>
      `    ${name}) words='${[...own.map(flag => flag.name), ...words].join(' ')}' ;;`,
  );
  const choices = allChoices(commands).map(
    ({ name, choices: own }) =>
      `    ${name}) COMPREPLY=($(compgen -W '${own.join(' ')}' -- "$word")); return ;;`,
  );
  return `# bash completion for vs2route and kubectl-vs2route
_vs2route() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  COMPREPLY=()
  case "$before" in
${choices.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${flags.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  local IFS=$'\\n'
  COMPREPLY+=($(compgen -f -- "$word"))
}
complete -o filenames -F _vs2route vs2route kubectl-vs2route
`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.map(({ name, flags, words }) => {
    const specs = flags.map(
      flag => `        ${quoted(`*${flag.name}[${escapeBrackets(flag.description)}]${zshValue(flag)}`)}`,
    );
    const rest = words.length > 0 ? `*:word:(${words.join(' ')})` : '*:file:_files';
    return `      ${name})\n        _arguments \\\n${specs.join(' \\\n')} \\\n        ${quoted(rest)}\n        ;;`;
  });
  return `#compdef vs2route kubectl-vs2route
_vs2route() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
  else
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
${cases.join('\n')}
    esac
  fi
}
compdef _vs2route vs2route kubectl-vs2route
`;
}

function zshValue({ takesValue, choices }: CompletedFlag): string {
  if (!takesValue) return '';
  return choices.length > 0 ? `:value:(${choices.join(' ')})` : ':value:_files';
}

function escapeBrackets(text: string): string {
  return text.replaceAll(/[[\]:]/g, '\\$&');
}

function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, summary, flags, words }) => {
    const within = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c vs2route -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...flags.map(flag => {
        const value = flag.takesValue
          ? ` -r${flag.choices.length > 0 ? ` -f -a ${quoted(flag.choices.join(' '))}` : ''}`
          : '';
        return `complete -c vs2route ${within} -l ${flag.name.slice(2)}${value} -d ${quoted(flag.description)}`;
      }),
      ...(words.length > 0 ? [`complete -c vs2route ${within} -f -a ${quoted(words.join(' '))}`] : []),
    ];
  });
  return `# fish completion for vs2route\n${lines.join('\n')}\n`;
}

/** The words of each flag, whatever command it is of. */
function allChoices(
  commands: readonly CompletedCommand[],
): readonly Pick<CompletedFlag, 'name' | 'choices'>[] {
  const byName = new Map<string, Set<string>>();
  for (const { name, choices } of commands.flatMap(command => command.flags)) {
    if (choices.length === 0) continue;
    byName.set(name, new Set([...(byName.get(name) ?? []), ...choices]));
  }
  return [...byName].map(([name, choices]) => ({ name, choices: [...choices] }));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/register-argumentcompleter */
function powershell(commands: readonly CompletedCommand[]): string {
  const list = (words: readonly string[]): string => `@(${words.map(inQuotes).join(', ')})`;
  const own = commands.map(
    ({ name, flags, words }) =>
      `    ${inQuotes(name)} = ${list([...flags.map(flag => flag.name), ...words])}`,
  );
  const choices = allChoices(commands).map(
    ({ name, choices: values }) => `    ${inQuotes(name)} = ${list(values)}`,
  );
  return `# PowerShell completion for vs2route and kubectl-vs2route
Register-ArgumentCompleter -Native -CommandName vs2route, kubectl-vs2route -ScriptBlock {
  param($word, $line, $position)
  $commands = @{
${own.join('\n')}
  }
  $choices = @{
${choices.join('\n')}
  }
  $elements = @($line.CommandElements | ForEach-Object { $_.ToString() })
  $before = if ($word) { $elements[-2] } else { $elements[-1] }
  $found = if ($choices.ContainsKey($before)) { $choices[$before] }
    elseif ($elements.Count -lt 2 -or ($elements.Count -eq 2 -and $word)) { @($commands.Keys | Sort-Object) + '--help', '--version' }
    else { $commands[$elements[1]] }
  $found | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function inQuotes(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}
