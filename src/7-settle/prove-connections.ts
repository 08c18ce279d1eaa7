import type { Facts } from '../3-link/facts.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import type { MeshPort, MeshService } from '../3-link/registry.ts';
import type { GatewayScope, MeshScope } from '../3-link/scopes.ts';
import type { ConnectionPlan } from '../4-translate/connection-plans.ts';
import { compareConnections, describeConnectionRule } from '../semantics/compare-connections.ts';
import { connectingNamespaces, isListener, sees } from '../semantics/connection-vantages.ts';
import {
  type ConnectionPlace,
  type ConnectionRule,
  gatewayConnectionRules,
  meshConnectionRules,
  meshListsFor,
} from '../semantics/connections.ts';
import type { Deviation } from '../semantics/deviation.ts';
import { passingServer } from '../semantics/stand-ins.ts';
import type { World } from '../semantics/world.ts';
import { isTargetListener, proxyIdsOf, type Sides, unseenPassages } from './conversion-vantages.ts';

/** A connection that the two sides treat differently. */
export interface ConnectionDifference {
  /** `reviews.bookinfo:443 for a.example.com`. */
  readonly connection: string;
  readonly before: string;
  readonly after: string;
  /** Where it goes to a host that a route takes along with its ServiceEntry. */
  readonly beside?: { readonly serviceEntry: string; readonly host: string };
}

/** What came of trying connections on both sides. */
export interface ConnectionProof {
  readonly connections: number;
  /** Those that nobody declared. */
  readonly differences: readonly ConnectionDifference[];
  /** The connections that each declared deviation accounts for. */
  readonly declared: ReadonlyMap<Deviation, ReadonlySet<string>>;
}

/**
 * Tries every port and every name that either side tells apart.
 *
 * @param deviations of these, what is said of the clients of some namespaces counts, where they reach nothing today
 */
export function proveConnections(
  facts: Facts,
  sides: Sides,
  plans: readonly ConnectionPlan[],
  deviations: readonly Deviation[],
): ConnectionProof {
  const tried = new Set<string>();
  const differences: ConnectionDifference[] = [];
  const declared = new Map<Deviation, Set<string>>();
  let connections = 0;
  const compare = (
    where: string,
    before: readonly ConnectionRule[],
    after: readonly ConnectionRule[],
    isOurs: (sni: string | undefined) => boolean = () => true,
    client?: string,
    beside?: ConnectionDifference['beside'],
  ) => {
    if (tried.has(where)) return;
    tried.add(where);
    const comparison = compareConnections(before, after);
    connections += comparison.connections;
    for (const { sni, before: old, after: now } of comparison.differences) {
      if (!isOurs(sni)) continue;
      const connection = sni === undefined ? where : `${where} for ${sni}`;
      const meant = reachesNothing(old)
        ? deviations.filter(({ isFrom }) => client !== undefined && isFrom?.(client))
        : [];
      for (const deviation of meant)
        declared.set(deviation, (declared.get(deviation) ?? new Set()).add(`connections to ${connection}`));
      if (meant.length > 0) continue;
      differences.push({
        connection,
        before: describeConnectionRule(old),
        after: describeConnectionRule(now),
        ...(beside === undefined ? {} : { beside }),
      });
    }
  };
  for (const scope of plans.flatMap(plan => plan.scopes)) {
    if (scope.kind === 'mesh') {
      for (const [service, port] of portsBeside(sides.before, scope)) {
        for (const place of placesOf(sides.before, { ...scope, service })) {
          if (!sees(sides.before, place, service, port.number)) continue;
          const [before, after] = [sides.before, sides.after].map(world =>
            meshConnectionRules(world, place, service, port),
          );
          compare(
            `${nameOf(service)}:${port.number} from ${place.namespace}`,
            before ?? [],
            after ?? [],
            undefined,
            place.proxy === 'sidecar' ? place.namespace : undefined,
            service === scope.service
              ? undefined
              : { serviceEntry: `${service.namespace}/${service.name}`, host: service.host },
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
            (scope.target.sectionName === undefined
              ? candidate.port === server.port
              : isListener(candidate, scope.target.sectionName)) &&
            candidate.hosts.some(({ host }) => server.hosts.some(other => hostsOverlap(host, other.host))),
        );
      const before = gatewayConnectionRules(sides.before, server.resource.namespace, server);
      const after = listening.flatMap(({ proxy, candidate }) =>
        gatewayConnectionRules(sides.after, proxy.namespace, candidate),
      );
      compare(`gateway ${scope.gateway}:${server.port}`, before, after, namesOf(plans, scope));
    }
  }
  for (const { gateway, target, passage } of unseenPassages(facts, plans)) {
    const ids = proxyIdsOf(target);
    const server = passingServer(gateway, passage);
    const listening = sides.after.gateways.proxies
      .filter(({ id }) => ids.includes(id))
      .flatMap(proxy => proxy.servers.map(candidate => ({ proxy, candidate })))
      .filter(({ candidate }) => candidate.protocol === server.protocol || candidate.protocol === 'tls')
      .filter(({ candidate }) => isTargetListener(candidate, target.sectionName));
    const samePort = listening.filter(({ candidate }) => candidate.port === passage.port);
    const before = gatewayConnectionRules(sides.before, target.namespace, server);
    const after = (samePort.length > 0 ? samePort : listening).flatMap(({ proxy, candidate }) =>
      gatewayConnectionRules(sides.after, proxy.namespace, candidate),
    );
    const scope = { gateway, port: passage.port };
    compare(`gateway ${gateway}:${passage.port}`, before, after, namesOf(plans, scope));
  }
  return { connections, differences, declared };
}

/** Whether some destination has no cluster. */
function reachesNothing(rule: ConnectionRule | undefined): boolean {
  return rule?.destinations.some(({ backend }) => backend.startsWith('missing ')) ?? false;
}

/** A Service by its name, a host of a ServiceEntry by itself: an entry has several, and each is tried. */
function nameOf({ kind, name, namespace, host }: MeshService): string {
  return kind === 'ServiceEntry' ? host : `${name}.${namespace}`;
}

/** The ports of a scope, for every host that a route attached there takes: a ServiceEntry brings all of its hosts. */
function portsBeside({ registry }: World, scope: MeshScope): readonly (readonly [MeshService, MeshPort])[] {
  const { service } = scope;
  const beside =
    service.kind === 'ServiceEntry' && service.resource !== undefined
      ? [...registry.byHost.values()].filter(
          ({ host, resource }) => resource === service.resource && host !== service.host,
        )
      : [];
  return [service, ...beside].flatMap(one =>
    portsOf({ ...scope, service: one }).map(port => [one, port] as const),
  );
}

/** Also the ports that nothing is written for: a waypoint takes the tls entries at any of them. */
function portsOf({ service, port }: MeshScope): readonly MeshPort[] {
  const others = service.ports.filter(
    ({ protocol }) => protocol === 'tcp' || protocol === 'tls' || protocol === 'sniffed',
  );
  return service.assumed || others.length === 0 ? (port === undefined ? [] : [port]) : others;
}

/** Clients with sidecars in every namespace that is told apart, or the waypoint that they all come by. */
function placesOf(world: World, { service, waypoint, dataPlane }: MeshScope): readonly ConnectionPlace[] {
  if (dataPlane === 'ambient') {
    const namespace = waypoint.kind === 'found' ? waypoint.waypoint.namespace : service.namespace;
    return [{ proxy: 'waypoint', namespace, labels: {} }];
  }
  const lists = meshListsFor(world, service.host);
  const namespaces = new Set([...connectingNamespaces(world, service, lists), 'elsewhere']);
  return [...namespaces].map(namespace => ({ proxy: 'sidecar', namespace, labels: {} }));
}

/** Other names at a port of a gateway may be those of VirtualServices that stay, with the Istio Gateway. */
function namesOf(
  plans: readonly ConnectionPlan[],
  { gateway, port }: Pick<GatewayScope, 'gateway' | 'port'>,
): (sni: string | undefined) => boolean {
  const here = plans.filter(({ scopes }) =>
    scopes.some(scope => scope.gateway === gateway && (scope.port === undefined || scope.port === port)),
  );
  return sni =>
    here.some(
      ({ kind, hostnames }) =>
        kind === 'tcp' || (sni !== undefined && hostnames.some(name => hostsOverlap(name, sni))),
    );
}
