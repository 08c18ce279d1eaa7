import type { Random } from '../../random.ts';
import type { LaidHost, Layout, Manifest } from './layout.ts';

/** From where the entries of a VirtualService are written. */
export interface EntryContext {
  readonly layout: Layout;
  readonly namespace: string;
  /** Names of Gateways that a match can ask for. */
  readonly gateways: readonly string[];
}

/** One to three entries for HTTP, with a catch-all in most lists. */
export function randomHttpEntries(random: Random, context: EntryContext): readonly Manifest[] {
  const entries = Array.from({ length: random.pick([0, 1, 1, 2]) }, () => ({
    match: Array.from({ length: random.pick([1, 1, 1, 2]) }, () => randomMatch(random, context)),
    ...randomAction(random, context),
  }));
  return entries.length === 0 || random.chance(0.7) ? [...entries, randomAction(random, context)] : entries;
}

/** What leads to another VirtualService. */
export function delegation(random: Random, name: string, namespace: string): Manifest {
  return {
    match: [{ uri: { prefix: random.pick(['/d', '/a', '/']) } }],
    delegate: { name, namespace },
  };
}

function randomMatch(random: Random, { gateways, layout }: EntryContext): Manifest {
  const uri = random.pick<Manifest>([
    { uri: { prefix: '/a' } },
    { uri: { prefix: '/a/b' } },
    { uri: { prefix: '/b' } },
    { uri: { exact: '/a' } },
    { uri: { prefix: '/' } },
    {},
  ]);
  const headers = random.chance(0.25)
    ? { headers: { 'x-user': { exact: random.pick(['ann', 'bob']) } } }
    : {};
  const scope = {
    ...(random.chance(0.04) ? { sourceNamespace: random.pick(layout.namespaces).name } : {}),
    ...(random.chance(0.008) ? { sourceLabels: { app: 'client' } } : {}),
    ...(random.chance(0.04) ? { port: 8080 } : {}),
    ...(gateways.length > 0 && random.chance(0.1) ? { gateways: [random.pick(gateways)] } : {}),
  };
  const match = { ...uri, ...headers, ...scope };
  return Object.keys(match).length === 0 ? { uri: { prefix: '/a' } } : match;
}

function randomAction(random: Random, context: EntryContext): Manifest {
  // A route cannot answer by itself: one such entry holds its group back, and shows nothing else.
  const kind = random.chance(0.012)
    ? 'answer'
    : random.pick(['route', 'route', 'route', 'route', 'route', 'split', 'redirect'] as const);
  if (kind === 'redirect')
    return { redirect: { uri: '/moved', ...(random.chance(0.5) ? { authority: 'new.example' } : {}) } };
  if (kind === 'answer') return { directResponse: { status: random.pick([403, 418]) } };
  const one = randomDestination(random, context, 'http');
  const route =
    kind === 'route'
      ? [{ destination: one }]
      : [
          { destination: one, weight: 80 },
          { destination: randomDestination(random, context, 'http'), weight: 20 },
        ];
  return {
    route,
    ...(random.chance(0.15) ? { timeout: random.pick(['1s', '3s']) } : {}),
    ...(random.chance(0.1) ? { rewrite: { uri: random.pick(['/', '/b']) } } : {}),
    ...(random.chance(0.08) ? { headers: { request: { set: { 'x-from': context.namespace } } } } : {}),
    ...(random.chance(0.06) ? { mirror: randomDestination(random, context, 'http') } : {}),
    ...(random.chance(0.02) ? { retries: { attempts: 1, retryOn: '5xx' } } : {}),
    ...(random.chance(0.05) ? { corsPolicy: { allowOrigins: [{ exact: 'https://a.example' }] } } : {}),
  };
}

/** Entries for connections: by the name of the handshake where there is one. */
export function randomConnectionEntries(
  random: Random,
  context: EntryContext,
  hosts: readonly string[],
  carries: 'tls' | 'tcp',
  port: number,
): readonly Manifest[] {
  const scope = random.chance(0.6) ? { port } : {};
  const route = [{ destination: randomDestination(random, context, carries) }];
  if (carries === 'tls') return [{ match: [{ sniHosts: [random.pick(hosts)], ...scope }], route }];
  return [Object.keys(scope).length === 0 ? { route } : { match: [scope], route }];
}

function randomDestination(
  random: Random,
  { layout, namespace }: EntryContext,
  carries: 'http' | 'tls' | 'tcp',
): Manifest {
  const fits = (host: LaidHost) =>
    host.ports.some(port => port.carries === carries) && !host.host.startsWith('*');
  const fitting = layout.hosts.filter(fits);
  const target = random.pick(fitting.length === 0 ? layout.hosts : fitting);
  const short = target.namespace === namespace && target.name !== undefined && random.chance(0.6);
  const port = target.ports.find(each => each.carries === carries) ?? target.ports[0];
  return {
    host: short ? target.name : target.host,
    ...(target.subsets.length > 0 && random.chance(0.5) ? { subset: random.pick(target.subsets) } : {}),
    ...(port !== undefined && (target.ports.length > 1 || port.port !== 8080 || random.chance(0.6))
      ? { port: { number: port.port } }
      : {}),
  };
}
