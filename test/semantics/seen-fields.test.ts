import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/2-decode/resource.ts';
import type * as gateway from '../../src/gateway-api/index.ts';
import type * as istio from '../../src/istio/index.ts';
import { compileEntries, type Listener } from '../../src/semantics/compile-entry.ts';
import { convertGRPCRoute } from '../../src/semantics/grpc-route.ts';
import { convertHTTPRoute } from '../../src/semantics/http-route.ts';
import { type Seen, seenOfGatewayApi, seenOfIstio } from '../../src/semantics/seen-fields.ts';
import { buildWorld } from '../../src/semantics/world.ts';

/** For each field of a type two values of the type that differ in this field alone. */
type Pairs<T> = Readonly<Record<keyof T, readonly [T, T]>>;

const named = (name: string, namespace = 'shop') => ({ name, namespace, metadata: { name, namespace } });

function service(name: string, namespace = 'shop'): Resource<'core.Service'> {
  return {
    ...named(name, namespace),
    type: 'core.Service',
    apiVersion: 'v1',
    kind: 'Service',
    spec: { ports: [80, 81].map(port => ({ name: `http-${port}`, port })), selector: { app: name } },
  };
}

const rule: Resource<'istio.DestinationRule'> = {
  ...named('cart'),
  type: 'istio.DestinationRule',
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  spec: { host: 'cart', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
};

const world = buildWorld([service('cart'), service('other'), service('cart', 'spare'), rule]);
const listener: Listener = {
  proxy: { kind: 'sidecar', namespace: 'shop', labels: {} },
  gateway: 'mesh',
  port: 80,
  tls: false,
};

const vs: Resource<'istio.VirtualService'> = {
  ...named('cart'),
  type: 'istio.VirtualService',
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  spec: {},
};

/** The rules of an entry, without the names of the places where they were written. */
function rulesOfEntry(http: istio.HTTPRoute): string {
  const entry = { http, origin: { resource: vs, path: ['spec', 'http', 0] } };
  return JSON.stringify(compileEntries(world, listener, 'istio', [entry]).map(withoutOrigin), withSources);
}

function rulesOfHttpRule(rule: gateway.HTTPRouteRule): string {
  const route: Resource<'gateway.HTTPRoute'> = {
    ...named('cart'),
    type: 'gateway.HTTPRoute',
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    spec: { rules: [rule] },
  };
  return rulesOfEntries(convertHTTPRoute(route, () => true));
}

function rulesOfGrpcRule(rule: gateway.GRPCRouteRule): string {
  const route: Resource<'gateway.GRPCRoute'> = {
    ...named('cart'),
    type: 'gateway.GRPCRoute',
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    spec: { rules: [rule] },
  };
  return rulesOfEntries(convertGRPCRoute(route, () => true));
}

function rulesOfEntries(entries: ReturnType<typeof convertHTTPRoute>): string {
  if (entries === undefined) return 'no route';
  return JSON.stringify(compileEntries(world, listener, 'gateway', entries).map(withoutOrigin), withSources);
}

function withoutOrigin({ match, action }: ReturnType<typeof compileEntries>[number]): unknown {
  return { match, action };
}

/** Compiled expressions have no JSON of their own. */
function withSources(_key: string, value: unknown): unknown {
  return typeof value === 'object' &&
    value !== null &&
    'pattern' in value &&
    typeof value.pattern !== 'string'
    ? String(value.pattern)
    : value;
}

function compare<T>(
  name: string,
  seen: Readonly<Record<keyof T, Seen>>,
  pairs: Pairs<T>,
  compile: (value: T) => string,
): void {
  describe(name, () => {
    for (const field in pairs) {
      test(field, () => {
        const [first, second] = pairs[field].map(compile);
        expect(first === second).toBe(seen[field] === 'unseen');
      });
    }
  });
}

const cart: istio.Destination = { host: 'cart.shop.svc.cluster.local', port: { number: 80 } };
const other: istio.Destination = { host: 'other.shop.svc.cluster.local', port: { number: 80 } };
const route = [{ destination: cart }];
const spread = [
  { destination: cart, weight: 1 },
  { destination: other, weight: 1 },
];

/** An entry to `cart` without a field, and with it. */
function withAndWithout(part: istio.HTTPRoute): readonly [istio.HTTPRoute, istio.HTTPRoute] {
  return [{ route }, { route, ...part }];
}

describe('fields of Istio', () => {
  compare<istio.HTTPRoute>(
    'HTTPRoute',
    seenOfIstio.HTTPRoute,
    {
      name: withAndWithout({ name: 'a' }),
      match: withAndWithout({ match: [{ uri: { exact: '/a' } }] }),
      route: [{ route }, { route: [{ destination: other }] }],
      redirect: [{ route }, { redirect: { uri: '/b' } }],
      directResponse: [{ route }, { directResponse: { status: 204 } }],
      delegate: withAndWithout({ delegate: { name: 'd' } }),
      rewrite: withAndWithout({ rewrite: { uri: '/b' } }),
      timeout: withAndWithout({ timeout: '2s' }),
      retries: withAndWithout({ retries: { attempts: 5 } }),
      fault: withAndWithout({ fault: { abort: { httpStatus: 500, percentage: { value: 50 } } } }),
      mirror: withAndWithout({ mirror: other }),
      mirrors: withAndWithout({ mirrors: [{ destination: other }] }),
      mirrorPercent: [
        { route, mirror: other },
        { route, mirror: other, mirrorPercent: 5 },
      ],
      mirror_percent: [
        { route, mirror: other },
        { route, mirror: other, mirror_percent: 5 },
      ],
      mirrorPercentage: [
        { route, mirror: other },
        { route, mirror: other, mirrorPercentage: { value: 5 } },
      ],
      corsPolicy: withAndWithout({ corsPolicy: { allowOrigins: [{ exact: 'https://a.example' }] } }),
      headers: withAndWithout({ headers: { request: { set: { a: 'b' } } } }),
    },
    rulesOfEntry,
  );

  const matching = (match: istio.HTTPMatchRequest) => rulesOfEntry({ route, match: [match] });
  const matchPair = (
    match: istio.HTTPMatchRequest,
  ): readonly [istio.HTTPMatchRequest, istio.HTTPMatchRequest] => [
    { uri: { exact: '/a' } },
    { uri: { exact: '/a' }, ...match },
  ];
  compare<istio.HTTPMatchRequest>(
    'HTTPMatchRequest',
    seenOfIstio.HTTPMatchRequest,
    {
      name: matchPair({ name: 'a' }),
      uri: matchPair({ uri: { prefix: '/a' } }),
      scheme: matchPair({ scheme: { exact: 'https' } }),
      method: matchPair({ method: { exact: 'GET' } }),
      authority: matchPair({ authority: { exact: 'cart' } }),
      headers: matchPair({ headers: { a: { exact: 'b' } } }),
      port: matchPair({ port: 81 }),
      sourceLabels: matchPair({ sourceLabels: { app: 'web' } }),
      gateways: matchPair({ gateways: ['shop/edge'] }),
      queryParams: matchPair({ queryParams: { a: { exact: 'b' } } }),
      ignoreUriCase: matchPair({ ignoreUriCase: true }),
      withoutHeaders: matchPair({ withoutHeaders: { a: { exact: 'b' } } }),
      sourceNamespace: matchPair({ sourceNamespace: 'elsewhere' }),
      statPrefix: matchPair({ statPrefix: 'a' }),
    },
    matching,
  );

  compare<istio.StringMatch>(
    'StringMatch',
    seenOfIstio.StringMatch,
    {
      exact: [{ exact: '/a' }, { exact: '/b' }],
      prefix: [{ prefix: '/a' }, { prefix: '/b' }],
      regex: [{ regex: '/a+' }, { regex: '/b+' }],
    },
    uri => matching({ uri }),
  );

  const destinationPair = (change: istio.Destination): readonly [istio.Destination, istio.Destination] => [
    cart,
    change,
  ];
  compare<istio.Destination>(
    'Destination',
    seenOfIstio.Destination,
    {
      host: destinationPair(other),
      subset: destinationPair({ ...cart, subset: 'v1' }),
      port: destinationPair({ ...cart, port: { number: 81 } }),
    },
    destination => rulesOfEntry({ route: [{ destination }] }),
  );

  compare<istio.PortSelector>(
    'PortSelector',
    seenOfIstio.PortSelector,
    { number: [{ number: 80 }, { number: 81 }] },
    port => rulesOfEntry({ route: [{ destination: { ...cart, port } }] }),
  );

  compare<istio.HTTPRouteDestination>(
    'HTTPRouteDestination',
    seenOfIstio.HTTPRouteDestination,
    {
      destination: [
        { destination: cart, weight: 1 },
        { destination: other, weight: 1 },
      ],
      weight: [
        { destination: cart, weight: 1 },
        { destination: cart, weight: 2 },
      ],
      headers: [
        { destination: cart, weight: 1 },
        { destination: cart, weight: 1, headers: { request: { remove: ['a'] } } },
      ],
    },
    one => rulesOfEntry({ route: [one, { destination: other, weight: 1 }] }),
  );

  compare<istio.Headers>(
    'Headers',
    seenOfIstio.Headers,
    { request: [{}, { request: { set: { a: 'b' } } }], response: [{}, { response: { set: { a: 'b' } } }] },
    headers => rulesOfEntry({ route: spread, headers }),
  );

  compare<istio.HeaderOperations>(
    'HeaderOperations',
    seenOfIstio.HeaderOperations,
    { set: [{}, { set: { a: 'b' } }], add: [{}, { add: { a: 'b' } }], remove: [{}, { remove: ['a'] }] },
    request => rulesOfEntry({ route, headers: { request } }),
  );

  const redirectPair = (change: istio.HTTPRedirect): readonly [istio.HTTPRedirect, istio.HTTPRedirect] => [
    { authority: 'a.example' },
    { authority: 'a.example', ...change },
  ];
  compare<istio.HTTPRedirect>(
    'HTTPRedirect',
    seenOfIstio.HTTPRedirect,
    {
      uri: redirectPair({ uri: '/b' }),
      authority: redirectPair({ authority: 'b.example' }),
      port: redirectPair({ port: 8080 }),
      derivePort: [
        { authority: 'a.example', scheme: 'https' },
        { authority: 'a.example', scheme: 'https', derivePort: 'FROM_REQUEST_PORT' },
      ],
      scheme: redirectPair({ scheme: 'https' }),
      redirectCode: redirectPair({ redirectCode: 308 }),
      prefixRewrite: redirectPair({ prefixRewrite: '/b' }),
    },
    redirect => rulesOfEntry({ redirect }),
  );

  compare<istio.HTTPDirectResponse>(
    'HTTPDirectResponse',
    seenOfIstio.HTTPDirectResponse,
    {
      status: [{ status: 204 }, { status: 404 }],
      body: [{ status: 404 }, { status: 404, body: { string: 'a' } }],
    },
    directResponse => rulesOfEntry({ directResponse }),
  );

  compare<istio.HTTPBody>(
    'HTTPBody',
    seenOfIstio.HTTPBody,
    { string: [{ string: 'a' }, { string: 'b' }], bytes: [{ bytes: 'YQ==' }, { bytes: 'Yg==' }] },
    body => rulesOfEntry({ directResponse: { status: 200, body } }),
  );

  compare<istio.HTTPRewrite>(
    'HTTPRewrite',
    seenOfIstio.HTTPRewrite,
    {
      uri: [{ uri: '/a' }, { uri: '/b' }],
      authority: [{ uri: '/a' }, { uri: '/a', authority: 'b' }],
      uriRegexRewrite: [{}, { uriRegexRewrite: { match: '/a', rewrite: '/b' } }],
    },
    rewrite => rulesOfEntry({ route, rewrite }),
  );

  compare<istio.RegexRewrite>(
    'RegexRewrite',
    seenOfIstio.RegexRewrite,
    {
      match: [
        { match: '/a', rewrite: '/b' },
        { match: '/c', rewrite: '/b' },
      ],
      rewrite: [
        { match: '/a', rewrite: '/b' },
        { match: '/a', rewrite: '/c' },
      ],
    },
    uriRegexRewrite => rulesOfEntry({ route, rewrite: { uriRegexRewrite } }),
  );

  const retryPair = (change: istio.HTTPRetry): readonly [istio.HTTPRetry, istio.HTTPRetry] => [
    { attempts: 3 },
    { attempts: 3, ...change },
  ];
  compare<istio.HTTPRetry>(
    'HTTPRetry',
    seenOfIstio.HTTPRetry,
    {
      attempts: retryPair({ attempts: 4 }),
      perTryTimeout: retryPair({ perTryTimeout: '1s' }),
      retryOn: retryPair({ retryOn: '503' }),
      retryRemoteLocalities: retryPair({ retryRemoteLocalities: true }),
      retryIgnorePreviousHosts: retryPair({ retryIgnorePreviousHosts: false }),
      backoff: retryPair({ backoff: '1s' }),
    },
    retries => rulesOfEntry({ route, retries }),
  );

  const corsPair = (change: istio.CorsPolicy): readonly [istio.CorsPolicy, istio.CorsPolicy] => [
    { allowOrigins: [{ exact: 'https://a.example' }] },
    { allowOrigins: [{ exact: 'https://a.example' }], ...change },
  ];
  compare<istio.CorsPolicy>(
    'CorsPolicy',
    seenOfIstio.CorsPolicy,
    {
      allowOrigin: [{ allowOrigin: ['https://a.example'] }, { allowOrigin: ['https://b.example'] }],
      allowOrigins: corsPair({ allowOrigins: [{ exact: 'https://b.example' }] }),
      allowMethods: corsPair({ allowMethods: ['GET'] }),
      allowHeaders: corsPair({ allowHeaders: ['a'] }),
      exposeHeaders: corsPair({ exposeHeaders: ['a'] }),
      maxAge: corsPair({ maxAge: '1m' }),
      allowCredentials: corsPair({ allowCredentials: true }),
      unmatchedPreflights: corsPair({ unmatchedPreflights: 'IGNORE' }),
    },
    corsPolicy => rulesOfEntry({ route, corsPolicy }),
  );

  const delay: istio.FaultDelay = { fixedDelay: '1s', percentage: { value: 10 } };
  const abort: istio.FaultAbort = { httpStatus: 503, percentage: { value: 10 } };
  compare<istio.HTTPFaultInjection>(
    'HTTPFaultInjection',
    seenOfIstio.HTTPFaultInjection,
    { delay: [{}, { delay }], abort: [{}, { abort }] },
    fault => rulesOfEntry({ route, fault }),
  );

  compare<istio.FaultDelay>(
    'FaultDelay',
    seenOfIstio.FaultDelay,
    {
      percent: [
        { fixedDelay: '1s', percent: 0 },
        { fixedDelay: '1s', percent: 5 },
      ],
      fixedDelay: [delay, { ...delay, fixedDelay: '2s' }],
      exponentialDelay: [
        { percentage: { value: 10 } },
        { percentage: { value: 10 }, exponentialDelay: '1s' },
      ],
      percentage: [delay, { ...delay, percentage: { value: 20 } }],
    },
    changed => rulesOfEntry({ route, fault: { delay: changed } }),
  );

  compare<istio.FaultAbort>(
    'FaultAbort',
    seenOfIstio.FaultAbort,
    {
      httpStatus: [abort, { ...abort, httpStatus: 500 }],
      grpcStatus: [{ percentage: { value: 10 } }, { percentage: { value: 10 }, grpcStatus: 'UNAVAILABLE' }],
      http2Error: [{ percentage: { value: 10 } }, { percentage: { value: 10 }, http2Error: 'NO_ERROR' }],
      percentage: [abort, { ...abort, percentage: { value: 20 } }],
    },
    changed => rulesOfEntry({ route, fault: { abort: changed } }),
  );

  compare<istio.HTTPMirrorPolicy>(
    'HTTPMirrorPolicy',
    seenOfIstio.HTTPMirrorPolicy,
    {
      destination: [{ destination: cart }, { destination: other }],
      percentage: [{ destination: cart }, { destination: cart, percentage: { value: 5 } }],
    },
    mirror => rulesOfEntry({ route, mirrors: [mirror] }),
  );

  compare<istio.Percent>(
    'Percent',
    seenOfIstio.Percent,
    { value: [{ value: 5 }, { value: 6 }] },
    mirrorPercentage => rulesOfEntry({ route, mirror: other, mirrorPercentage }),
  );
});

describe('fields of the Gateway API', () => {
  const backendRefs: readonly gateway.HTTPBackendRef[] = [{ name: 'cart', port: 80 }];
  const rulePair = (
    change: gateway.HTTPRouteRule,
  ): readonly [gateway.HTTPRouteRule, gateway.HTTPRouteRule] => [{ backendRefs }, { backendRefs, ...change }];
  compare<gateway.HTTPRouteRule>(
    'HTTPRouteRule',
    seenOfGatewayApi.HTTPRouteRule,
    {
      name: rulePair({ name: 'a' }),
      matches: rulePair({ matches: [{ path: { type: 'Exact', value: '/a' } }] }),
      filters: rulePair({ filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'b.example' } }] }),
      backendRefs: rulePair({ backendRefs: [{ name: 'other', port: 80 }] }),
      timeouts: rulePair({ timeouts: { request: '1s' } }),
      retry: rulePair({ retry: { attempts: 1 } }),
    },
    rulesOfHttpRule,
  );

  const matching = (match: gateway.HTTPRouteMatch) => rulesOfHttpRule({ backendRefs, matches: [match] });
  compare<gateway.HTTPRouteMatch>(
    'HTTPRouteMatch',
    seenOfGatewayApi.HTTPRouteMatch,
    {
      path: [{}, { path: { value: '/a' } }],
      headers: [{}, { headers: [{ name: 'a', value: 'b' }] }],
      queryParams: [{}, { queryParams: [{ name: 'a', value: 'b' }] }],
      method: [{}, { method: 'GET' }],
    },
    matching,
  );

  compare<gateway.HTTPPathMatch>(
    'HTTPPathMatch',
    seenOfGatewayApi.HTTPPathMatch,
    {
      type: [
        { type: 'Exact', value: '/a' },
        { type: 'PathPrefix', value: '/a' },
      ],
      value: [
        { type: 'Exact', value: '/a' },
        { type: 'Exact', value: '/b' },
      ],
    },
    path => matching({ path }),
  );

  const condition = { name: 'a', value: 'b' };
  const conditionPairs = {
    type: [condition, { ...condition, type: 'RegularExpression' }],
    name: [condition, { ...condition, name: 'c' }],
    value: [condition, { ...condition, value: 'c' }],
  } as const;
  compare<gateway.HTTPHeaderMatch>(
    'HTTPHeaderMatch',
    seenOfGatewayApi.HTTPHeaderMatch,
    conditionPairs,
    header => matching({ headers: [header] }),
  );
  compare<gateway.HTTPQueryParamMatch>(
    'HTTPQueryParamMatch',
    seenOfGatewayApi.HTTPQueryParamMatch,
    conditionPairs,
    param => matching({ queryParams: [param] }),
  );

  const filtering = (filter: gateway.HTTPRouteFilter) => rulesOfHttpRule({ backendRefs, filters: [filter] });
  compare<gateway.HTTPHeaderFilter>(
    'HTTPHeaderFilter',
    seenOfGatewayApi.HTTPHeaderFilter,
    {
      set: [{}, { set: [condition] }],
      add: [{}, { add: [condition] }],
      remove: [{}, { remove: ['a'] }],
    },
    requestHeaderModifier => filtering({ type: 'RequestHeaderModifier', requestHeaderModifier }),
  );
  compare<gateway.HTTPHeader>(
    'HTTPHeader',
    seenOfGatewayApi.HTTPHeader,
    {
      name: [condition, { ...condition, name: 'c' }],
      value: [condition, { ...condition, value: 'c' }],
    },
    header => filtering({ type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [header] } }),
  );

  const backendRef = { name: 'other', port: 80 };
  compare<gateway.HTTPRequestMirrorFilter>(
    'HTTPRequestMirrorFilter',
    seenOfGatewayApi.HTTPRequestMirrorFilter,
    {
      backendRef: [{ backendRef }, { backendRef: { name: 'cart', port: 80 } }],
      percent: [{ backendRef }, { backendRef, percent: 5 }],
      fraction: [{ backendRef }, { backendRef, fraction: { numerator: 5 } }],
    },
    requestMirror => filtering({ type: 'RequestMirror', requestMirror }),
  );
  compare<gateway.Fraction>(
    'Fraction',
    seenOfGatewayApi.Fraction,
    {
      numerator: [{ numerator: 5 }, { numerator: 6 }],
      denominator: [{ numerator: 5 }, { numerator: 5, denominator: 1000 }],
    },
    fraction => filtering({ type: 'RequestMirror', requestMirror: { backendRef, fraction } }),
  );

  compare<gateway.HTTPRequestRedirectFilter>(
    'HTTPRequestRedirectFilter',
    seenOfGatewayApi.HTTPRequestRedirectFilter,
    {
      scheme: [{}, { scheme: 'https' }],
      hostname: [{}, { hostname: 'b.example' }],
      path: [{}, { path: { type: 'ReplaceFullPath', replaceFullPath: '/b' } }],
      port: [{}, { port: 8080 }],
      statusCode: [{}, { statusCode: 301 }],
    },
    requestRedirect => rulesOfHttpRule({ filters: [{ type: 'RequestRedirect', requestRedirect }] }),
  );
  compare<gateway.HTTPURLRewriteFilter>(
    'HTTPURLRewriteFilter',
    seenOfGatewayApi.HTTPURLRewriteFilter,
    {
      hostname: [{}, { hostname: 'b.example' }],
      path: [{}, { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/b' } }],
    },
    urlRewrite => filtering({ type: 'URLRewrite', urlRewrite }),
  );
  compare<gateway.HTTPCORSFilter>(
    'HTTPCORSFilter',
    seenOfGatewayApi.HTTPCORSFilter,
    {
      allowOrigins: [{}, { allowOrigins: ['https://a.example'] }],
      allowCredentials: [{}, { allowCredentials: true }],
      allowMethods: [{}, { allowMethods: ['GET'] }],
      allowHeaders: [{}, { allowHeaders: ['a'] }],
      exposeHeaders: [{}, { exposeHeaders: ['a'] }],
      maxAge: [{}, { maxAge: 60 }],
    },
    cors => filtering({ type: 'CORS', cors: { allowOrigins: ['https://b.example'], ...cors } }),
  );

  const base = { name: 'cart', port: 80 };
  compare<gateway.HTTPBackendRef>(
    'HTTPBackendRef',
    seenOfGatewayApi.HTTPBackendRef,
    {
      group: [base, { ...base, group: 'example.com' }],
      kind: [base, { ...base, kind: 'Import' }],
      name: [base, { ...base, name: 'other' }],
      namespace: [base, { ...base, namespace: 'spare' }],
      port: [base, { ...base, port: 81 }],
      weight: [base, { ...base, weight: 2 }],
      filters: [
        base,
        {
          ...base,
          filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['a'] } }],
        },
      ],
    },
    ref => rulesOfHttpRule({ backendRefs: [ref, backendRef] }),
  );
  compare<gateway.HTTPRouteTimeouts>(
    'HTTPRouteTimeouts',
    seenOfGatewayApi.HTTPRouteTimeouts,
    { request: [{}, { request: '1s' }], backendRequest: [{}, { backendRequest: '1s' }] },
    timeouts => rulesOfHttpRule({ backendRefs, timeouts }),
  );
  compare<gateway.HTTPRouteRetry>(
    'HTTPRouteRetry',
    seenOfGatewayApi.HTTPRouteRetry,
    { codes: [{}, { codes: [503] }], attempts: [{}, { attempts: 5 }], backoff: [{}, { backoff: '1s' }] },
    retry => rulesOfHttpRule({ backendRefs, retry }),
  );

  compare<gateway.GRPCRouteRule>(
    'GRPCRouteRule',
    seenOfGatewayApi.GRPCRouteRule,
    {
      name: [{ backendRefs: [base] }, { backendRefs: [base], name: 'a' }],
      matches: [{ backendRefs: [base] }, { backendRefs: [base], matches: [{ method: { service: 'a.B' } }] }],
      filters: [
        { backendRefs: [base] },
        { backendRefs: [base], filters: [{ type: 'RequestMirror', requestMirror: { backendRef } }] },
      ],
      backendRefs: [{ backendRefs: [base] }, { backendRefs: [backendRef] }],
    },
    rulesOfGrpcRule,
  );
  const calling = (match: gateway.GRPCRouteMatch) =>
    rulesOfGrpcRule({ backendRefs: [base], matches: [match] });
  compare<gateway.GRPCRouteMatch>(
    'GRPCRouteMatch',
    seenOfGatewayApi.GRPCRouteMatch,
    {
      method: [{}, { method: { service: 'a.B' } }],
      headers: [{}, { headers: [condition] }],
    },
    calling,
  );
  compare<gateway.GRPCMethodMatch>(
    'GRPCMethodMatch',
    seenOfGatewayApi.GRPCMethodMatch,
    {
      type: [
        { service: 'a.B', method: 'c' },
        { service: 'a.B', method: 'c', type: 'RegularExpression' },
      ],
      service: [{ service: 'a.B' }, { service: 'a.C' }],
      method: [{ service: 'a.B' }, { service: 'a.B', method: 'c' }],
    },
    method => calling({ method }),
  );
});
