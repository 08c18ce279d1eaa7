import type { AnyResource } from '../../src/2-decode/resource.ts';
import { toManifest } from '../../src/6-emit/manifest.ts';
import { admission } from '../../src/admission/admission.ts';
import type * as gateway from '../../src/gateway-api/index.ts';

/** A route of a conversion. */
export type Route = Extract<AnyResource, { readonly type: 'gateway.HTTPRoute' | 'gateway.GRPCRoute' }>;

/** Converted routes behind one Gateway, with all that they need. */
export interface Sample {
  /** As an API server gives them to a controller. */
  readonly objects: readonly Manifest[];
  /** A name for each hostname that a route has. */
  readonly hosts: readonly string[];
  /** The Service of each address, as `reviews.bookinfo`. */
  readonly services: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec?: unknown;
}

const bundle = { gatewayApi: '1.6', channel: 'experimental' };

/** The CRDs of the implementations are those of 1.6 or older; `controller` is a GatewayClass of Istio where none is given. */
export function sampleOf(routes: readonly Route[], controller: string | undefined): Sample {
  const attached = routes.map(attachedRoute);
  const backends = [...new Map(routes.flatMap(backendsOf).map(one => [JSON.stringify(one), one])).values()];
  const names = [...new Set(backends.map(({ service }) => service))].sort();
  const namespaces = new Set([
    'sample',
    ...routes.map(({ namespace }) => namespace),
    ...backends.map(({ namespace }) => namespace),
  ]);
  return {
    objects: [
      ...[...namespaces].map(name => object('v1', 'Namespace', { name })),
      object(
        'gateway.networking.k8s.io/v1',
        'GatewayClass',
        { name: className(controller) },
        {
          controllerName: controller ?? 'istio.io/gateway-controller',
        },
      ),
      edge(className(controller)),
      ...attached,
      ...[...namespaces].map(namespace => grant(namespace, [...namespaces])),
      ...names.flatMap((name, index) =>
        serviceObjects(
          index,
          backends.filter(({ service }) => service === name),
        ),
      ),
    ].map(stored),
    hosts: [...new Set(attached.flatMap(({ spec }) => hostnamesIn(spec)))].map(host =>
      host.replace(/^\*/, 'any'),
    ),
    services: new Map(names.map((name, index) => [addressOf(index), name])),
  };
}

function className(controller: string | undefined): string {
  return controller === undefined ? 'istio' : 'sample';
}

function object(apiVersion: string, kind: string, metadata: Manifest['metadata'], spec?: unknown): Manifest {
  return { apiVersion, kind, metadata, ...(spec === undefined ? {} : { spec }) };
}

function edge(gatewayClassName: string): Manifest {
  return object(
    'gateway.networking.k8s.io/v1',
    'Gateway',
    { name: 'edge', namespace: 'sample' },
    {
      gatewayClassName,
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } },
      ],
    },
  );
}

function attachedRoute(route: Route): Manifest {
  const { metadata, ...rest } = toManifest(attached(route));
  return { ...rest, metadata: { name: metadata['name'], namespace: route.namespace } };
}

/** A route of the mesh is for the names of its Services behind the Gateway. */
export function attached(route: Route): Route {
  const services = (route.spec.parentRefs ?? []).filter(({ kind }) => kind === 'Service');
  const ofServices = services.map(
    ({ name, namespace }) => `${name}.${namespace ?? route.namespace}.svc.cluster.local`,
  );
  const { hostnames = ofServices, ...spec } = route.spec;
  return {
    ...route,
    spec: {
      ...spec,
      parentRefs: [{ name: 'edge', namespace: 'sample' }],
      ...(hostnames.length === 0 ? {} : { hostnames }),
    },
  } as Route;
}

function hostnamesIn(spec: unknown): readonly string[] {
  return (spec as { readonly hostnames?: readonly string[] }).hostnames ?? ['any.example.com'];
}

/** A port of a Service that a route sends to. */
interface Backend {
  readonly service: string;
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
  readonly isGrpc: boolean;
}

function backendsOf(route: Route): readonly Backend[] {
  const rules: readonly (gateway.HTTPRouteRule | gateway.GRPCRouteRule)[] = route.spec.rules ?? [];
  return rules.flatMap(({ backendRefs = [], filters = [] }) =>
    [
      ...backendRefs,
      ...[...filters, ...backendRefs.flatMap(backend => backend.filters ?? [])].flatMap(filter =>
        filter.type === 'RequestMirror' ? [filter.requestMirror.backendRef] : [],
      ),
    ].map(({ name, namespace = route.namespace, port = 80 }) => ({
      service: `${name}.${namespace}`,
      name,
      namespace,
      port,
      isGrpc: route.type === 'gateway.GRPCRoute',
    })),
  );
}

/** Whether the backends of a route are Services, which every implementation knows. */
export function sendsToServices(route: Route): boolean {
  const rules: readonly (gateway.HTTPRouteRule | gateway.GRPCRouteRule)[] = route.spec.rules ?? [];
  const isService = ({ kind = 'Service', group = '' }: { readonly kind?: string; readonly group?: string }) =>
    kind === 'Service' && group === '';
  return rules.every(({ backendRefs = [], filters = [] }) =>
    [...filters, ...backendRefs.flatMap(backend => backend.filters ?? [])]
      .flatMap(filter => (filter.type === 'RequestMirror' ? [filter.requestMirror.backendRef] : []))
      .concat(backendRefs)
      .every(isService),
  );
}

function grant(namespace: string, from: readonly string[]): Manifest {
  return object(
    'gateway.networking.k8s.io/v1beta1',
    'ReferenceGrant',
    { name: 'all', namespace },
    {
      from: from.flatMap(one =>
        ['HTTPRoute', 'GRPCRoute'].map(kind => ({
          group: 'gateway.networking.k8s.io',
          kind,
          namespace: one,
        })),
      ),
      to: [{ group: '', kind: 'Service' }],
    },
  );
}

function addressOf(index: number): string {
  return `10.96.${Math.floor(index / 200)}.${(index % 200) + 1}`;
}

function serviceObjects(index: number, ports: readonly Backend[]): readonly Manifest[] {
  const [first] = ports;
  if (first === undefined) return [];
  const { name, namespace } = first;
  const numbers = [...new Set(ports.map(({ port }) => port))];
  const isGrpc = (number: number) => ports.some(({ port, isGrpc: is }) => port === number && is);
  return [
    object(
      'v1',
      'Service',
      { name, namespace },
      {
        clusterIP: addressOf(index),
        clusterIPs: [addressOf(index)],
        type: 'ClusterIP',
        selector: { app: name },
        ports: numbers.map(port => ({
          name: `p${port}`,
          port,
          targetPort: port,
          protocol: 'TCP',
          ...(isGrpc(port) ? { appProtocol: 'kubernetes.io/h2c' } : {}),
        })),
      },
    ),
    {
      ...object('discovery.k8s.io/v1', 'EndpointSlice', {
        name: `${name}-1`,
        namespace,
        labels: { 'kubernetes.io/service-name': name },
      }),
      ...{
        addressType: 'IPv4',
        ports: numbers.map(port => ({ name: `p${port}`, port, protocol: 'TCP' })),
        endpoints: [
          { addresses: [addressOf(index).replace('10.96', '10.244')], conditions: { ready: true } },
        ],
      },
    },
  ];
}

/**
 * The routes of the port that the first one is for: the sample has one listener. The redirects of a plain listener beside routes
 * behind TLS are not among them.
 */
export function ofOneListener(routes: readonly Route[]): readonly Route[] {
  const others = routes.filter(({ name }) => !name.endsWith('-https-redirect'));
  const ofListener = others.filter(route => listenersOf(route) === listenersOf(others[0]));
  // Of documents for several environments a cluster has one.
  const nameOf = ({ kind, namespace, name }: Route) => `${kind} ${namespace}/${name}`;
  return ofListener.filter(
    (route, index) => ofListener.findIndex(other => nameOf(other) === nameOf(route)) === index,
  );
}

function listenersOf(route: Route | undefined): string {
  return JSON.stringify((route?.spec.parentRefs ?? []).map(({ port, sectionName }) => [port, sectionName]));
}

/** Whether an API server takes the routes: those with placeholders it does not. */
export function areTaken(routes: readonly Route[]): boolean {
  return routes.every(route => admission.admit(attachedRoute(route), bundle)?.refusals.length === 0);
}

function stored(manifest: Manifest): Manifest {
  return (admission.admit(manifest, bundle)?.stored as Manifest | undefined) ?? manifest;
}
