import { type Command, Option } from 'commander';
import { addClusterFlags, type ClusterFlags, forReference } from '../cluster/flags.ts';
import type { ExitCode } from '../exit-code.ts';
import {
  addCommonFlags,
  addConversionFlags,
  type CommonFlags,
  type ConversionFlags,
} from '../flags/flags.ts';
import { collectPairs, parseChoice, parsePort } from '../flags/values.ts';
import { Refusal } from '../problem.ts';
import type { World } from '../world.ts';

/** The flags of `vs2route trace`, as commander hands them over. */
export interface TraceFlags extends CommonFlags, ConversionFlags, ClusterFlags {
  /** Absent where the paths hold a URL. */
  readonly host?: string;
  readonly path?: string;
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
  2  bad usage, an unknown host, an input that cannot be read, or an object that
     the API server refuses`;

/** Adds `vs2route trace`. */
export function addTrace(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('trace')
    .summary('follow one request through the rules')
    .description(
      'Prints the rule that a request matches today and after the conversion, and why earlier rules do not match.',
    )
    .argument(
      '[url or paths...]',
      'a URL to follow, then files, folders, globs, or - for the standard input (default: this folder)',
    )
    .optionsGroup('The request:')
    .option('--host <name>', 'host of the request, without a port')
    .option('--path <path>', 'path without the query (default: /)')
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
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <text|json>', '(default: text)').argParser(parseChoice(['text', 'json'])),
    );
  addClusterFlags(command, '--with-cluster', 'read the cluster for reference, as --with reads files');
  addConversionFlags(command, ['rename', 'jobs']);
  addCommonFlags(command)
    .addHelpText('after', exitCodeHelp)
    .action(async (paths: readonly string[], flags: TraceFlags) => {
      const { runTrace } = await import('./run-trace.ts');
      const { rest, flags: complete } = withUrl(paths, flags);
      exit(await runTrace(rest.length === 0 ? ['.'] : rest, forReference(complete), world));
    });
}

/** Flags with a host, a path and a method. */
export type RequestFlags = TraceFlags & { readonly host: string; readonly path: string };

/**
 * Takes a URL out of the paths: `trace https://shop.example.com/cart?v=2 manifests/`.
 *
 * @throws Refusal where neither a URL nor --host names a host, or both do
 */
function withUrl(
  paths: readonly string[],
  flags: TraceFlags,
): { readonly rest: readonly string[]; readonly flags: RequestFlags } {
  const urls = paths.filter(path => /^https?:\/\//i.test(path));
  const rest = paths.filter(path => !urls.includes(path));
  const [text, other] = urls;
  if (other !== undefined)
    throw new Refusal({ path: other, message: 'trace follows one URL', remedy: 'Pass one URL.' });
  if (text === undefined) {
    if (flags.host === undefined)
      throw new Refusal({
        path: 'trace',
        message: 'the request has no host',
        remedy: 'Pass a URL such as http://reviews:9080/reviews/7, or --host NAME.',
      });
    return { rest, flags: { ...flags, host: flags.host, path: flags.path ?? '/' } };
  }
  const clash = (['host', 'path', 'port', 'scheme'] as const).find(name => flags[name] !== undefined);
  if (clash !== undefined || !URL.canParse(text))
    throw new Refusal({
      path: text,
      message: clash === undefined ? 'this is not a valid URL' : `the URL and --${clash} say the same thing`,
      remedy: clash === undefined ? 'Write it like http://HOST:PORT/PATH.' : `Remove --${clash}.`,
    });
  const url = new URL(text);
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  return {
    rest,
    flags: {
      ...flags,
      host: url.hostname,
      path: url.pathname,
      scheme,
      // A URL without a port leaves it open, as --host does: a Service may have another one.
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      query: { ...Object.fromEntries(url.searchParams), ...flags.query },
    },
  };
}
