import type { Listener, RouteConfiguration } from '../../envoy/proxy-answer.ts';
import type { Seen } from './seen.ts';
import type { Spot } from './spots.ts';

/** A name that no configuration knows. */
const stranger = 'nobody.invalid';

/** Everything that a proxy of one kind tells apart in some state of it. */
export function spotsOf(kind: Spot['kind'], states: readonly Seen[]): readonly Spot[] {
  const spots = states.flatMap(({ answer }) => {
    if (kind === 'waypoint')
      return [...waypointSpots(answer.routes), ...waypointConnections(answer.listeners)];
    if (kind === 'sidecar') return [...sidecarSpots(answer.routes), ...sidecarConnections(answer.listeners)];
    return [...gatewaySpots(answer.routes, answer.listeners)];
  });
  return [...new Map(spots.map(spot => [JSON.stringify(spot), spot])).values()];
}

function sidecarSpots(routes: readonly RouteConfiguration[]): readonly Spot[] {
  return routes.flatMap((configuration): readonly Spot[] => {
    const port = Number(configuration.name.split(':').at(-1));
    if (!Number.isInteger(port)) return [];
    return namesIn(configuration).map(host => ({ kind: 'sidecar', scheme: 'http', host, port }));
  });
}

/** The names of every virtual host; shorter names of a Service and its addresses are domains of the same one. */
function namesIn({ virtualHosts }: RouteConfiguration): readonly string[] {
  const names = (virtualHosts ?? []).flatMap(virtualHost => {
    const { domains = [] } = virtualHost as { readonly domains?: readonly string[] };
    // Each name has a twin that ends with a dot.
    const whole = domains.filter(domain => domain !== '*' && !/[:/]|\.$/.test(domain));
    const names = whole.filter(domain => !/^[\d.]+$/.test(domain));
    const isShort = (domain: string) =>
      names.some(other => other.endsWith('.cluster.local') && other.startsWith(`${domain}.`));
    return names.length === 0 ? whole : names.filter(domain => !isShort(domain));
  });
  return [...new Set([...names.map(sample), stranger])];
}

function sample(domain: string): string {
  return domain.toLowerCase().replace(/^\*/, 'any');
}

function sidecarConnections(listeners: readonly Listener[]): readonly Spot[] {
  return listeners.flatMap(listener => {
    const [address = ''] = listener.name.split('_');
    const ranges = listener.filterChains.flatMap(({ match }) =>
      (match?.prefixRanges ?? []).map(({ addressPrefix }) => addressPrefix),
    );
    const addresses = new Set([...(address === '0.0.0.0' ? [] : [address]), ...ranges, '203.0.113.1']);
    return [...addresses].flatMap(each => named('sidecar', listener, listener.port, each));
  });
}

/** One connection for each name of a handshake that chains ask for, one for another name, one without. */
function named(
  kind: Spot['kind'],
  { filterChains }: Pick<Listener, 'filterChains'>,
  port: number,
  address?: string,
): readonly Spot[] {
  if (filterChains.every(({ tcpProxy }) => tcpProxy === null || tcpProxy === undefined)) return [];
  const at = address === undefined ? {} : { address };
  const names = filterChains.flatMap(({ match }) => (match?.serverNames ?? []).map(sample));
  return [
    { kind, scheme: 'tcp', host: stranger, port, ...at },
    ...[...new Set([...names, stranger])].map(host => ({ kind, scheme: 'tls', host, port, ...at }) as const),
  ];
}

function waypointSpots(routes: readonly RouteConfiguration[]): readonly Spot[] {
  return routes.flatMap(({ host, port }) =>
    host === undefined ? [] : [{ kind: 'waypoint', scheme: 'http', host, port } as const],
  );
}

function waypointConnections(listeners: readonly Listener[]): readonly Spot[] {
  const chains = listeners.flatMap(({ filterChains }) => filterChains);
  return chains.flatMap(({ host, port = 0, tcpProxy }) =>
    host === undefined || tcpProxy === null || tcpProxy === undefined
      ? []
      : (['tcp', 'tls'] as const).map(scheme => ({ kind: 'waypoint', scheme, host, port }) as const),
  );
}

function gatewaySpots(
  routes: readonly RouteConfiguration[],
  listeners: readonly Listener[],
): readonly Spot[] {
  return listeners.flatMap(listener => {
    const { port, filterChains } = listener;
    const spots: Spot[] = [...named('gateway', listener, port)];
    for (const { routeConfig, tls, match } of filterChains) {
      const configuration = routes.find(({ name }) => name === routeConfig);
      if (configuration === undefined) continue;
      const scheme = tls === null ? 'http' : 'https';
      const hosts = [...namesIn(configuration), ...(match?.serverNames ?? []).map(sample)];
      for (const host of new Set(hosts)) spots.push({ kind: 'gateway', scheme, host, port });
    }
    return spots;
  });
}
