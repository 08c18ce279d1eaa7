import { type Command, Option } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { addCommonFlags, addConversionFlags, type CommonFlags, type ConversionFlags } from './flags.ts';
import { collectPairs, parseChoice, parsePort } from './values.ts';
import type { World } from './world.ts';

/** The flags of `vs2route trace`, as commander hands them over. */
export interface TraceFlags extends CommonFlags, ConversionFlags {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly scheme?: 'http' | 'https';
  readonly format?: 'text' | 'json';
}

const exitCodeHelp = `
Exit codes:
  0  the request was followed
  2  bad usage, an input that cannot be read, an object that the API server refuses, or a host that nothing speaks of`;

/** Adds `vs2route trace`. */
export function addTrace(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('trace')
    .summary('follow one request through the rules')
    .description(
      'Tells which rule takes a request today and after the conversion, with file and line, and why each rule before it does not.',
    )
    .argument('[paths...]', 'files, folders, globs, or - for the standard input (default: this folder)')
    .optionsGroup('The request:')
    .requiredOption('--host <name>', 'the host that is asked for, without a port')
    .option('--path <path>', 'without the query', '/')
    .option('--method <method>', '', 'GET')
    .addOption(
      new Option("--header <'name: value'>", '(repeatable)').argParser(collectPairs(':', "'name: value'")),
    )
    .addOption(
      new Option('--query <name=value>', 'a query parameter (repeatable)').argParser(
        collectPairs('=', 'name=value'),
      ),
    )
    .addOption(new Option('--port <port>', '(default: the only one of the host)').argParser(parsePort))
    .addOption(
      new Option('--scheme <http|https>', '(default: https for port 443)').argParser(
        parseChoice(['http', 'https']),
      ),
    )
    .optionsGroup('What is printed:')
    .addOption(
      new Option('--format <text|json>', 'for people or programs (default: text)').argParser(
        parseChoice(['text', 'json']),
      ),
    );
  addConversionFlags(command, ['rename']);
  addCommonFlags(command)
    .addHelpText('after', exitCodeHelp)
    .action(async (paths: readonly string[], flags: TraceFlags) => {
      const { runTrace } = await import('./run-trace.ts');
      exit(await runTrace(paths.length === 0 ? ['.'] : paths, flags, world));
    });
}
