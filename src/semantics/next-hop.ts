import { lowerCaseHost } from '../3-link/host.ts';
import { hostsOverlap, mostSpecificHost } from '../3-link/hostname.ts';
import { findPort, findService, type MeshPort, type MeshService, type Registry } from '../3-link/registry.ts';
import type { ConnectionIndex } from './connection-lists.ts';
import type { Gateways } from './gateway-lists.ts';

/** Gateway proxies whose pods a Service chooses, by its `NAMESPACE/NAME`. */
export type GatewayPods = ReadonlyMap<string, Gateways['proxies']>;

/** Gathers the Services by which others come to gateways. */
export function gatewayPodsOf({ proxies }: Gateways): GatewayPods {
  const found = new Map<string, Gateways['proxies'][number][]>();
  for (const proxy of proxies) {
    for (const { service } of proxy.ways) {
      const key = `${service.namespace}/${service.name}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, [proxy]);
      else if (!known.includes(proxy)) known.push(proxy);
    }
  }
  return found;
}

/**
 * Whether the pods behind a Service are those of a gateway that takes what is sent to a host: requests by its routes,
 * connections by its lists. A ServiceEntry whose endpoint is the name of such a Service leads there, too.
 *
 * @returns the host that the gateway serves; undefined where no gateway does, be it since the pods are of none
 */
export function nextHop(world: Hops, service: MeshService, port: MeshPort, host: string): string | undefined {
  const isServed = waysTo(world, service, port).some(([{ namespace, name }, reached]) =>
    (world.gatewayPods.get(`${namespace}/${name}`) ?? []).some(proxy => serves(world, proxy, reached, host)),
  );
  return isServed ? host : undefined;
}

/** Everything that says where a request goes on behind a Service. */
interface Hops {
  readonly gateways: Gateways;
  readonly gatewayPods: GatewayPods;
  readonly connectionIndex: ConnectionIndex;
  readonly registry: Registry;
}

/** Whether what is sent to a Service comes to the pods of a gateway, whatever that serves. */
export function leadsToGateway(world: Hops, service: MeshService): boolean {
  if (service.kind === 'Service') return world.gatewayPods.has(`${service.namespace}/${service.name}`);
  const ways = service.ports.flatMap(port => waysTo(world, service, port));
  return ways.some(([{ namespace, name }]) => world.gatewayPods.has(`${namespace}/${name}`));
}

/** The Services by which requests to a port go on: a Service itself, those that a ServiceEntry has as its endpoints. */
function waysTo(
  { gatewayPods, registry }: Hops,
  service: MeshService,
  port: MeshPort,
): readonly (readonly [MeshService, MeshPort])[] {
  if (gatewayPods.size === 0) return [];
  if (service.kind === 'Service') return [[service, port]];
  const endpoints = service.resource?.type === 'istio.ServiceEntry' ? service.resource.spec.endpoints : [];
  return (endpoints ?? []).flatMap(({ address, ports }) => {
    const behind = typeof address === 'string' ? findService(registry, lowerCaseHost(address)) : undefined;
    const number = numberOf(ports, port.name) ?? Number(port.targetPort);
    const reached = behind === undefined ? undefined : findPort(behind, number);
    return behind?.kind === 'Service' && reached !== undefined ? [[behind, reached] as const] : [];
  });
}

/** The port that an endpoint has instead, by the name of the port of its ServiceEntry. */
function numberOf(ports: unknown, name: string | undefined): number | undefined {
  const own = Object.entries(ports ?? {}).find(([key]) => key === name)?.[1];
  return typeof own === 'number' ? own : undefined;
}

function serves(
  { gateways, connectionIndex }: Hops,
  proxy: Gateways['proxies'][number],
  { targetPort, number }: MeshPort,
  host: string,
): boolean {
  const listening = proxy.servers.filter(({ listensOn }) => listensOn === targetPort || listensOn === number);
  const ports = new Set(listening.map(({ listensOn }) => listensOn));
  const isRouted = (gateways.configurations.get(proxy.id) ?? []).some(({ listensOn, virtualHosts }) => {
    const domain = ports.has(listensOn) ? mostSpecificHost(host, virtualHosts) : undefined;
    return domain !== undefined && (virtualHosts.get(domain)?.lists.length ?? 0) > 0;
  });
  return (
    isRouted ||
    listening.some(
      server =>
        (server.protocol === 'tls' || server.protocol === 'tcp') &&
        (connectionIndex.byBinding.get(server.gateway) ?? []).some(({ hosts }) =>
          hosts.some(own => hostsOverlap(own, host)),
        ),
    )
  );
}
