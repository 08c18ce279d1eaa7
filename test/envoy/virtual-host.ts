import { type Fields, readMessage } from './fields.ts';
import { readHeaderMutations } from './header-mutations.ts';
import type { EnvoyRequest } from './request.ts';
import { type OuterHeaders, type Route, readRoute } from './route.ts';
import type { Mention } from './route-match.ts';
import type { Verdict } from './verdict.ts';

/** The virtual hosts of a route configuration. */
export interface RouteTable {
  /** What becomes of a request. */
  readonly verdict: (request: EnvoyRequest) => Verdict;
  /** What the routes for a host look at. */
  readonly mentions: (host: string) => readonly Mention[];
  /** The same, route by route. */
  readonly mentionsByRoute: (host: string) => readonly (readonly Mention[])[];
  /** Which of the virtual hosts takes a host; -1 where none does. */
  readonly indexOf: (host: string) => number;
  /** As istiod sends them. */
  readonly virtualHosts: readonly unknown[];
}

interface VirtualHost {
  readonly domains: readonly string[];
  readonly routes: readonly Route[];
  readonly requiresTls: boolean;
  readonly headers: OuterHeaders;
}

/**
 * @param virtualHosts as protojson
 * @param exists whether the proxy was sent a cluster of a name
 */
export function readRouteTable(
  virtualHosts: readonly unknown[],
  exists: (cluster: string) => boolean,
): RouteTable {
  const known = virtualHosts.map((value, index) =>
    readMessage(value, `virtualHosts[${index}]`, fields => readVirtualHost(fields, exists)),
  );
  const find = (host: string) => findVirtualHost(known, host.toLowerCase());
  return {
    virtualHosts,
    mentionsByRoute: host => (find(host)?.routes ?? []).map(({ match }) => match.mentions),
    indexOf: host => {
      const found = find(host);
      return found === undefined ? -1 : known.indexOf(found);
    },
    mentions: host => (find(host)?.routes ?? []).flatMap(({ match }) => match.mentions),
    verdict: request => {
      const virtualHost = find(request.host);
      return virtualHost === undefined ? { kind: 'no-route' } : verdictOf(virtualHost, request);
    },
  };
}

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-virtualhost */
function readVirtualHost(fields: Fields, exists: (cluster: string) => boolean): VirtualHost {
  fields.ignore('name', 'includeRequestAttemptCount');
  return {
    domains: fields.texts('domains').map(domain => domain.toLowerCase()),
    routes: fields.messages('routes', route => readRoute(route, exists)),
    requiresTls: fields.text('requireTls') === 'ALL',
    headers: {
      request: readHeaderMutations(fields, 'request'),
      response: readHeaderMutations(fields, 'response'),
    },
  };
}

/** The exact name, else the longest wildcard at its front, else the longest at its end, else `*`. */
function findVirtualHost(virtualHosts: readonly VirtualHost[], host: string): VirtualHost | undefined {
  const byLength = (a: Candidate, b: Candidate) => b.domain.length - a.domain.length;
  const all: readonly Candidate[] = virtualHosts.flatMap(virtualHost =>
    virtualHost.domains.map(domain => ({ virtualHost, domain })),
  );
  const exact = all.find(({ domain }) => domain === host);
  const suffix = all
    .filter(({ domain }) => domain.startsWith('*') && domain.length > 1 && host.length >= domain.length)
    .filter(({ domain }) => host.endsWith(domain.slice(1)))
    .sort(byLength)[0];
  const prefix = all
    .filter(({ domain }) => domain.endsWith('*') && domain.length > 1 && host.length >= domain.length)
    .filter(({ domain }) => host.startsWith(domain.slice(0, -1)))
    .sort(byLength)[0];
  const any = all.find(({ domain }) => domain === '*');
  return (exact ?? suffix ?? prefix ?? any)?.virtualHost;
}

interface Candidate {
  readonly virtualHost: VirtualHost;
  readonly domain: string;
}

function verdictOf({ requiresTls, routes, headers }: VirtualHost, request: EnvoyRequest): Verdict {
  if (requiresTls && request.scheme === 'http') {
    return {
      kind: 'redirect',
      status: 301,
      scheme: 'https',
      host: undefined,
      port: 'keep',
      path: request.path,
    };
  }
  const taking = routes.find(({ match }) => match.takes(request));
  return taking === undefined ? { kind: 'no-route' } : taking.perform(request, headers);
}
