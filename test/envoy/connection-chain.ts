import type { FilterChain, Listener } from './proxy-answer.ts';
import type { ChosenCluster } from './verdict.ts';

/** What a listener can tell connections apart by. */
export interface Connection {
  /** Where the client means to connect to. */
  readonly address: string | undefined;
  /** The name in the TLS handshake; undefined for a connection without TLS. */
  readonly sni: string | undefined;
}

/** Where a connection goes; `nowhere` is for those that no route takes. */
export type ConnectionVerdict =
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'clusters'; readonly clusters: readonly ChosenCluster[] };

/** The clusters of connections that nobody routes: on to where they were meant to go, or closed. */
const unrouted: ReadonlySet<string> = new Set(['PassthroughCluster', 'BlackHoleCluster']);

/**
 * Finds the filter chain that takes a connection: the closest address, then the closest name, then what else it asks for.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/listener/v3/listener_components.proto#config-listener-v3-filterchainmatch
 */
export function connectionVerdict(
  listener: Pick<Listener, 'filterChains'> | undefined,
  connection: Connection,
  exists: (cluster: string) => boolean,
): ConnectionVerdict {
  const chain = (listener?.filterChains ?? [])
    .map(candidate => ({ candidate, score: scoreOf(candidate, connection) }))
    .flatMap(({ candidate, score }) => (score === undefined ? [] : [{ candidate, score }]))
    .toSorted((a, b) => compareScores(b.score, a.score))[0]?.candidate;
  const proxy = chain?.tcpProxy as TcpProxy | null | undefined;
  if (proxy === null || proxy === undefined) return { kind: 'nowhere' };
  const clusters = clustersOf(proxy).filter(({ weight }) => weight > 0);
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0);
  if (clusters.every(({ name }) => unrouted.has(name))) return { kind: 'nowhere' };
  return {
    kind: 'clusters',
    clusters: clusters.map(({ name, weight }) => ({
      cluster: name,
      exists: exists(name),
      weight,
      total,
      authority: undefined,
      requestHeaders: {},
      responseHeaders: {},
    })),
  };
}

interface TcpProxy {
  readonly cluster?: string;
  readonly weightedClusters?: {
    readonly clusters: readonly { readonly name: string; readonly weight?: number }[];
  };
}

function clustersOf({ cluster, weightedClusters }: TcpProxy) {
  if (cluster !== undefined) return [{ name: cluster, weight: 1 }];
  return (weightedClusters?.clusters ?? []).map(({ name, weight = 0 }) => ({ name, weight }));
}

type Score = readonly [address: number, name: number, transport: number];

/** @returns how closely a chain fits; undefined when it does not */
function scoreOf({ match }: FilterChain, { address, sni }: Connection): Score | undefined {
  const { prefixRanges = [], serverNames = [], transportProtocol, applicationProtocols = [] } = match ?? {};
  // What a client says of the protocol inside is for chains that carry HTTP.
  if (applicationProtocols.length > 0) return undefined;
  const spoken = sni === undefined ? 'raw_buffer' : 'tls';
  if (transportProtocol !== undefined && transportProtocol !== spoken) return undefined;
  const inRange =
    prefixRanges.length === 0
      ? 0
      : Math.max(-1, ...prefixRanges.map(range => (contains(range, address) ? (range.prefixLen ?? 0) : -1)));
  const named = serverNames.length === 0 ? 0 : Math.max(-1, ...serverNames.map(name => closeness(name, sni)));
  if (inRange < 0 || named < 0) return undefined;
  return [inRange, named, transportProtocol === undefined ? 0 : 1];
}

function compareScores(a: Score, b: Score): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function closeness(written: string, sni: string | undefined): number {
  // Envoy compares the names of handshakes without their case.
  const name = written.toLowerCase();
  if (sni === undefined) return -1;
  if (name === sni) return Number.MAX_SAFE_INTEGER;
  return name.startsWith('*') && sni.endsWith(name.slice(1)) ? name.length : -1;
}

function contains(
  { addressPrefix, prefixLen = 0 }: { readonly addressPrefix: string; readonly prefixLen?: number },
  address: string | undefined,
): boolean {
  if (address === undefined || address.includes(':') || addressPrefix.includes(':')) return false;
  const drop = 2 ** (32 - prefixLen);
  return Math.floor(numberOf(address) / drop) === Math.floor(numberOf(addressPrefix) / drop);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
