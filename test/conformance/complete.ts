import { buildService } from '../../src/2-decode/build-resource.ts';
import { type AnyResource, isRoute, isType } from '../../src/2-decode/resource.ts';
import { resolveHost, type ServiceName, serviceHost, serviceNameOf } from '../../src/3-link/host.ts';
import { buildRegistry } from '../../src/3-link/registry.ts';
import { backendsOf } from '../../src/3-link/route-backends.ts';
import {
  buildDestinationRules,
  destinationRulesFor,
  rootPolicyOf,
} from '../../src/3-link/subsets/destination-rules.ts';
import type * as gateway from '../../src/gateway-api/index.ts';
import type * as istio from '../../src/istio/index.ts';
import { missingGateways } from '../../src/semantics/stand-ins.ts';

/** A Service that a conversion takes to exist, and the labels of its pods beyond those of the root Service. */
export interface AssumedService extends ServiceName {
  readonly root: ServiceName;
  readonly subset: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * What manifests name and do not hold: Services, Gateways, the DestinationRules of subsets. istiod has to see them, or it
 * would say nothing of those who name them.
 *
 * @param defaultPort of Services whose ports nobody names
 * @param assumed Services of versions that the conversion takes to exist
 */
export function missingObjects(
  resources: readonly AnyResource[],
  defaultPort: number,
  assumed: readonly AssumedService[],
): readonly AnyResource[] {
  const gateways = missingGateways(resources).map(withRealGateway);
  const named = namedServices([...resources, ...gateways]);
  const { byHost } = buildRegistry(resources, undefined);
  const versions = new Map(assumed.map(service => [serviceHost(service), service]));
  const services = [...named].flatMap(([host, ports]) => {
    const name = serviceNameOf(host);
    if (name === undefined || byHost.has(host)) return [];
    const version = versions.get(host);
    const root = version === undefined ? undefined : byHost.get(serviceHost(version.root));
    const selector = { ...(root?.selector ?? { app: version?.root.name ?? name.name }), ...version?.labels };
    const numbers = ports.size === 0 ? [defaultPort] : [...ports].sort((a, b) => a - b);
    const spec: gateway.Service = {
      selector,
      ports: numbers.map(port => ({ name: `http-${port}`, port })),
    };
    return buildService(
      { namespace: name.namespace, metadata: { name: name.name, namespace: name.namespace } },
      spec,
    );
  });
  return [...gateways, ...services, ...missingEntries(resources), ...missingSubsets(assumed, resources)];
}

/** ServiceEntries that routes are attached to. */
function missingEntries(resources: readonly AnyResource[]): readonly AnyResource[] {
  const known = new Set(
    resources.filter(isType('istio.ServiceEntry')).map(({ namespace, name }) => `${namespace}/${name}`),
  );
  return resources.flatMap(route => {
    if (route.type !== 'gateway.HTTPRoute') return [];
    const ports = (route.spec.rules ?? []).flatMap(({ backendRefs = [] }) =>
      backendRefs.flatMap(({ port }) => port ?? []),
    );
    const hosts = route.spec.hostnames ?? [`${route.name}.example`];
    return (route.spec.parentRefs ?? [])
      .filter(({ kind }) => kind === 'ServiceEntry')
      .map(({ name, namespace = route.namespace }) => ({ name, namespace }))
      .filter(({ name, namespace }) => !known.has(`${namespace}/${name}`))
      .map(
        ({ name, namespace }): AnyResource => ({
          type: 'istio.ServiceEntry',
          apiVersion: 'networking.istio.io/v1',
          kind: 'ServiceEntry',
          name,
          namespace,
          metadata: { name, namespace },
          spec: {
            hosts,
            location: 'MESH_EXTERNAL',
            resolution: 'DNS',
            ports: [...new Set([80, ...ports])].map(number => ({
              number,
              name: `http-${number}`,
              protocol: 'HTTP',
            })),
          },
        }),
      );
  });
}

/** The labels of a subset that no DestinationRule was shown for. */
export function labelsOfUnknownSubset(subset: string): Readonly<Record<string, string>> {
  return { version: subset };
}

/** DestinationRules for subsets that a conversion takes to exist. */
function missingSubsets(
  assumed: readonly AssumedService[],
  resources: readonly AnyResource[],
): readonly AnyResource[] {
  const known = new Set(
    resources
      .filter(isType('istio.DestinationRule'))
      .map(({ namespace, spec }) => resolveHost(spec.host, namespace)),
  );
  const byRoot = new Map<string, readonly AssumedService[]>();
  for (const service of assumed) {
    const host = serviceHost(service.root);
    if (!known.has(host)) byRoot.set(host, [...(byRoot.get(host) ?? []), service]);
  }
  const rules = buildDestinationRules(resources);
  return [...byRoot].map(([host, services]): AnyResource => {
    const { name, namespace } = services[0]?.root ?? { name: '', namespace: '' };
    // What a wildcard says of the Service holds for its versions as well.
    const trafficPolicy = rootPolicyOf(destinationRulesFor(rules, host, namespace, namespace));
    const subsets = new Map(services.map(({ subset, labels }) => [subset, labels]));
    return {
      type: 'istio.DestinationRule',
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      name,
      namespace,
      metadata: { name, namespace },
      spec: {
        host,
        ...(trafficPolicy === undefined ? {} : { trafficPolicy }),
        subsets: [...subsets].map(([subset, labels]) => ({ name: subset, labels })),
      },
    };
  });
}

/** The stand-ins of the model, with what an API server and istiod ask for besides. */
function withRealGateway(resource: AnyResource): AnyResource {
  if (resource.type === 'istio.Gateway') {
    const spec = {
      ...resource.spec,
      selector: { istio: `${resource.namespace}-${resource.name}`.slice(0, 63) },
    };
    return { ...resource, metadata: { ...resource.metadata, namespace: resource.namespace }, spec };
  }
  if (resource.type !== 'gateway.Gateway') return resource;
  const listeners = withOwnPorts(resource.spec.listeners ?? []).map(listener =>
    listener.protocol === 'HTTPS'
      ? { ...listener, tls: { certificateRefs: [{ name: resource.name }] } }
      : listener,
  );
  return {
    ...resource,
    metadata: { ...resource.metadata, namespace: resource.namespace },
    spec: { ...resource.spec, listeners },
  };
}

/** No two listeners have the same port and hosts. */
function withOwnPorts(listeners: readonly gateway.Listener[]): readonly gateway.Listener[] {
  return listeners.map((listener, index) =>
    listeners.slice(0, index).some(({ port }) => port === listener.port)
      ? { ...listener, port: listener.port + 10_000 + index }
      : listener,
  );
}

/** Services by their full names, and the ports that somebody names. */
function namedServices(resources: readonly AnyResource[]): ReadonlyMap<string, ReadonlySet<number>> {
  const named = new Map<string, Set<number>>();
  const add = (host: string, port: number | undefined) => {
    const ports = named.get(host) ?? new Set<number>();
    named.set(host, ports);
    if (port !== undefined && port > 0) ports.add(port);
  };
  for (const { namespace, spec } of resources.filter(isType('istio.VirtualService'))) {
    const mesh = spec.gateways === undefined || spec.gateways.length === 0 || spec.gateways.includes('mesh');
    const to = ({ host, port }: istio.Destination) => add(resolveHost(host, namespace), port?.number);
    if (mesh) for (const host of spec.hosts ?? []) add(resolveHost(host, namespace), undefined);
    for (const http of spec.http ?? []) {
      for (const { destination } of http.route ?? []) to(destination);
      for (const { destination } of http.mirrors ?? []) to(destination);
      if (http.mirror !== undefined) to(http.mirror);
      if (!mesh) continue;
      for (const { port } of http.match ?? [])
        for (const host of spec.hosts ?? []) add(resolveHost(host, namespace), port);
    }
    for (const { route = [] } of [...(spec.tcp ?? []), ...(spec.tls ?? [])])
      for (const { destination } of route) to(destination);
  }
  for (const route of resources) {
    if (!isRoute(route)) continue;
    const parents = (route.spec.parentRefs ?? []).filter(({ kind }) => kind === 'Service');
    for (const { kind = 'Service', name, namespace = route.namespace, port } of [
      ...parents,
      ...backendsOf(route),
    ])
      if (kind === 'Service') add(serviceHost({ namespace, name }), port);
  }
  return named;
}
