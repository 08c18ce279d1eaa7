import type { ResourceType } from '../2-decode/resource.ts';

/** For each field that holds objects, by its name, the order of their keys; `spec` is the spec itself. */
type KeyOrder = Readonly<Record<string, readonly string[]>>;

const parentRefs = ['group', 'kind', 'namespace', 'name', 'sectionName', 'port'];
const reference = ['group', 'kind', 'name', 'namespace', 'port', 'weight', 'filters'];

const filter: KeyOrder = {
  filters: ['type'],
  requestHeaderModifier: ['set', 'add', 'remove'],
  responseHeaderModifier: ['set', 'add', 'remove'],
  set: ['name', 'value'],
  add: ['name', 'value'],
  requestMirror: ['backendRef', 'percent', 'fraction'],
  backendRef: reference,
  fraction: ['numerator', 'denominator'],
  requestRedirect: ['scheme', 'hostname', 'path', 'port', 'statusCode'],
  urlRewrite: ['hostname', 'path'],
  cors: ['allowOrigins', 'allowCredentials', 'allowMethods', 'allowHeaders', 'exposeHeaders', 'maxAge'],
};

const route: KeyOrder = {
  ...filter,
  spec: ['parentRefs', 'hostnames', 'rules'],
  parentRefs,
  rules: ['name', 'matches', 'filters', 'backendRefs', 'timeouts', 'retry'],
  backendRefs: reference,
  headers: ['type', 'name', 'value'],
};

/**
 * The order in which the API declares its fields, which is how its documentation and people write them.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/
 */
const keyOrders: Readonly<Partial<Record<ResourceType, KeyOrder>>> = {
  'gateway.HTTPRoute': {
    ...route,
    matches: ['path', 'headers', 'queryParams', 'method'],
    path: ['type', 'value', 'replaceFullPath', 'replacePrefixMatch'],
    queryParams: ['type', 'name', 'value'],
    timeouts: ['request', 'backendRequest'],
    retry: ['codes', 'attempts', 'backoff'],
  },
  'gateway.GRPCRoute': { ...route, matches: ['method', 'headers'], method: ['type', 'service', 'method'] },
  'gateway.TLSRoute': route,
  'gateway.TCPRoute': route,
  'gateway.Gateway': {
    spec: ['gatewayClassName', 'listeners', 'addresses', 'infrastructure', 'tls'],
    listeners: ['name', 'hostname', 'port', 'protocol', 'tls', 'allowedRoutes'],
    tls: ['mode', 'certificateRefs', 'options', 'frontend'],
    certificateRefs: reference,
    caCertificateRefs: reference,
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
  const known = order[field];
  const inOrder =
    known === undefined || keys.length < 2
      ? keys
      : [...known.filter(key => Object.hasOwn(values, key)), ...keys.filter(key => !known.includes(key))];
  return Object.fromEntries(inOrder.map(key => [key, sorted(values[key], key, order)]));
}
