import type { AnyResource, Resource } from '../2-decode/resource.ts';
import { isType } from '../2-decode/resource.ts';
import { resolveGateway } from '../3-link/host.ts';
import { buildGateway } from '../gateway-api/builders.ts';
import type * as gateway from '../gateway-api/index.ts';

/** A port of a gateway, and whether it is behind TLS. */
export interface Entrance {
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

/** What a gateway that nobody showed us is taken to listen on. */
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
      selector: { 'stand-in': key },
      servers: entrances.map(({ port, scheme }) => ({
        port: { number: port, protocol: scheme.toUpperCase(), name: `${scheme}-${port}` },
        hosts: ['*'],
        ...(scheme === 'https' ? { tls: { mode: 'SIMPLE', credentialName: name } } : {}),
      })),
    },
  };
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
 */
export function missingGateways(resources: readonly AnyResource[]): readonly AnyResource[] {
  const keyOf = ({ namespace, name }: AnyResource) => `${namespace}/${name}`;
  const istio = new Set(resources.filter(isType('istio.Gateway')).map(keyOf));
  const shown = new Set(resources.filter(isType('gateway.Gateway')).map(keyOf));
  const asked = new Map<string, Map<string, Entrance>>();
  for (const vs of resources.filter(isType('istio.VirtualService'))) {
    for (const written of vs.spec.gateways ?? []) {
      const key = resolveGateway(written, vs.namespace);
      if (key === 'mesh' || istio.has(key)) continue;
      const ports = (vs.spec.http ?? []).flatMap(({ match = [] }) => match.flatMap(({ port }) => port ?? []));
      const named = ports.map(
        (port): Entrance => ({ port, scheme: port === 443 || port === 8443 ? 'https' : 'http' }),
      );
      const known = asked.get(key) ?? new Map<string, Entrance>();
      for (const entrance of [...usualEntrances, ...named]) known.set(`${entrance.port}`, entrance);
      asked.set(key, known);
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
      if (kind !== 'Gateway' || shown.has(key)) continue;
      const known = wanted.get(key) ?? new Map<string, Entrance & { readonly listener?: string }>();
      for (const entrance of entrancesFor(sectionName, port))
        known.set(entrance.listener ?? `${entrance.port}`, entrance);
      wanted.set(key, known);
    }
  }
  return [
    ...[...asked].map(([key, entrances]) => istioStandIn(key, [...entrances.values()])),
    ...[...wanted].map(([key, entrances]) => {
      const [namespace = '', name = ''] = key.split('/');
      return gatewayStandIn(namespace, name, standInListeners([...entrances.values()]));
    }),
  ];
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
