import { hostsOverlap } from '../3-link/hostname.ts';
import type { MeshPort } from '../3-link/registry.ts';
import type { GatewayScope, MeshScope } from '../3-link/scopes.ts';
import type { ConnectionPlan } from '../4-translate/connections.ts';
import type { Options } from '../options.ts';
import { compareConnections, describeConnectionRule } from '../semantics/compare-connections.ts';
import {
  type ConnectionPlace,
  type ConnectionRule,
  gatewayConnectionRules,
  meshConnectionRules,
} from '../semantics/connections.ts';
import type { Sides } from './conversion-vantages.ts';

/** A connection that the two sides treat differently. */
export interface ConnectionDifference {
  /** `reviews.bookinfo:443 for a.example.com`. */
  readonly connection: string;
  readonly before: string;
  readonly after: string;
}

/** What came of trying connections on both sides. */
export interface ConnectionProof {
  readonly connections: number;
  readonly differences: readonly ConnectionDifference[];
}

/**
 * Tries every port and every name that either side tells apart.
 *
 * @param from what honours the VirtualServices today
 */
export function proveConnections(
  sides: Sides,
  plans: readonly ConnectionPlan[],
  from: Options['from'],
): ConnectionProof {
  const tried = new Set<string>();
  const differences: ConnectionDifference[] = [];
  let connections = 0;
  const compare = (
    where: string,
    before: readonly ConnectionRule[],
    after: readonly ConnectionRule[],
    isOurs: (sni: string | undefined) => boolean = () => true,
  ) => {
    if (tried.has(where)) return;
    tried.add(where);
    const comparison = compareConnections(before, after);
    connections += comparison.connections;
    for (const { sni, before: old, after: now } of comparison.differences) {
      if (!isOurs(sni)) continue;
      differences.push({
        connection: sni === undefined ? where : `${where} for ${sni}`,
        before: describeConnectionRule(old),
        after: describeConnectionRule(now),
      });
    }
  };
  for (const scope of plans.flatMap(plan => plan.scopes)) {
    if (scope.kind === 'mesh') {
      const { service } = scope;
      for (const port of portsOf(scope)) {
        for (const place of placesOf(scope, from)) {
          const [before, after] = [sides.before, sides.after].map(world =>
            meshConnectionRules(world, place, service, port),
          );
          compare(
            `${service.name}.${service.namespace}:${port.number} from ${place.namespace}`,
            before ?? [],
            after ?? [],
          );
        }
      }
      continue;
    }
    for (const server of scope.servers) {
      const listening = sides.after.gateways.proxies
        .filter(({ id }) => id === `gateway ${scope.target.namespace}/${scope.target.name}`)
        .flatMap(proxy => proxy.servers.map(candidate => ({ proxy, candidate })))
        .filter(
          ({ candidate }) =>
            candidate.port === server.port &&
            candidate.hosts.some(({ host }) => server.hosts.some(other => hostsOverlap(host, other.host))),
        );
      const before = gatewayConnectionRules(sides.before, server.resource.namespace, server);
      const after = listening.flatMap(({ proxy, candidate }) =>
        gatewayConnectionRules(sides.after, proxy.namespace, candidate),
      );
      compare(`gateway ${scope.gateway}:${server.port}`, before, after, namesOf(plans, scope));
    }
  }
  return { connections, differences };
}

/** Also the ports that nothing is written for: a waypoint takes the tls entries at any of them. */
function portsOf({ service, port }: MeshScope): readonly MeshPort[] {
  const others = service.ports.filter(
    ({ protocol }) => protocol === 'tcp' || protocol === 'tls' || protocol === 'sniffed',
  );
  return service.assumed || others.length === 0 ? (port === undefined ? [] : [port]) : others;
}

/** Clients with sidecars inside and outside of a namespace, or the waypoint that they all come by. */
function placesOf({ service, waypoint }: MeshScope, from: Options['from']): readonly ConnectionPlace[] {
  if (from === 'ambient') {
    const namespace = waypoint.kind === 'found' ? waypoint.waypoint.namespace : service.namespace;
    return [{ proxy: 'waypoint', namespace, labels: {} }];
  }
  return [...new Set([service.namespace, 'elsewhere'])].map(namespace => ({
    proxy: 'sidecar',
    namespace,
    labels: {},
  }));
}

/** Other names at a port of a gateway may be those of VirtualServices that stay, with the Istio Gateway. */
function namesOf(
  plans: readonly ConnectionPlan[],
  { gateway, port }: GatewayScope,
): (sni: string | undefined) => boolean {
  const here = plans.filter(({ scopes }) =>
    scopes.some(scope => scope.gateway === gateway && (scope.kind === 'mesh' || scope.port === port)),
  );
  return sni =>
    here.some(
      ({ kind, hostnames }) =>
        kind === 'tcp' || (sni !== undefined && hostnames.some(name => hostsOverlap(name, sni))),
    );
}
