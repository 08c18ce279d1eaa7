import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseChoice } from './values.ts';

/** Adds the flags of commands that speak on a pull request. */
export function addPostFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--post [github|gitlab]', 'comment on the pull request')
        .argParser(parseChoice(['github', 'gitlab'] as const))
        .conflicts('format'),
    )
    .option('--dry-run', 'with --post: print the requests, and send none that writes')
    .addOption(new Option('--pull-request <number>', 'when the event does not say').argParser(parsePositive))
    .option('--tag <name>', 'keeps several runs on one pull request apart');
}

/** @throws InvalidArgumentError */
export function parsePositive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('This is to be a number from 1 on.');
  return Number(text);
}
