import { type AnyRoute, isRoute, type Resource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { type GatewayServer, listenerOf } from '../3-link/gateways/gateway-server.ts';
import { serverAdmits } from '../3-link/gateways/gateway-servers.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import type { Output } from '../6-emit/edit.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { World } from '../semantics/world.ts';

/** A route that a Gateway takes no requests for, or not all of them, and why. */
export interface Refusal {
  readonly gateway: Resource<'gateway.Gateway'>;
  readonly route: AnyRoute;
  readonly reason: string;
}

/**
 * Finds a route that a Gateway which is there does not take.
 *
 * @param after the cluster with the routes
 * @param host what was asked for, where requests were
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#listener
 */
export function refusalOf(
  { gateways }: Facts,
  after: World,
  outputs: readonly Output[],
  host: string | undefined,
): Refusal | undefined {
  for (const { resource: route } of outputs) {
    if (!isRoute(route)) continue;
    for (const parent of route.spec.parentRefs ?? []) {
      if ((parent.kind ?? 'Gateway') !== 'Gateway') continue;
      const key = `${parent.namespace ?? route.namespace}/${parent.name}`;
      const found = gateways.get(key);
      if (found === undefined) continue;
      // A waypoint takes no route by its listeners.
      const proxies = after.gateways.proxies.filter(({ own }) => own.has(key));
      if (proxies.length === 0) continue;
      const servers = proxies
        .flatMap(proxy => proxy.servers)
        .filter(({ added, resource }) => added === undefined && resource === found);
      const reason = reasonOf(route, parent, servers, host);
      if (reason !== undefined) return { gateway: found, route, reason };
    }
  }
  return undefined;
}

/** Each question is put to the listeners that the ones before it left. */
function reasonOf(
  route: AnyRoute,
  { sectionName, port }: gateway.ParentReference,
  servers: readonly GatewayServer[],
  host: string | undefined,
): string | undefined {
  const named = servers.filter(
    server => sectionName === undefined || listenerOf(server)?.name === sectionName,
  );
  if (named.length === 0) return `it has no listener${sectionName === undefined ? '' : ` ${sectionName}`}`;
  const listening = named.filter(server => port === undefined || server.port === port);
  if (listening.length === 0) return `it has no listener at port ${port}`;
  const speaking = listening.filter(server => speaksFor(server, route));
  if (speaking.length === 0) return `${portsOf(listening)} accepts no ${route.kind}s`;
  const open = speaking.filter(({ hosts }) => hosts.some(served => serverAdmits(served, route.namespace)));
  if (open.length === 0) return `its listeners accept no routes of namespace ${route.namespace}`;
  const wanted = hostnamesOf(route, host);
  const missing = wanted.find(
    name => !open.some(({ hosts }) => hosts.some(served => hostsOverlap(served.host, name))),
  );
  if (missing === undefined) return undefined;
  const served = new Set(open.flatMap(({ hosts }) => hosts.map(one => one.host)));
  return `its listeners serve ${[...served].join(', ')}, and not ${missing}`;
}

/** Whether a listener carries what a route is for (conversion.go, referenceAllowed). */
function speaksFor(server: GatewayServer, { kind }: AnyRoute): boolean {
  const { protocol, passthrough } = server;
  const kinds = listenerOf(server)?.allowedRoutes?.kinds ?? [];
  if (kinds.length > 0 && !kinds.some(one => one.kind === kind)) return false;
  if (kind === 'TLSRoute') return protocol === 'tls';
  if (kind === 'TCPRoute') return protocol === 'tcp' || (protocol === 'tls' && !passthrough);
  return protocol === 'http' || protocol === 'https';
}

function portsOf(servers: readonly GatewayServer[]): string {
  const ports = [...new Set(servers.map(({ port }) => port))];
  return `port ${ports.join(' and ')} of it`;
}

function hostnamesOf(route: AnyRoute, host: string | undefined): readonly string[] {
  const hostnames = 'hostnames' in route.spec ? (route.spec.hostnames ?? []) : [];
  return host === undefined || route.kind === 'TLSRoute' ? hostnames : [host];
}
