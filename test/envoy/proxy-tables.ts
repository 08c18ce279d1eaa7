import type { FilterChain, ProxyAnswer, RouteConfiguration } from './proxy-answer.ts';
import { type RouteTable, readRouteTable } from './virtual-host.ts';

/** The route tables of one proxy, found by where a request arrives. */
export interface ProxyTables {
  /** For requests that a sidecar's client sends to a Service. */
  readonly toService: (host: string, port: number) => RouteTable | undefined;
  /** For requests to a Service that arrive at its waypoint. */
  readonly atWaypoint: (host: string, port: number) => RouteTable | undefined;
  /** For requests from outside, at a port of a gateway; behind TLS the host is also the name of the handshake. */
  readonly atGateway: (port: number, scheme: 'http' | 'https', host: string) => RouteTable | undefined;
}

/** @returns the tables; each is read when it is first asked for */
export function readProxyTables(answer: ProxyAnswer): ProxyTables {
  const clusters = new Set(answer.clusters);
  const read = new Map<RouteConfiguration, RouteTable>();
  const tableOf = (configuration: RouteConfiguration | undefined): RouteTable | undefined => {
    if (configuration === undefined) return undefined;
    const known = read.get(configuration);
    if (known !== undefined) return known;
    const table = readRouteTable(configuration.virtualHosts ?? [], cluster => clusters.has(cluster));
    read.set(configuration, table);
    return table;
  };
  const named = (name: string | undefined) =>
    answer.routes.find(configuration => configuration.name === name);
  return {
    // A port whose protocol nobody declared has a route configuration for each Service.
    toService: (host, port) => tableOf(named(`${host}:${port}`) ?? named(String(port))),
    atWaypoint: (host, port) =>
      tableOf(
        answer.routes.find(configuration => configuration.host === host && configuration.port === port),
      ),
    atGateway: (port, scheme, host) => tableOf(named(gatewayChain(answer, port, scheme, host)?.routeConfig)),
  };
}

/** Envoy takes the chain whose server names fit the handshake most closely. */
export function gatewayChain(
  { listeners }: Pick<ProxyAnswer, 'listeners'>,
  port: number,
  scheme: 'http' | 'https',
  host: string,
): FilterChain | undefined {
  const chains = listeners
    .filter(listener => listener.port === port)
    .flatMap(({ filterChains }) => filterChains)
    .filter(({ tls, routeConfig }) => routeConfig !== undefined && (tls !== null) === (scheme === 'https'));
  if (scheme === 'http') return chains[0];
  return chains
    .map(chain => ({ chain, closeness: closenessOf(chain.match?.serverNames ?? [], host) }))
    .filter(({ closeness }) => closeness >= 0)
    .sort((a, b) => b.closeness - a.closeness)[0]?.chain;
}

/** @returns how much of a name the closest server name says; -1 when none fits */
function closenessOf(serverNames: readonly string[], host: string): number {
  if (serverNames.length === 0) return 0;
  return Math.max(
    -1,
    // Envoy compares the names of handshakes without their case.
    ...serverNames.map(written => {
      const name = written.toLowerCase();
      if (name === host) return Number.MAX_SAFE_INTEGER;
      return name.startsWith('*') && host.endsWith(name.slice(1)) ? name.length : -1;
    }),
  );
}
