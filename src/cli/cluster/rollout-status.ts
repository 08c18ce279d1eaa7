/** An object as the API server gives it. */
export interface LiveObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly object: Readonly<Record<string, unknown>>;
}

/** One thing of a step that is not done, and what the cluster says of it. */
export interface OpenItem {
  readonly object: string;
  readonly message: string;
}

/** A step of the cut-over plan, and how far it is. */
export interface StepStatus {
  readonly step: 'services' | 'gateways' | 'routes' | 'virtual-services';
  readonly total: number;
  readonly open: readonly OpenItem[];
}

const routeKinds: ReadonlySet<string> = new Set(['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute']);

/** @returns the object of a manifest; undefined where it has no kind or name */
export function liveObject(value: unknown): LiveObject | undefined {
  const object = record(value);
  const metadata = record(object['metadata']);
  const { name, namespace } = metadata;
  if (typeof object['kind'] !== 'string' || typeof name !== 'string') return undefined;
  return {
    kind: object['kind'],
    namespace: typeof namespace === 'string' ? namespace : '',
    name,
    labels: record(metadata['labels']),
    object,
  };
}

/**
 * How far a cluster is on the way from VirtualServices to routes: the steps of the cut-over plan in their order.
 *
 * @param objects with their status, and with EndpointSlices
 */
export function rolloutStatus(objects: readonly LiveObject[]): readonly StepStatus[] {
  const routes = objects.filter(({ kind }) => routeKinds.has(kind));
  return [
    backends(objects, routes),
    gateways(objects, routes),
    { step: 'routes', total: routes.length, open: routes.flatMap(refusedParents) },
    virtualServices(objects, routes),
  ];
}

/** Services that routes send requests to, and which of them have no endpoints that are ready. */
function backends(objects: readonly LiveObject[], routes: readonly LiveObject[]): StepStatus {
  const services = new Map(
    objects.filter(({ kind }) => kind === 'Service').map(one => [`${one.namespace}/${one.name}`, one]),
  );
  const ready = new Set(
    objects
      .filter(({ kind, object }) => kind === 'EndpointSlice' && list(object['endpoints']).some(isReady))
      .map(({ namespace, labels }) => `${namespace}/${String(labels['kubernetes.io/service-name'])}`),
  );
  const needed = new Map<string, LiveObject>();
  for (const route of routes)
    for (const rule of list(record(route.object['spec'])['rules']))
      for (const ref of list(record(rule)['backendRefs']).map(record)) {
        if ((ref['kind'] ?? 'Service') !== 'Service' || (ref['group'] ?? '') !== '') continue;
        const key = `${String(ref['namespace'] ?? route.namespace)}/${String(ref['name'])}`;
        if (!needed.has(key)) needed.set(key, route);
      }
  const open = [...needed].flatMap(([key, route]): readonly OpenItem[] => {
    const service = services.get(key);
    const by = `${route.kind} ${route.namespace}/${route.name} sends requests to it`;
    if (service === undefined) return [{ object: `Service ${key}`, message: `not found; ${by}` }];
    const isExternal = record(service.object['spec'])['type'] === 'ExternalName';
    return isExternal || ready.has(key)
      ? []
      : [{ object: `Service ${key}`, message: `has no ready endpoints; ${by}` }];
  });
  return { step: 'services', total: needed.size, open };
}

function isReady(endpoint: unknown): boolean {
  return record(record(endpoint)['conditions'])['ready'] !== false;
}

/** The Gateways that routes attach to, and those of them that are not programmed. */
function gateways(objects: readonly LiveObject[], routes: readonly LiveObject[]): StepStatus {
  const named = new Set(
    routes.flatMap(route =>
      parentsOf(route).flatMap(ref =>
        (ref['kind'] ?? 'Gateway') === 'Gateway'
          ? [`${String(ref['namespace'] ?? route.namespace)}/${String(ref['name'])}`]
          : [],
      ),
    ),
  );
  const found = new Map(
    objects
      .filter(
        ({ kind, object }) =>
          kind === 'Gateway' && String(object['apiVersion']).startsWith('gateway.networking.k8s.io/'),
      )
      .map(one => [`${one.namespace}/${one.name}`, one]),
  );
  const open = [...named].flatMap((key): readonly OpenItem[] => {
    const gateway = found.get(key);
    if (gateway === undefined) return [{ object: `Gateway ${key}`, message: 'not found' }];
    const said = unmet(list(record(gateway.object['status'])['conditions']), 'Programmed');
    return said === undefined ? [] : [{ object: `Gateway ${key}`, message: said }];
  });
  return { step: 'gateways', total: named.size, open };
}

/** The parents of a route that did not accept it, or found something that it refers to missing. */
function refusedParents(route: LiveObject): readonly OpenItem[] {
  const answers = list(record(route.object['status'])['parents']).map(record);
  return parentsOf(route).flatMap((ref): readonly OpenItem[] => {
    const kind = String(ref['kind'] ?? 'Gateway');
    const parent = `${kind} ${String(ref['namespace'] ?? route.namespace)}/${String(ref['name'])}`;
    const object = `${route.kind} ${route.namespace}/${route.name}`;
    const answer = answers.find(({ parentRef }) => isSameParent(record(parentRef), ref, route.namespace));
    if (answer === undefined) return [{ object, message: `no controller has answered for ${parent}` }];
    const conditions = list(answer['conditions']);
    const said = unmet(conditions, 'Accepted') ?? unmet(conditions, 'ResolvedRefs');
    return said === undefined ? [] : [{ object, message: `${parent}: ${said}` }];
  });
}

function parentsOf(route: LiveObject): readonly Readonly<Record<string, unknown>>[] {
  return list(record(route.object['spec'])['parentRefs']).map(record);
}

function isSameParent(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
  namespace: string,
): boolean {
  const isSame = (field: string, fallback: unknown): boolean =>
    (a[field] ?? fallback) === (b[field] ?? fallback);
  return (
    isSame('kind', 'Gateway') &&
    isSame('namespace', namespace) &&
    isSame('name', undefined) &&
    isSame('sectionName', undefined) &&
    isSame('port', undefined)
  );
}

/** @returns what a condition says that is not true; undefined where it is true */
function unmet(conditions: readonly unknown[], type: string): string | undefined {
  const condition = conditions.map(record).find(one => one['type'] === type);
  if (condition === undefined) return `${type} is not set yet`;
  if (condition['status'] === 'True') return undefined;
  const { reason = '', message = '' } = condition;
  return `${type}=${String(condition['status'])} (${String(reason)}${message === '' ? '' : `: ${String(message)}`})`;
}

/** The VirtualServices that share a host with a route: on sidecars they take precedence, at gateways they are merged. */
function virtualServices(objects: readonly LiveObject[], routes: readonly LiveObject[]): StepStatus {
  const owners = new Map<string, LiveObject>();
  for (const route of routes) {
    for (const host of list(record(route.object['spec'])['hostnames'])) owners.set(String(host), route);
    for (const ref of parentsOf(route))
      if (ref['kind'] === 'Service')
        owners.set(`${String(ref['name'])}.${String(ref['namespace'] ?? route.namespace)}`, route);
  }
  const own = objects.filter(({ kind }) => kind === 'VirtualService');
  const open = own.flatMap(({ namespace, name, object }): readonly OpenItem[] => {
    for (const host of list(record(object['spec'])['hosts']).map(String)) {
      const plain = host.replace(/\.svc(?:\.cluster\.local)?$/, '');
      const route = owners.get(host) ?? owners.get(plain) ?? owners.get(`${plain}.${namespace}`);
      if (route !== undefined)
        return [
          {
            object: `VirtualService ${namespace}/${name}`,
            message: `has host ${host}, as ${route.kind} ${route.namespace}/${route.name} does`,
          },
        ];
    }
    return [];
  });
  return { step: 'virtual-services', total: open.length, open };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
