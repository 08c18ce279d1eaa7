import { placeOf } from '../2-decode/place-of.ts';
import { besideOnPods, type Facts, type IstioGateway } from '../3-link/facts.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import { commonHosts } from '../3-link/groups.ts';
import { hostsOverlap, intersectHosts, isWildcard } from '../3-link/hostname.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { Unit } from './unit.ts';

/**
 * Says which hosts an Istio Gateway has together with others on its pods, once for those at one port and once for those at other
 * ports. Gateways of one selector share pods, virtual hosts and an address; Gateways of the Gateway API do not.
 */
export function reportSharedHosts(
  facts: Facts,
  own: IstioGateway,
  units: readonly Unit[],
  report: Report,
): void {
  const rivals = besideOnPods(facts, own);
  if (rivals.length === 0) return;
  reportSharedPort(own, rivals, units, report);
  reportSharedAddress(facts, own, rivals, report);
}

function reportSharedPort(
  gateway: IstioGateway,
  rivals: readonly IstioGateway[],
  units: readonly Unit[],
  report: Report,
): void {
  const { resource, servers } = gateway;
  for (const server of servers) {
    const { port, index, hosts } = server;
    for (const [position, { host }] of hosts.entries()) {
      const sharing = rivals.filter(rival =>
        rival.servers
          .filter(other => other.port === port)
          .some(other => {
            const common = other.hosts.flatMap(theirs => intersectHosts(theirs.host, host) ?? []);
            return common.length > 0 && !isAttachedBeside(server, other, common, units);
          }),
      );
      if (sharing.length === 0) continue;
      const others = sharing.map(nameOf).join(', ');
      const place = placeOf(resource, 'spec', 'servers', index, 'hosts', position);
      const redirects = redirectsOf(gateway, rivals)
        .map(
          one =>
            `; Istio Gateway ${one.rival} will redirect requests for ${one.hosts} on port ${one.port} to https`,
        )
        .join('');
      report('gateway-shared-host', place, { host, port, others, redirects });
      return;
    }
  }
}

/** @returns the hosts of a Gateway that does not redirect them, by those of its rivals that do */
function redirectsOf(
  own: IstioGateway,
  rivals: readonly IstioGateway[],
): readonly { readonly rival: string; readonly hosts: string; readonly port: number }[] {
  const plain = own.servers.filter(({ protocol, httpsRedirect }) => protocol === 'http' && !httpsRedirect);
  return rivals.flatMap(rival =>
    [...new Set(plain.map(({ port }) => port))].flatMap(port => {
      const at = ({ port: other }: GatewayServer) => other === port;
      const theirs = rival.servers.filter(({ httpsRedirect }) => httpsRedirect).filter(at);
      const hosts = plain.filter(at).flatMap(server => server.hosts);
      const common = theirs
        .flatMap(server => server.hosts)
        .flatMap(one => hosts.flatMap(({ host }) => intersectHosts(one.host, host) ?? []));
      if (common.length === 0) return [];
      return [{ rival: nameOf(rival), hosts: [...new Set(common)].join(', '), port }];
    }),
  );
}

/** Whether all routes for some hosts of one server are attached to the Gateway of another one as well. */
function isAttachedBeside(
  own: GatewayServer,
  rival: GatewayServer,
  hosts: readonly string[],
  units: readonly Unit[],
): boolean {
  const serving = units.filter(
    ({ vs }) =>
      vs.gateways.includes(own.gateway) &&
      commonHosts(own, vs.namespace, vs.hosts).some(wanted => hosts.some(host => hostsOverlap(host, wanted))),
  );
  return (
    serving.length > 0 &&
    serving.every(
      unit =>
        unit.vs.gateways.includes(rival.gateway) ||
        unit.scopes.some(scope => scope.kind === 'gateway' && scope.replaced === rival.gateway),
    )
  );
}

/** A host with routes at a port of its own Gateway and at another port of one on the same pods. */
function reportSharedAddress(
  facts: Facts,
  own: IstioGateway,
  rivals: readonly IstioGateway[],
  report: Report,
): void {
  const ports = new Set(own.servers.map(({ port }) => port));
  for (const rival of rivals) {
    const apart = rival.servers.filter(({ port }) => !ports.has(port));
    const theirs = apart.map(server => [server.port, hostsAt(facts, rival, server)] as const);
    if (theirs.every(([, hosts]) => hosts.size === 0)) continue;
    for (const server of own.servers) {
      const mine = hostsAt(facts, own, server);
      for (const [port, hosts] of theirs) {
        const host = commonHost(mine, hosts);
        if (host === undefined) continue;
        report('gateway-shared-address', placeOf(own.resource, 'spec', 'servers', server.index, 'hosts'), {
          host,
          port: server.port,
          other: port,
          rival: nameOf(rival),
          gateway: nameOf(own),
        });
        return;
      }
    }
  }
}

/** The names by which clients ask a server for what VirtualServices route there; connections without TLS have none. */
function hostsAt(facts: Facts, gateway: IstioGateway, server: GatewayServer): ReadonlySet<string> {
  if (server.protocol === 'tcp' || server.ignoresRoutes) return new Set();
  const key = nameOf(gateway);
  const bound = facts.virtualServices.filter(({ gateways }) => gateways.includes(key));
  return new Set(bound.flatMap(vs => commonHosts(server, vs.namespace, namesOf(vs, server))));
}

function namesOf({ hosts, http, tls }: ResolvedVirtualService, server: GatewayServer): readonly string[] {
  if (server.protocol !== 'tls') return http.length > 0 ? hosts : [];
  return tls.flatMap(({ match = [] }) => match.flatMap(({ sniHosts = [] }) => sniHosts));
}

function commonHost(mine: ReadonlySet<string>, theirs: ReadonlySet<string>): string | undefined {
  const wildcards = [...theirs].filter(isWildcard);
  for (const host of mine) {
    if (theirs.has(host)) return host;
    const others = isWildcard(host) ? [...theirs] : wildcards;
    const found = others.find(other => hostsOverlap(host, other));
    if (found !== undefined) return intersectHosts(host, found);
  }
  return undefined;
}

function nameOf({ resource: { namespace, name } }: IstioGateway): string {
  return `${namespace}/${name}`;
}
