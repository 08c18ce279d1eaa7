import type { ResourceType } from '../2-decode/resource.ts';
import type * as gateway from '../gateway-api/index.ts';
import { ownValue } from '../yaml/own-value.ts';

/** For each field that holds objects, by its name, the order of their keys; `spec` is the spec itself. */
type KeyOrder = Readonly<Record<string, readonly string[]>>;

/** Each key with its place; a field that is added to a type does not compile until it has one. */
type Places<T> = Readonly<Record<keyof T, number>>;

function keysOf<T>(places: Places<T>): readonly string[] {
  return Object.entries<number>(places)
    .sort(([, a], [, b]) => a - b)
    .map(([key]) => key);
}

const references = keysOf<gateway.HTTPBackendRef>({
  group: 1,
  kind: 2,
  name: 3,
  namespace: 4,
  port: 5,
  weight: 6,
  filters: 7,
});
const header = keysOf<gateway.HTTPHeaderMatch>({ type: 1, name: 2, value: 3 });
const headerFilter = keysOf<gateway.HTTPHeaderFilter>({ set: 1, add: 2, remove: 3 });

const filter: KeyOrder = {
  filters: ['type'],
  requestHeaderModifier: headerFilter,
  responseHeaderModifier: headerFilter,
  set: keysOf<gateway.HTTPHeader>({ name: 1, value: 2 }),
  add: keysOf<gateway.HTTPHeader>({ name: 1, value: 2 }),
  requestMirror: keysOf<gateway.HTTPRequestMirrorFilter>({ backendRef: 1, percent: 2, fraction: 3 }),
  backendRef: references,
  fraction: keysOf<gateway.Fraction>({ numerator: 1, denominator: 2 }),
  requestRedirect: keysOf<gateway.HTTPRequestRedirectFilter>({
    scheme: 1,
    hostname: 2,
    path: 3,
    port: 4,
    statusCode: 5,
  }),
  urlRewrite: keysOf<gateway.HTTPURLRewriteFilter>({ hostname: 1, path: 2 }),
  cors: keysOf<gateway.HTTPCORSFilter>({
    allowOrigins: 1,
    allowCredentials: 2,
    allowMethods: 3,
    allowHeaders: 4,
    exposeHeaders: 5,
    maxAge: 6,
  }),
};

const route: KeyOrder = {
  ...filter,
  spec: keysOf<gateway.HTTPRoute>({ parentRefs: 1, hostnames: 2, rules: 3 }),
  parentRefs: keysOf<gateway.ParentReference>({
    group: 1,
    kind: 2,
    namespace: 3,
    name: 4,
    sectionName: 5,
    port: 6,
  }),
  rules: keysOf<gateway.HTTPRouteRule>({
    name: 1,
    matches: 2,
    filters: 3,
    backendRefs: 4,
    timeouts: 5,
    retry: 6,
  }),
  backendRefs: references,
  headers: header,
};

/**
 * The order in which the API declares its fields, which is how its documentation and people write them.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/
 */
const keyOrders: Readonly<Partial<Record<ResourceType, KeyOrder>>> = {
  'gateway.HTTPRoute': {
    ...route,
    matches: keysOf<gateway.HTTPRouteMatch>({ path: 1, headers: 2, queryParams: 3, method: 4 }),
    path: [...keysOf<gateway.HTTPPathMatch>({ type: 1, value: 2 }), 'replaceFullPath', 'replacePrefixMatch'],
    queryParams: keysOf<gateway.HTTPQueryParamMatch>({ type: 1, name: 2, value: 3 }),
    timeouts: keysOf<gateway.HTTPRouteTimeouts>({ request: 1, backendRequest: 2 }),
    retry: keysOf<gateway.HTTPRouteRetry>({ codes: 1, attempts: 2, backoff: 3 }),
  },
  'gateway.GRPCRoute': {
    ...route,
    matches: keysOf<gateway.GRPCRouteMatch>({ method: 1, headers: 2 }),
    method: keysOf<gateway.GRPCMethodMatch>({ type: 1, service: 2, method: 3 }),
  },
  'gateway.TLSRoute': route,
  'gateway.TCPRoute': route,
  'gateway.Gateway': {
    spec: ['gatewayClassName', 'listeners', 'addresses', 'infrastructure', 'tls'],
    listeners: ['name', 'hostname', 'port', 'protocol', 'tls', 'allowedRoutes'],
    tls: ['mode', 'certificateRefs', 'options', 'frontend'],
    certificateRefs: references,
    caCertificateRefs: references,
    allowedRoutes: ['namespaces', 'kinds'],
    namespaces: ['from', 'selector'],
    addresses: ['type', 'value'],
  },
  'gateway.ReferenceGrant': {
    spec: ['from', 'to'],
    from: ['group', 'kind', 'namespace'],
    to: ['group', 'kind', 'name'],
  },
  'gateway.BackendTLSPolicy': {
    spec: ['targetRefs', 'validation'],
    targetRefs: ['group', 'kind', 'name', 'sectionName'],
    validation: ['caCertificateRefs', 'wellKnownCACertificates', 'hostname', 'subjectAltNames'],
  },
  'core.Service': {
    spec: ['ports', 'selector', 'clusterIP', 'type', 'externalName'],
    ports: ['name', 'protocol', 'appProtocol', 'port', 'targetPort', 'nodePort'],
  },
  'istio.DestinationRule': {
    spec: ['host', 'trafficPolicy', 'subsets', 'exportTo', 'workloadSelector'],
    subsets: ['name', 'labels', 'trafficPolicy'],
  },
};

/** @returns the spec with the keys of its objects in the order of the API; keys of free maps stay as they are */
export function inApiOrder(type: ResourceType, spec: unknown): unknown {
  const order = keyOrders[type];
  return order === undefined ? spec : sorted(spec, 'spec', order);
}

function sorted(value: unknown, field: string, order: KeyOrder): unknown {
  if (Array.isArray(value)) return value.map(item => sorted(item, field, order));
  if (typeof value !== 'object' || value === null) return value;
  const values = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(values);
  const known = ownValue(order, field);
  const inOrder =
    known === undefined || keys.length < 2
      ? keys
      : [...known.filter(key => Object.hasOwn(values, key)), ...keys.filter(key => !known.includes(key))];
  return Object.fromEntries(inOrder.map(key => [key, sorted(values[key], key, order)]));
}
