/** Invisible, and enough for the runner not to see a command. */
const guard = '\u200b';

/**
 * Text for the log of a job, where GitHub's runner takes lines that begin with `::` for commands, and `##[` wherever it
 * stands: what a manifest holds must not command it.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function logText(text: string): string {
  return text.replaceAll(/^(\s*)::/gm, `$1${guard}::`).replaceAll('##[', `##${guard}[`);
}
