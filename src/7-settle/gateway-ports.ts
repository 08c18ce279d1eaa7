import { placeOf } from '../2-decode/place-of.ts';
import { besideOnPods, type Facts, type IstioGateway } from '../3-link/facts.ts';
import type { WayToPods } from '../3-link/gateways/gateway-pods.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import type { Report } from '../diagnostics/diagnostic.ts';

/**
 * A listener speaks of the ports of its Service and serves its own hosts. The hosts that a server of an Istio Gateway serves
 * depend on the port of the pods that its port leads to.
 *
 * @returns whether clients come to the pods by ports that no listener could have
 */
export function reportGatewayPorts(facts: Facts, gateway: IstioGateway, report: Report): boolean {
  const { ways } = gateway;
  if (ways.length === 0) {
    reportPortsNotKnown(gateway, report);
    return false;
  }
  const isHeld = reportPortsOfPods(gateway, ways, report);
  const shared = sharedTarget(facts, gateway);
  if (shared !== undefined) {
    const { server, ...detail } = shared;
    report('gateway-ports-of-one-target', portPlace(gateway, server), detail);
  }
  if (isHeld || shared !== undefined) return true;
  if (facts.options.gatewayService === undefined) reportPortsLeftOut(gateway, ways, report);
  return false;
}

function portPlace({ resource }: IstioGateway, { index }: GatewayServer) {
  return placeOf(resource, 'spec', 'servers', index, 'port', 'number');
}

/**
 * A server for a port that no Service of the pods has listens there all the same, and gets what a Service sends to that
 * port of the pods.
 *
 * @see istio.io/istio/pilot/pkg/model/gateway.go, resolvePorts
 */
function reportPortsOfPods(gateway: IstioGateway, ways: readonly WayToPods[], report: Report): boolean {
  const found = gateway.servers.flatMap(server => {
    if (ways.some(({ port }) => port === server.port)) return [];
    const way = ways.find(({ leadsTo }) => leadsTo === server.port);
    return way === undefined ? [] : [{ server, way }];
  });
  for (const { server, way } of found)
    report('gateway-port-of-pods', portPlace(gateway, server), {
      number: server.port,
      service: nameOf(way),
      port: way.port,
    });
  return found.length > 0;
}

function nameOf({ service: { namespace, name } }: WayToPods): string {
  return `${namespace}/${name}`;
}

/** Ports of a gateway that lead to one port of its pods, and the first server that has one of them. */
export interface SharedTarget {
  readonly server: GatewayServer;
  /** `80 and 81` */
  readonly ports: string;
  readonly target: number | string;
}

/**
 * Finds ports of servers that lead to one port of the pods, where istiod makes one list of what they serve, or serves what
 * one of them does at the others.
 */
export function sharedTarget(facts: Facts, gateway: IstioGateway): SharedTarget | undefined {
  const { ways } = gateway;
  if (ways.length === 0) return undefined;
  const targetOf = (server: GatewayServer) =>
    ways.find(({ port }) => port === server.port)?.leadsTo ?? server.listensOn;
  const besides = besideOnPods(facts, gateway).flatMap(({ servers }) => servers);
  for (const server of gateway.servers) {
    const target = targetOf(server);
    const served = [...gateway.servers, ...besides].filter(other => targetOf(other) === target);
    const leading = ways.filter(({ leadsTo }) => leadsTo === target);
    const named = new Set(served.map(({ port }) => port));
    const all = new Set([...named, ...leading.map(({ port }) => port)]);
    // istiod may know another of the ports of one Service.
    if (named.size > 1 || (all.size > 1 && server.listensOn !== target))
      return { server, target, ports: [...all].sort((a, b) => a - b).join(' and ') };
  }
  return undefined;
}

function reportPortsLeftOut(gateway: IstioGateway, ways: readonly WayToPods[], report: Report): void {
  const told = new Set<number>();
  for (const server of gateway.servers) {
    const others = ways.filter(({ port, leadsTo }) => leadsTo === server.listensOn && port !== server.port);
    for (const way of others) {
      if (told.has(way.port)) continue;
      told.add(way.port);
      report('gateway-port-left-out', portPlace(gateway, server), {
        port: way.port,
        service: nameOf(way),
        own: server.port,
      });
    }
  }
}

/** Ports of the pods in installations by istioctl, and the ports of their Service (gateways/istio-ingress, values.yaml). */
const usualPorts: ReadonlyMap<number, number> = new Map([
  [8080, 80],
  [8443, 443],
]);

/** Without the Service of the pods, a usual port of the pods may be taken for one that clients come by. */
function reportPortsNotKnown(gateway: IstioGateway, report: Report): void {
  const told = new Set<number>();
  for (const server of gateway.servers) {
    const port = usualPorts.get(server.port);
    if (port === undefined || told.has(server.port) || gateway.servers.some(one => one.port === port))
      continue;
    told.add(server.port);
    report('gateway-port-may-be-of-pods', portPlace(gateway, server), { number: server.port, port });
  }
}
