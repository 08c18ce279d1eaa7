import { placeOf } from '../../2-decode/place-of.ts';
import { besideOnPods, type Facts, type IstioGateway } from '../../3-link/facts.ts';
import type { GatewayServer } from '../../3-link/gateways/gateway-server.ts';
import { mergeServers } from '../../3-link/gateways/merge-servers.ts';
import { groupBy } from '../../3-link/group-by.ts';
import { isSubsetOfHost, mostSpecificHost } from '../../3-link/hostname.ts';
import { agedOf, byAge, compareText } from '../../3-link/virtual-services.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { listenerTls } from '../../semantics/listener-tls.ts';

/**
 * Says of which hosts the old pods ask and show the TLS of another Gateway: of the one with the closest name, then of the older one. The
 * new Gateway has only its own listeners, also for hosts of which it has no route at that port.
 *
 * @see istio.io/istio/pilot/pkg/model/gateway.go, mergeGateways
 */
export function reportTlsOfAnother(facts: Facts, own: IstioGateway, report: Report): void {
  const { resource } = own;
  const key = `${resource.namespace}/${resource.name}`;
  const rivals = besideOnPods(facts, own);
  if (rivals.length === 0) return;
  const onPods = [own, ...rivals].toSorted((a, b) => byAge(agedOf(a.resource), agedOf(b.resource)));
  // Without a creationTimestamp either Gateway may be the older one.
  const isAgeKnown = onPods.every(({ resource: { metadata } }) => metadata.creationTimestamp !== undefined);
  const orders = isAgeKnown ? [onPods] : [onPods, [...rivals, own]];
  const merged = orders.map(gateways => behindTls(mergeServers(gateways.flatMap(({ servers }) => servers))));
  const ownServers = behindTls(own.servers);
  const others = behindTls(rivals.flatMap(({ servers }) => servers));
  for (const server of ownServers) {
    const hosts = hostsOf(server);
    const closer = others
      .filter(({ listensOn }) => listensOn === server.listensOn)
      .flatMap(hostsOf)
      .filter(host => hosts.some(wide => isSubsetOfHost(host, wide)));
    const found = [...new Set([...hosts, ...closer])].flatMap(host => {
      if (serverFor(ownServers, server.listensOn, host) !== server) return [];
      const today = merged
        .map(servers => serverFor(servers, server.listensOn, host))
        .find(one => one !== undefined && one.gateway !== key && listenerTls(one) !== listenerTls(server));
      return today === undefined ? [] : [{ host, other: today.gateway }];
    });
    for (const [other, those] of groupBy(found, one => one.other))
      report('gateway-tls-of-another', placeOf(resource, 'spec', 'servers', server.index, 'tls'), {
        hosts: those
          .map(({ host }) => host)
          .toSorted(compareText)
          .join(', '),
        port: server.port,
        other,
      });
  }
}

function behindTls(servers: readonly GatewayServer[]): readonly GatewayServer[] {
  return servers.filter(({ protocol }) => protocol === 'https');
}

function hostsOf({ hosts }: GatewayServer): readonly string[] {
  return hosts.map(({ host }) => host);
}

/** The server whose TLS clients of a host get at a port of the pods: the first one with the closest name. */
function serverFor(
  servers: readonly GatewayServer[],
  port: GatewayServer['listensOn'],
  host: string,
): GatewayServer | undefined {
  const there = servers.filter(({ listensOn }) => listensOn === port);
  const name = mostSpecificHost(host, new Set(there.flatMap(hostsOf)));
  return there.find(server => name !== undefined && hostsOf(server).includes(name));
}
