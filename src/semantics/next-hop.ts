import { hostsOverlap, mostSpecificHost } from '../3-link/hostname.ts';
import type { MeshPort, MeshService } from '../3-link/registry.ts';
import type { Gateways } from './gateway.ts';
import type { World } from './world.ts';

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
 * connections by its lists.
 *
 * @returns the gateway's name for it; undefined where no gateway does, be it since the pods are of none
 */
export function nextHop(
  { gateways, gatewayPods, connectionIndex }: Pick<World, 'gateways' | 'gatewayPods' | 'connectionIndex'>,
  service: Pick<MeshService, 'namespace' | 'name'>,
  { targetPort, number }: MeshPort,
  host: string,
): string | undefined {
  const proxies = gatewayPods.get(`${service.namespace}/${service.name}`) ?? [];
  for (const proxy of proxies) {
    const listening = proxy.servers.filter(
      ({ listensOn }) => listensOn === targetPort || listensOn === number,
    );
    const ports = new Set(listening.map(({ listensOn }) => listensOn));
    const routed = (gateways.configurations.get(proxy.id) ?? []).some(({ listensOn, virtualHosts }) => {
      const domain = ports.has(listensOn) ? mostSpecificHost(host, virtualHosts) : undefined;
      return domain !== undefined && (virtualHosts.get(domain)?.lists.length ?? 0) > 0;
    });
    const passed = listening.some(
      server =>
        (server.protocol === 'tls' || server.protocol === 'tcp') &&
        (connectionIndex.byBinding.get(server.gateway) ?? []).some(({ hosts }) =>
          hosts.some(own => hostsOverlap(own, host)),
        ),
    );
    if (routed || passed) return `a gateway behind it that serves ${host}`;
  }
  return undefined;
}
