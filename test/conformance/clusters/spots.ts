import type { Outcome } from '../../../src/semantics/outcome.ts';
import type { Request } from '../../../src/semantics/request.ts';
import { connectionVerdict } from '../../envoy/connection-chain.ts';
import type { Listener, RouteConfiguration } from '../../envoy/proxy-answer.ts';
import { gatewayChain } from '../../envoy/proxy-tables.ts';
import { toEnvoyRequest } from '../../envoy/request.ts';
import type { Mention } from '../../envoy/route-match.ts';
import type { RouteTable } from '../../envoy/virtual-host.ts';
import { connectionOutcomeOf, outcomeOf, type Seen, textWithClusters } from './seen.ts';

/** Where requests or connections arrive at a proxy; it can be looked up in every state of it. */
export interface Spot {
  readonly kind: 'sidecar' | 'waypoint' | 'gateway';
  readonly scheme: 'http' | 'https' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  /** Of a connection inside the mesh: where the client means to connect to. */
  readonly address?: string;
}

/** What a proxy has for a spot. */
export interface Found {
  /** Two of the same text treat everything alike. */
  readonly text: string;
  /** What decides between requests, route by route; none for connections. */
  readonly mentions: readonly (readonly Mention[])[];
  readonly outcome: (request: Request) => Outcome;
}

/** @returns the request that stands for a spot; of a connection without TLS the name says nothing */
export function plainRequest({ scheme, host, port }: Spot): Request {
  const isConnection = scheme === 'tcp' || scheme === 'tls';
  return {
    scheme: scheme === 'http' || scheme === 'tcp' ? 'http' : 'https',
    host,
    port,
    method: isConnection ? scheme.toUpperCase() : 'GET',
    path: isConnection ? '' : '/',
    headers: {},
    queryParams: {},
  };
}

/** Looks a spot up at a proxy. */
export function find(seen: Seen, spot: Spot): Found {
  if (spot.scheme === 'tcp' || spot.scheme === 'tls') return findConnection(seen, spot);
  const configuration = configurationAt(seen, spot);
  if (configuration === undefined)
    return { text: `nothing ${spot.kind}`, mentions: [], outcome: () => withoutTable(seen, spot) };
  const table = seen.tableOf(configuration);
  return {
    text: textWithClusters(seen, virtualHostAt(table, spot.host)),
    mentions: table.mentionsByRoute(spot.host),
    outcome: request => outcomeOf(seen, table.verdict(toEnvoyRequest(request, spot.kind))),
  };
}

/** A sidecar lets pass what no listener is for; a gateway or waypoint has nowhere to send it. */
function withoutTable(seen: Seen, { kind }: Spot): Outcome {
  return kind === 'sidecar' ? outcomeOf(seen, undefined) : { kind: 'no-route' };
}

function virtualHostAt(table: RouteTable, host: string): unknown {
  return table.virtualHosts[table.indexOf(host)] ?? 'no virtual host';
}

function configurationAt(
  { answer }: Seen,
  { kind, scheme, host, port }: Spot,
): RouteConfiguration | undefined {
  if (kind === 'waypoint') return answer.routes.find(each => each.host === host && each.port === port);
  if (kind === 'sidecar')
    return (
      answer.routes.find(({ name }) => name === `${host}:${port}`) ??
      answer.routes.find(({ name }) => name === String(port))
    );
  const chain = gatewayChain(answer, port, scheme === 'https' ? 'https' : 'http', host);
  return answer.routes.find(({ name }) => name === chain?.routeConfig);
}

function findConnection(seen: Seen, spot: Spot): Found {
  const listener = listenerAt(seen, spot);
  const sni = spot.scheme === 'tls' ? spot.host : undefined;
  const verdict = connectionVerdict(listener, { address: spot.address, sni }, seen.exists);
  return {
    text: textWithClusters(seen, verdict),
    mentions: [],
    outcome: () => connectionOutcomeOf(seen, verdict),
  };
}

function listenerAt(
  { answer: { listeners } }: Seen,
  { kind, host, port, address }: Spot,
): Listener | undefined {
  if (kind === 'gateway') return listeners.find(each => each.port === port);
  if (kind === 'sidecar')
    return (
      listeners.find(({ name }) => name === `${address}_${port}`) ??
      listeners.find(({ name }) => name === `0.0.0.0_${port}`)
    );
  const main = listeners.find(({ name }) => name === 'main_internal');
  if (main === undefined) return undefined;
  return {
    ...main,
    filterChains: main.filterChains.filter(chain => chain.host === host && chain.port === port),
  };
}
