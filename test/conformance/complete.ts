import { type AnyResource, isType } from '../../src/2-decode/resource.ts';
import { resolveHost, type ServiceName, serviceHost, serviceNameOf } from '../../src/3-link/host.ts';
import { buildRegistry } from '../../src/3-link/registry.ts';
import { buildService } from '../../src/gateway-api/builders.ts';
import type * as gateway from '../../src/gateway-api/index.ts';
import type * as istio from '../../src/istio/index.ts';
import { missingGateways } from '../../src/semantics/stand-ins.ts';

/** A Service that a conversion takes to exist, and the labels of its pods beyond those of the root Service. */
export interface AssumedService extends ServiceName {
  readonly root: ServiceName;
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
    return buildService({ namespace: name.namespace, metadata: { name: name.name, namespace: name.namespace } }, spec);
  });
  return [...gateways, ...services];
}

/** The stand-ins of the model, with what an API server and istiod ask for besides. */
function withRealGateway(resource: AnyResource): AnyResource {
  if (resource.type === 'istio.Gateway') {
    const spec = { ...resource.spec, selector: { istio: `${resource.namespace}-${resource.name}`.slice(0, 63) } };
    return { ...resource, metadata: { ...resource.metadata, namespace: resource.namespace }, spec };
  }
  if (resource.type !== 'gateway.Gateway') return resource;
  const listeners = resource.spec.listeners?.map(listener =>
    listener.protocol === 'HTTPS' ? { ...listener, tls: { certificateRefs: [{ name: resource.name }] } } : listener,
  );
  return {
    ...resource,
    metadata: { ...resource.metadata, namespace: resource.namespace },
    spec: { ...resource.spec, ...(listeners === undefined ? {} : { listeners }) },
  };
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
    if (route.type !== 'gateway.HTTPRoute' && route.type !== 'gateway.GRPCRoute') continue;
    const { parentRefs = [], rules = [] } = route.spec;
    const backends = rules.flatMap(rule => [
      ...(rule.backendRefs ?? []),
      ...(rule.filters ?? []).flatMap(filter =>
        filter.type === 'RequestMirror' ? [filter.requestMirror.backendRef] : [],
      ),
    ]);
    const refs = [...parentRefs.filter(({ kind }) => kind === 'Service'), ...backends];
    for (const { kind = 'Service', name, namespace = route.namespace, port } of refs)
      if (kind === 'Service') add(serviceHost({ namespace, name }), port);
  }
  return named;
}
