import { textReport } from '../../reporters/text.ts';
import { traceText } from '../../reporters/trace-text.ts';
import { printTrace } from '../../reporters/verify-json.ts';
import type { Address, Request } from '../../semantics/request.ts';
import type { Trace } from '../../verify/trace.ts';
import { clusterOf } from '../cluster/flags.ts';
import { asInputs } from '../cluster/read.ts';
import type { ExitCode } from '../exit-code.ts';
import { readInputs } from '../files/read.ts';
import { withConfig } from '../flags/config.ts';
import { colorFlag, toOptions } from '../flags/flags.ts';
import { type Problem, Refusal } from '../problem.ts';
import { createProgress } from '../progress.ts';
import { paletteFor, type World } from '../world.ts';
import { tell } from './converting.ts';
import type { RequestFlags, TraceFlags } from './trace.ts';

/**
 * Follows one request.
 *
 * @throws Refusal when nothing of the input speaks of its host
 */
export async function runTrace(
  paths: readonly string[],
  given: RequestFlags,
  world: World,
): Promise<ExitCode> {
  const flags = withConfig(given, world);
  const progress = await createProgress(world, flags);
  const inputs = await readInputs(
    paths,
    world,
    { ignoreFiles: flags.ignore, exclude: flags.exclude },
    progress,
  );
  const shown = await readInputs(flags.with ?? [], world, {}, progress);
  const cluster = flags.withCluster === true ? asInputs(await clusterOf(flags, world)).read : [];
  const facts = { ...shown, read: [...shown.read, ...cluster] };
  const unread = [...inputs.problems, ...facts.problems];
  progress.stop();
  tell(unread, world, flags);
  if (inputs.read.length + inputs.passed.length === 0) return 2;
  const { trace } = await import('../../verify/trace.ts');
  const [files, others] = [inputs, facts].map(({ read }) => read.map(({ source }) => source));
  const follow = (request: Request): Trace => trace(files ?? [], request, others ?? [], toOptions(flags));
  const traced = followAnywhere(follow, requestOf(flags), flags);
  if (flags.format === 'json') {
    const missing = unread.map(({ path, message }) => ({ path, message }));
    world.stdout.write(printTrace(traced, missing));
  } else world.stdout.write(traceText(traced, paletteFor(world.stdout, colorFlag(flags), world.env)));
  const { refused } = traced;
  const texts = new Map([...(files ?? []), ...(others ?? [])].map(({ path, text }) => [path, text]));
  const told = { resources: [], diagnostics: refused };
  const palette = paletteFor(world.stderr, colorFlag(flags), world.env);
  world.stderr.write(textReport(told, path => texts.get(path), { palette, quiet: true }));
  return unread.length + refused.length > 0 ? 2 : 0;
}

function requestOf({ host, path, method, header = {}, query = {}, port, scheme }: RequestFlags): Request {
  const usual = scheme === 'https' ? 443 : 80;
  return {
    scheme: scheme ?? (port === 443 ? 'https' : 'http'),
    host: host.toLowerCase(),
    port: port ?? usual,
    method: method.toUpperCase(),
    path: path.startsWith('/') ? path : `/${path}`,
    headers: Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), value])),
    queryParams: query,
  };
}

/** A host that has one port only need not be asked for by it. */
function followAnywhere(follow: (request: Request) => Trace, request: Request, flags: TraceFlags): Trace {
  const traced = follow(request);
  if (traced.views.length > 0) return traced;
  const candidates = traced.addresses.filter(
    ({ port, scheme }) => port === (flags.port ?? port) && scheme === (flags.scheme ?? scheme),
  );
  const ports = new Map(candidates.map(address => [`${address.scheme}:${address.port}`, address]));
  const [only] = ports.values();
  if (ports.size === 1 && only !== undefined)
    return follow({ ...request, port: only.port, scheme: only.scheme });
  throw new Refusal(nowhere(request, traced.addresses));
}

function nowhere({ host, port, scheme }: Request, addresses: readonly Address[]): Problem {
  const path = `${scheme}://${host}:${port}`;
  if (addresses.length === 0)
    return {
      path,
      message: 'no VirtualService or route in the input has this host',
      remedy: 'Use a host of a VirtualService, or a Service by one of its names.',
    };
  const served = [...new Set(addresses.map(one => `${one.scheme}://${one.host}:${one.port}`))];
  return {
    path,
    message: 'the host is served at other ports',
    remedy: `Set --port and --scheme: it is served at ${served.join(', ')}.`,
  };
}
