import { placeOf } from '../../2-decode/place-of.ts';
import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import type * as istio from '../../istio/index.ts';
import { anew, type Derive } from '../derived.ts';
import { resolveGateway } from '../host.ts';
import { servicesOfPodsIn, waysToPodsOf } from './gateway-pods.ts';

/** A server of an Istio Gateway that names a port of the pods where clients come by one of their Service. */
export interface ClientPort {
  readonly gateway: Resource<'istio.Gateway'>;
  readonly index: number;
  readonly number: number;
  readonly port: number;
  /** `NAMESPACE/NAME` */
  readonly service: string;
}

/** Objects with the ports that clients come by, and where that is another port than the one that is written. */
export interface ClientPorts {
  readonly resources: readonly AnyResource[];
  readonly found: readonly ClientPort[];
}

/**
 * Has servers of Istio Gateways listen at the port of the Service that leads to the port of the pods which they name:
 * istiod serves the same there. Where a VirtualService of the Gateway matches by the port, all stays as it is written.
 *
 * @param resources with those that tell of Services among them
 * @param derive gives an Istio Gateway its ports
 * @see istio.io/istio/pilot/pkg/model/gateway.go, resolvePorts
 */
export function withClientPorts(resources: readonly AnyResource[], derive: Derive = anew): ClientPorts {
  const gateways = resources.filter(isType('istio.Gateway'));
  const servicesOfPods = servicesOfPodsIn(resources);
  const matched = new Map<AnyResource, ReadonlySet<number>>();
  const found: ClientPort[] = [];
  const changed = new Map<AnyResource, AnyResource>();
  for (const gateway of gateways) {
    const ways = waysToPodsOf(servicesOfPods, gateway.spec.selector);
    if (ways.length === 0) continue;
    const own = (gateway.spec.servers ?? []).flatMap(({ port: { number } }, index): readonly ClientPort[] => {
      if (ways.some(({ port }) => port === number)) return [];
      const way = ways.find(({ leadsTo, isKnown }) => isKnown && leadsTo === number);
      if (way === undefined) return [];
      const named = matched.get(gateway) ?? portsMatchedAt(gateway, resources);
      matched.set(gateway, named);
      const { namespace, name } = way.service;
      return named.has(number)
        ? []
        : [{ gateway, index, number, port: way.port, service: `${namespace}/${name}` }];
    });
    const [first] = own;
    // Ports of other servers and other ways to the pods would have to be joined.
    const isAlone = own.every(
      ({ port }) => !(gateway.spec.servers ?? []).some(one => one.port.number === port),
    );
    if (first === undefined || !isAlone) continue;
    found.push(...own);
    const withPorts = (): AnyResource => {
      const servers = (gateway.spec.servers ?? []).map((server, index): istio.Server => {
        const client = own.find(one => one.index === index);
        return client === undefined ? server : { ...server, port: { ...server.port, number: client.port } };
      });
      return { ...gateway, spec: { ...gateway.spec, servers } };
    };
    const change = JSON.stringify(own.map(({ index, port }) => [index, port]));
    changed.set(gateway, derive(gateway, change, withPorts));
  }
  return { resources: resources.map(resource => changed.get(resource) ?? resource), found };
}

/** The ports that matches of VirtualServices of a Gateway name. */
function portsMatchedAt(
  { namespace, name }: Resource<'istio.Gateway'>,
  resources: readonly AnyResource[],
): ReadonlySet<number> {
  const ports = resources.filter(isType('istio.VirtualService')).flatMap(vs => {
    const isBound = (vs.spec.gateways ?? []).some(
      gateway => resolveGateway(gateway, vs.namespace) === `${namespace}/${name}`,
    );
    if (!isBound) return [];
    const { http = [], tls = [], tcp = [] } = vs.spec;
    return [...http, ...tls, ...tcp].flatMap(({ match = [] }) => match.flatMap(({ port }) => port ?? []));
  });
  return new Set(ports);
}

/** Says which ports the listeners of Istio Gateways of the input get. */
export function reportClientPorts(
  found: readonly ClientPort[],
  inputs: readonly AnyResource[],
  report: Report,
): void {
  const sources = new Set(inputs.map(({ source }) => source));
  for (const { gateway, index, number, port, service } of found) {
    if (gateway.source === undefined || !sources.has(gateway.source)) continue;
    const place = placeOf(gateway, 'spec', 'servers', index, 'port', 'number');
    report('gateway-port-of-service', place, { number, port, service });
  }
}
