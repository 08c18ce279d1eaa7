import { buildGateway } from '../2-decode/build-resource.ts';
import type { AnyResource, Resource } from '../2-decode/resource.ts';
import { isType } from '../2-decode/resource.ts';
import { includesNamespace } from '../3-link/export-to.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import { resolveGateway } from '../3-link/host.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';

/** A Gateway of Istio, or one of the Gateway API. */
export type GatewayType = 'istio.Gateway' | 'gateway.Gateway';

/** A port of a gateway, and whether it is behind TLS. */
export interface Entrance {
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

/** The assumed ports of a gateway that is not found in the input. */
export const usualEntrances: readonly Entrance[] = [
  { port: 80, scheme: 'http' },
  { port: 443, scheme: 'https' },
];

/** An Istio Gateway that serves every host. */
export function istioStandIn(key: string, entrances: readonly Entrance[]): Resource<'istio.Gateway'> {
  const [namespace = '', name = ''] = key.split('/');
  return {
    type: 'istio.Gateway',
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    name,
    namespace,
    metadata: { name },
    spec: {
      selector: { [standInLabel]: key },
      servers: entrances.map(({ port, scheme }) => ({
        port: { number: port, protocol: scheme.toUpperCase(), name: `${scheme}-${port}` },
        hosts: ['*'],
        ...(scheme === 'https' ? { tls: { mode: 'SIMPLE', credentialName: name } } : {}),
      })),
    },
  };
}

/**
 * Whether pods of a namespace see what is exported to some. Where the pods of an Istio Gateway that is not found in the input
 * run is not known; whoever names it counts on being seen there.
 */
export function isExportedTo(
  { exportTo }: { readonly exportTo: readonly string[] },
  namespace: string,
  { resource }: Pick<GatewayServer, 'resource'>,
): boolean {
  const isStandIn = resource.type === 'istio.Gateway' && resource.spec.selector?.[standInLabel] !== undefined;
  return isStandIn ? !exportTo.includes('~') : includesNamespace(exportTo, namespace);
}

const standInLabel = 'stand-in';

/** A port of a gateway that passes connections on, by the names in their handshakes or as they are. */
export interface Passage {
  readonly port: number;
  readonly protocol: 'TLS' | 'TCP';
}

/** A listener that passes every connection on. */
export function passingListener({ port, protocol }: Passage, name?: string): gateway.Listener {
  return {
    name: name ?? nameOf({ port, protocol }),
    port,
    protocol,
    ...(protocol === 'TLS' ? { tls: { mode: 'Passthrough' } } : {}),
    allowedRoutes: { namespaces: { from: 'All' } },
  };
}

/** An Istio Gateway that passes every connection on; it has pods of its own, so that it leaves requests alone. */
export function passingStandIn(key: string, passages: readonly Passage[]): Resource<'istio.Gateway'> {
  const made = istioStandIn(key, []);
  const servers = passages.map(({ port, protocol }) => ({
    port: { number: port, protocol, name: `${protocol.toLowerCase()}-${port}` },
    hosts: ['*'],
    ...(protocol === 'TLS' ? { tls: { mode: 'PASSTHROUGH' as const } } : {}),
  }));
  return { ...made, spec: { selector: { [standInLabel]: `connections of ${key}` }, servers } };
}

/** A listener for every host at each entrance, open to all namespaces. */
export function standInListeners(
  entrances: readonly (Entrance & { readonly listener?: string })[],
): readonly gateway.Listener[] {
  return entrances.map(
    ({ port, scheme, listener }): gateway.Listener => ({
      name: listener ?? `${scheme}-${port}`,
      port,
      protocol: scheme.toUpperCase(),
      allowedRoutes: { namespaces: { from: 'All' } },
    }),
  );
}

/** A Gateway that nobody showed us. */
export function gatewayStandIn(
  namespace: string,
  name: string,
  listeners: readonly gateway.Listener[],
): Resource<'gateway.Gateway'> {
  return buildGateway({ namespace, metadata: { name } }, { gatewayClassName: 'istio', listeners });
}

/**
 * Gateways that objects are bound to and that nobody showed us, such as the objects ask for: with the ports their
 * matches name, and the listeners their parentRefs name.
 *
 * @param isAbsent whether a Gateway is known not to be there, so that nothing stands in for it
 */
export function missingGateways(
  resources: readonly AnyResource[],
  isAbsent: (type: GatewayType, key: string) => boolean = () => false,
): readonly (Resource<'istio.Gateway'> | Resource<'gateway.Gateway'>)[] {
  const keyOf = ({ namespace, name }: AnyResource) => `${namespace}/${name}`;
  const istio = new Set(resources.filter(isType('istio.Gateway')).map(keyOf));
  const shown = new Set(resources.filter(isType('gateway.Gateway')).map(keyOf));
  const asked = new Map<string, Map<string, Entrance>>();
  const passed = new Map<string, Map<string, Passage>>();
  for (const vs of resources.filter(isType('istio.VirtualService'))) {
    for (const written of vs.spec.gateways ?? []) {
      const key = resolveGateway(written, vs.namespace);
      if (key === 'mesh' || istio.has(key) || isAbsent('istio.Gateway', key)) continue;
      const ports = (vs.spec.http ?? []).flatMap(({ match = [] }) => match.flatMap(({ port }) => port ?? []));
      const named = ports.map(
        (port): Entrance => ({ port, scheme: port === 443 || port === 8443 ? 'https' : 'http' }),
      );
      const known = asked.get(key) ?? new Map<string, Entrance>();
      for (const entrance of [...usualEntrances, ...named]) known.set(`${entrance.port}`, entrance);
      asked.set(key, known);
      const passages = passagesOf(vs.spec);
      if (passages.length > 0)
        passed.set(
          key,
          new Map([...(passed.get(key) ?? []), ...passages.map(one => [nameOf(one), one] as const)]),
        );
    }
  }
  const wanted = new Map<string, Map<string, Entrance & { readonly listener?: string }>>();
  for (const route of resources.filter(
    resource => resource.type === 'gateway.HTTPRoute' || resource.type === 'gateway.GRPCRoute',
  )) {
    const parents = route.spec.parentRefs ?? [];
    // Beside a Service, a Gateway is the waypoint of it.
    if (parents.some(({ kind }) => kind === 'Service' || kind === 'ServiceEntry')) continue;
    for (const { kind = 'Gateway', namespace = route.namespace, name, sectionName, port } of parents) {
      const key = `${namespace}/${name}`;
      if (kind !== 'Gateway' || shown.has(key) || isAbsent('gateway.Gateway', key)) continue;
      const known = wanted.get(key) ?? new Map<string, Entrance & { readonly listener?: string }>();
      for (const entrance of entrancesFor(sectionName, port))
        known.set(entrance.listener ?? `${entrance.port}`, entrance);
      wanted.set(key, known);
    }
  }
  const passing = missingListeners(resources, key => shown.has(key) || isAbsent('gateway.Gateway', key));
  return [
    ...[...asked].map(([key, entrances]) => istioStandIn(key, [...entrances.values()])),
    ...[...passed].map(([key, passages]) => passingStandIn(key, [...passages.values()])),
    ...[...new Set([...wanted.keys(), ...passing.keys()])].map(key => {
      const [namespace = '', name = ''] = key.split('/');
      const listeners = standInListeners([...(wanted.get(key)?.values() ?? [])]);
      return gatewayStandIn(namespace, name, [...listeners, ...(passing.get(key)?.values() ?? [])]);
    }),
  ];
}

function nameOf({ port, protocol }: Passage): string {
  return `${protocol.toLowerCase()}-${port}`;
}

/** The ports that tls and tcp entries name; where none is named, the usual one for TLS, else that of the destination. */
function passagesOf({ tls = [], tcp = [] }: istio.VirtualService): readonly Passage[] {
  const of = (entry: istio.TLSRoute | istio.TCPRoute, protocol: Passage['protocol']) => {
    const named = (entry.match ?? []).flatMap(({ port }) => port || []);
    const usual = protocol === 'TLS' ? 443 : (entry.route?.[0]?.destination.port?.number ?? 80);
    return (named.length > 0 ? named : [usual]).map(port => ({ port, protocol }));
  };
  return [...tls.flatMap(entry => of(entry, 'TLS')), ...tcp.flatMap(entry => of(entry, 'TCP'))];
}

/** Listeners for the TLSRoutes and TCPRoutes of Gateways that nobody showed us. */
function missingListeners(
  resources: readonly AnyResource[],
  isKnown: (key: string) => boolean,
): ReadonlyMap<string, ReadonlyMap<string, gateway.Listener>> {
  const found = new Map<string, Map<string, gateway.Listener>>();
  for (const route of resources) {
    if (route.type !== 'gateway.TLSRoute' && route.type !== 'gateway.TCPRoute') continue;
    const parents = route.spec.parentRefs ?? [];
    if (parents.some(({ kind }) => kind === 'Service' || kind === 'ServiceEntry')) continue;
    const protocol = route.type === 'gateway.TLSRoute' ? 'TLS' : 'TCP';
    const usual = protocol === 'TLS' ? 443 : (route.spec.rules?.[0]?.backendRefs?.[0]?.port ?? 80);
    for (const {
      kind = 'Gateway',
      namespace = route.namespace,
      name,
      sectionName,
      port = usual,
    } of parents) {
      const key = `${namespace}/${name}`;
      if (kind !== 'Gateway' || isKnown(key)) continue;
      const known = found.get(key) ?? new Map<string, gateway.Listener>();
      const listener = sectionName ?? nameOf({ port, protocol });
      known.set(listener, passingListener({ port, protocol }, listener));
      found.set(key, known);
    }
  }
  return found;
}

/** A listener that is named like https is behind TLS. */
function entrancesFor(
  sectionName: string | undefined,
  port: number | undefined,
): readonly (Entrance & { readonly listener?: string })[] {
  if (sectionName === undefined && port === undefined) return usualEntrances;
  const scheme = port === 443 || port === 8443 || /https|tls|443/i.test(sectionName ?? '') ? 'https' : 'http';
  const number = port ?? (scheme === 'https' ? 443 : 80);
  return [{ port: number, scheme, ...(sectionName === undefined ? {} : { listener: sectionName }) }];
}
