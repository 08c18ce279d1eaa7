import type * as gateway from '../../../src/gateway-api/index.ts';
import type { Random } from '../random.ts';
import type { GeneratedService } from './services.ts';

type Manifest = Readonly<Record<string, unknown>>;

const paths = ['/', '/a', '/a/', '/a/b', '/ab', '/api', '/api/v1/', '/api/v1/users'];
const pathRegexes = ['/.*', '.*', '/a.*', '/a/.*', '/(a|ab)', '/[^/]+', '/api/v[0-9]+/.*', '(?:)/a.*'];
const names = ['x-user', 'x-version', 'X-Mixed-Case'];
const values = ['jason', 'v1', 'v2'];
const valueRegexes = ['.*', 'v[12]', '^$', '(?i)JASON'];
const hostnames = ['shop.example.com', 'api.example.com', '*.example.com', 'other.example.org'];

/** Gateways, routes and grants as people write them by hand, for our reading of them alone. */
export function randomRouteManifests(
  random: Random,
  services: readonly GeneratedService[],
): readonly Manifest[] {
  const gateways = Array.from({ length: random.pick([0, 1, 1, 2]) }, (_, index) =>
    randomGateway(random, `gw-${index}`),
  );
  const routes = Array.from({ length: random.integer(1, 4) }, (_, index) =>
    randomRoute(random, `route-${random.pick(['a', 'b', 'c'])}-${index}`, services, gateways.length),
  );
  return [...gateways, ...routes, ...(random.chance(0.5) ? [grant()] : [])];
}

function randomGateway(random: Random, name: string): Manifest {
  const from = () =>
    random.pick<Manifest>([
      { namespaces: { from: 'All' } },
      { namespaces: { from: 'All' } },
      { namespaces: { from: 'Same' } },
      {
        namespaces: {
          from: 'Selector',
          selector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } },
        },
      },
      { namespaces: { from: 'All' }, kinds: [{ kind: random.pick(['HTTPRoute', 'GRPCRoute']) }] },
    ]);
  const hosts = [...new Set([undefined, ...random.some(hostnames, 0.4)])];
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: 'infra' },
    spec: {
      gatewayClassName: 'istio',
      listeners: hosts.flatMap((hostname, index) => [
        {
          name: `http-${index}`,
          port: 80,
          protocol: 'HTTP',
          ...(hostname === undefined ? {} : { hostname }),
          ...(random.chance(0.85) ? { allowedRoutes: from() } : {}),
        },
        ...(random.chance(0.3)
          ? [
              {
                name: `https-${index}`,
                port: 443,
                protocol: 'HTTPS',
                ...(hostname === undefined ? {} : { hostname }),
                tls: { mode: 'Terminate', certificateRefs: [{ name: 'certificate' }] },
                allowedRoutes: from(),
              },
            ]
          : []),
      ]),
    },
  };
}

function grant(): Manifest {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: 'grant', namespace: 'other' },
    spec: {
      from: [
        { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' },
        { group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: 'shop' },
      ],
      to: [{ group: '', kind: 'Service' }],
    },
  };
}

function randomRoute(
  random: Random,
  name: string,
  services: readonly GeneratedService[],
  gateways: number,
): Manifest {
  const isGrpc = random.chance(0.25);
  const namespace = random.pick(['shop', 'shop', 'shop', 'other', 'infra']);
  const toGateway = gateways > 0 && random.chance(0.6);
  const hosts =
    toGateway && random.chance(0.7)
      ? { hostnames: [...new Set([random.pick(hostnames), random.pick(hostnames)])] }
      : {};
  const rules = Array.from({ length: random.integer(1, 4) }, () =>
    isGrpc ? randomGrpcRule(random, namespace, services) : randomHttpRule(random, namespace, services),
  );
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: isGrpc ? 'GRPCRoute' : 'HTTPRoute',
    metadata: {
      name,
      namespace,
      ...(random.chance(0.2) ? { creationTimestamp: `2024-0${random.integer(1, 9)}-01T00:00:00Z` } : {}),
    },
    spec: {
      parentRefs: toGateway ? [gatewayParent(random, gateways)] : meshParents(random, services),
      ...hosts,
      rules,
    },
  };
}

function gatewayParent(random: Random, gateways: number): gateway.ParentReference {
  return {
    name: `gw-${random.integer(0, gateways - 1)}`,
    namespace: 'infra',
    ...random.pick<Partial<gateway.ParentReference>>([
      {},
      {},
      { port: 80 },
      { sectionName: 'http-0' },
      { sectionName: 'http-1' },
      { sectionName: 'https-0' },
    ]),
  };
}

function meshParents(
  random: Random,
  services: readonly GeneratedService[],
): readonly gateway.ParentReference[] {
  const service = random.pick(services);
  const port = random.chance(0.6) ? { port: random.pick(service.ports) } : {};
  const parent = { group: '', kind: 'Service', name: service.name, namespace: service.namespace, ...port };
  if (random.chance(0.85)) return [parent];
  const other = random.pick(services);
  if (other === service) return [parent];
  return [
    parent,
    { group: '', kind: 'Service', name: other.name, namespace: other.namespace, port: other.ports[0] ?? 80 },
  ];
}

function randomBackends(
  random: Random,
  namespace: string,
  services: readonly GeneratedService[],
  filters: boolean,
): readonly gateway.HTTPBackendRef[] {
  return Array.from({ length: random.pick([0, 1, 1, 1, 2, 3]) }, () => {
    const service = random.pick(services);
    const weight = random.pick([undefined, undefined, 1, 0, 10]);
    return {
      name: random.chance(0.04) ? 'nowhere' : service.name,
      ...(service.namespace === namespace ? {} : { namespace: service.namespace }),
      port: random.chance(0.03) ? 4242 : random.pick(service.ports),
      ...(weight === undefined ? {} : { weight }),
      ...(filters && random.chance(0.1) ? { filters: [randomModifier(random)] } : {}),
    };
  });
}

function randomModifier(random: Random): gateway.HTTPRouteFilter {
  const headers = () => random.some(names, 0.5).map(name => ({ name, value: random.pick(values) }));
  const modifier = { set: headers(), add: headers(), remove: random.some(['x-gone', 'x-user'], 0.3) };
  const host = random.chance(0.1) ? [{ name: 'Host', value: 'inner.example' }] : [];
  return random.chance(0.5)
    ? {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { ...modifier, set: [...modifier.set, ...host] },
      }
    : { type: 'ResponseHeaderModifier', responseHeaderModifier: modifier };
}

function conditions(random: Random): gateway.HTTPHeaderMatch[] {
  return random
    .some(names, 0.4)
    .map(name =>
      random.chance(0.3)
        ? { type: 'RegularExpression', name, value: random.pick(valueRegexes) }
        : { type: 'Exact', name, value: random.pick(values) },
    );
}

function randomHttpRule(
  random: Random,
  namespace: string,
  services: readonly GeneratedService[],
): gateway.HTTPRouteRule {
  const prefixOnly = random.chance(0.2);
  const matches = Array.from({ length: prefixOnly ? 1 : random.pick([1, 1, 1, 2]) }, () =>
    randomHttpMatch(random, prefixOnly),
  );
  const redirect = random.chance(0.12);
  const filters = randomFilters(random, namespace, services, prefixOnly, redirect);
  return {
    ...(random.chance(0.9) || prefixOnly ? { matches } : {}),
    ...(filters.length === 0 ? {} : { filters }),
    ...(redirect ? {} : { backendRefs: randomBackends(random, namespace, services, true) }),
    ...(random.chance(0.15)
      ? {
          timeouts: random.pick<gateway.HTTPRouteTimeouts>([
            { request: '5s' },
            { request: '0s' },
            { backendRequest: '1s' },
            { request: '10s', backendRequest: '2s' },
          ]),
        }
      : {}),
    ...(random.chance(0.1)
      ? {
          retry: {
            attempts: random.integer(1, 3),
            ...(random.chance(0.5) ? { codes: [503, 504] } : {}),
            ...(random.chance(0.3) ? { backoff: '50ms' } : {}),
          },
        }
      : {}),
  };
}

function randomHttpMatch(random: Random, prefixOnly: boolean): gateway.HTTPRouteMatch {
  const headers = random.chance(0.3) ? conditions(random) : [];
  const queryParams = random.chance(0.15)
    ? conditions(random).map(condition => ({ ...condition, name: condition.name.slice(2) }))
    : [];
  const kind = prefixOnly
    ? 'PathPrefix'
    : random.pick(['Exact', 'PathPrefix', 'PathPrefix', 'RegularExpression', 'none'] as const);
  const path =
    kind === 'none'
      ? {}
      : { path: { type: kind, value: random.pick(kind === 'RegularExpression' ? pathRegexes : paths) } };
  return {
    ...path,
    ...(headers.length === 0 ? {} : { headers }),
    ...(queryParams.length === 0 ? {} : { queryParams }),
    ...(random.chance(0.15) ? { method: random.pick(['GET', 'POST', 'PUT'] as const) } : {}),
  } as gateway.HTTPRouteMatch;
}

function randomFilters(
  random: Random,
  namespace: string,
  services: readonly GeneratedService[],
  prefixOnly: boolean,
  redirect: boolean,
): readonly gateway.HTTPRouteFilter[] {
  const [backendRef] = randomBackends(random, namespace, services, false);
  return [
    ...(redirect ? [randomRedirect(random, prefixOnly)] : []),
    ...(!redirect && random.chance(0.15) ? [randomRewrite(random, prefixOnly)] : []),
    ...(random.chance(0.15) ? [randomModifier(random)] : []),
    ...(!redirect && random.chance(0.1) && backendRef !== undefined
      ? [
          {
            type: 'RequestMirror' as const,
            requestMirror: {
              backendRef: withoutWeight(backendRef),
              ...random.pick([
                {},
                { percent: 30 },
                { fraction: { numerator: 1, denominator: 3 } },
                { percent: 0 },
              ]),
            },
          },
        ]
      : []),
    ...(random.chance(0.06) ? [randomCors(random)] : []),
  ];
}

function withoutWeight({
  weight: _weight,
  filters: _filters,
  ...rest
}: gateway.HTTPBackendRef): gateway.BackendObjectReference {
  return rest;
}

function randomRedirect(random: Random, prefixOnly: boolean): gateway.HTTPRouteFilter {
  const path = random.pick<Partial<gateway.HTTPRequestRedirectFilter>>([
    {},
    { path: { type: 'ReplaceFullPath', replaceFullPath: '/moved' } },
    prefixOnly
      ? { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: random.pick(['/', '/b', '/b/']) } }
      : {},
  ]);
  return {
    type: 'RequestRedirect',
    requestRedirect: {
      ...path,
      ...(random.chance(0.5) ? { hostname: 'elsewhere.example' } : {}),
      ...(random.chance(0.4) ? { scheme: random.pick(['http', 'https'] as const) } : {}),
      ...(random.chance(0.3) ? { port: random.pick([80, 443, 8443]) } : {}),
      ...(random.chance(0.5) ? { statusCode: random.pick([301, 302] as const) } : {}),
    },
  };
}

function randomRewrite(random: Random, prefixOnly: boolean): gateway.HTTPRouteFilter {
  const full = { path: { type: 'ReplaceFullPath', replaceFullPath: random.pick(['/b', '/']) } } as const;
  const prefix = {
    path: { type: 'ReplacePrefixMatch', replacePrefixMatch: random.pick(['/', '/b', '/b/', '/b//']) },
  } as const;
  return {
    type: 'URLRewrite',
    urlRewrite: random.pick<gateway.HTTPURLRewriteFilter>([
      prefixOnly ? prefix : full,
      full,
      { hostname: 'rewritten.example' },
      { hostname: 'rewritten.example', ...(prefixOnly ? prefix : full) },
    ]),
  };
}

function randomCors(random: Random): gateway.HTTPRouteFilter {
  return {
    type: 'CORS',
    cors: {
      allowOrigins: random.pick([
        ['*'],
        ['https://example.com'],
        ['https://*.example.com', 'http://a.example'],
      ]),
      ...(random.chance(0.5) ? { allowMethods: ['GET', 'POST'] } : {}),
      ...(random.chance(0.3) ? { allowCredentials: true } : {}),
      ...(random.chance(0.5) ? { maxAge: 60 } : {}),
    },
  };
}

function randomGrpcRule(
  random: Random,
  namespace: string,
  services: readonly GeneratedService[],
): gateway.GRPCRouteRule {
  const matches = Array.from({ length: random.pick([0, 1, 1, 2]) }, () => {
    const method = random.pick<Partial<gateway.GRPCRouteMatch>>([
      {},
      { method: { service: 'shop.Reviews', method: 'Get' } },
      { method: { service: 'shop.Reviews' } },
      { method: { method: 'Get' } },
      { method: { type: 'RegularExpression', service: 'shop\\..*', method: 'G.*' } },
    ]);
    const headers = random.chance(0.4) ? conditions(random) : [];
    return { ...method, ...(headers.length === 0 ? {} : { headers }) };
  });
  const modifier = random.chance(0.2) ? [randomModifier(random)] : [];
  return {
    ...(matches.length === 0 ? {} : { matches }),
    ...(modifier.length === 0 ? {} : { filters: modifier as readonly gateway.GRPCRouteFilter[] }),
    backendRefs: randomBackends(random, namespace, services, false) as readonly gateway.GRPCBackendRef[],
  };
}
