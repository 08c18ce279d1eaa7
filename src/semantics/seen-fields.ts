import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';

/**
 * How a field shows itself to the proof: `match` decides which requests a rule takes, `outcome` changes the request or
 * its fate, `place` decides at which proxies a rule counts, `unseen` changes nothing that a client or a backend sees.
 */
export type Seen = 'match' | 'outcome' | 'place' | 'unseen';

type SeenFields<T> = Readonly<Record<keyof T, Seen>>;

/**
 * Every field of what a VirtualService says of requests. A field that is added to a type does not compile until it has a
 * line here; a test changes each field, compiles both, and holds the line against the difference.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go
 */
export const seenOfIstio: {
  readonly HTTPRoute: SeenFields<istio.HTTPRoute>;
  readonly HTTPMatchRequest: SeenFields<istio.HTTPMatchRequest>;
  readonly StringMatch: SeenFields<istio.StringMatch>;
  readonly HTTPRouteDestination: SeenFields<istio.HTTPRouteDestination>;
  readonly Destination: SeenFields<istio.Destination>;
  readonly PortSelector: SeenFields<istio.PortSelector>;
  readonly Headers: SeenFields<istio.Headers>;
  readonly HeaderOperations: SeenFields<istio.HeaderOperations>;
  readonly HTTPRedirect: SeenFields<istio.HTTPRedirect>;
  readonly HTTPDirectResponse: SeenFields<istio.HTTPDirectResponse>;
  readonly HTTPBody: SeenFields<istio.HTTPBody>;
  readonly HTTPRewrite: SeenFields<istio.HTTPRewrite>;
  readonly RegexRewrite: SeenFields<istio.RegexRewrite>;
  readonly HTTPRetry: SeenFields<istio.HTTPRetry>;
  readonly CorsPolicy: SeenFields<istio.CorsPolicy>;
  readonly HTTPFaultInjection: SeenFields<istio.HTTPFaultInjection>;
  readonly FaultDelay: SeenFields<istio.FaultDelay>;
  readonly FaultAbort: SeenFields<istio.FaultAbort>;
  readonly HTTPMirrorPolicy: SeenFields<istio.HTTPMirrorPolicy>;
  readonly Percent: SeenFields<istio.Percent>;
} = {
  HTTPRoute: {
    name: 'unseen',
    match: 'match',
    route: 'outcome',
    redirect: 'outcome',
    directResponse: 'outcome',
    // 3-link puts the entries of the delegate in its place.
    delegate: 'unseen',
    rewrite: 'outcome',
    timeout: 'outcome',
    retries: 'outcome',
    fault: 'outcome',
    mirror: 'outcome',
    mirrors: 'outcome',
    mirrorPercent: 'outcome',
    mirror_percent: 'outcome',
    mirrorPercentage: 'outcome',
    corsPolicy: 'outcome',
    headers: 'outcome',
  },
  HTTPMatchRequest: {
    name: 'unseen',
    uri: 'match',
    scheme: 'match',
    method: 'match',
    authority: 'match',
    headers: 'match',
    port: 'place',
    sourceLabels: 'place',
    gateways: 'place',
    queryParams: 'match',
    ignoreUriCase: 'match',
    withoutHeaders: 'match',
    sourceNamespace: 'place',
    statPrefix: 'unseen',
  },
  StringMatch: { exact: 'match', prefix: 'match', regex: 'match' },
  HTTPRouteDestination: { destination: 'outcome', weight: 'outcome', headers: 'outcome' },
  Destination: { host: 'outcome', subset: 'outcome', port: 'outcome' },
  PortSelector: { number: 'outcome' },
  Headers: { request: 'outcome', response: 'outcome' },
  HeaderOperations: { set: 'outcome', add: 'outcome', remove: 'outcome' },
  HTTPRedirect: {
    uri: 'outcome',
    authority: 'outcome',
    port: 'outcome',
    derivePort: 'outcome',
    scheme: 'outcome',
    redirectCode: 'outcome',
    prefixRewrite: 'outcome',
  },
  HTTPDirectResponse: { status: 'outcome', body: 'outcome' },
  HTTPBody: { string: 'outcome', bytes: 'outcome' },
  HTTPRewrite: { uri: 'outcome', authority: 'outcome', uriRegexRewrite: 'outcome' },
  RegexRewrite: { match: 'outcome', rewrite: 'outcome' },
  HTTPRetry: {
    attempts: 'outcome',
    perTryTimeout: 'outcome',
    retryOn: 'outcome',
    retryRemoteLocalities: 'outcome',
    retryIgnorePreviousHosts: 'outcome',
    backoff: 'outcome',
  },
  CorsPolicy: {
    allowOrigin: 'outcome',
    allowOrigins: 'outcome',
    allowMethods: 'outcome',
    allowHeaders: 'outcome',
    exposeHeaders: 'outcome',
    maxAge: 'outcome',
    allowCredentials: 'outcome',
    unmatchedPreflights: 'outcome',
  },
  HTTPFaultInjection: { delay: 'outcome', abort: 'outcome' },
  FaultDelay: {
    percent: 'outcome',
    fixedDelay: 'outcome',
    // istiod writes no delay for it (route.go, TranslateFault).
    exponentialDelay: 'unseen',
    percentage: 'outcome',
  },
  FaultAbort: {
    httpStatus: 'outcome',
    grpcStatus: 'outcome',
    // istiod writes no abort for it (route.go, TranslateFault).
    http2Error: 'unseen',
    percentage: 'outcome',
  },
  HTTPMirrorPolicy: { destination: 'outcome', percentage: 'outcome' },
  Percent: { value: 'outcome' },
};

/**
 * The same for what routes of the Gateway API say of requests.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go
 */
export const seenOfGatewayApi: {
  readonly HTTPRouteRule: SeenFields<gateway.HTTPRouteRule>;
  readonly HTTPRouteMatch: SeenFields<gateway.HTTPRouteMatch>;
  readonly HTTPPathMatch: SeenFields<gateway.HTTPPathMatch>;
  readonly HTTPHeaderMatch: SeenFields<gateway.HTTPHeaderMatch>;
  readonly HTTPQueryParamMatch: SeenFields<gateway.HTTPQueryParamMatch>;
  readonly HTTPHeaderFilter: SeenFields<gateway.HTTPHeaderFilter>;
  readonly HTTPHeader: SeenFields<gateway.HTTPHeader>;
  readonly HTTPRequestMirrorFilter: SeenFields<gateway.HTTPRequestMirrorFilter>;
  readonly Fraction: SeenFields<gateway.Fraction>;
  readonly HTTPRequestRedirectFilter: SeenFields<gateway.HTTPRequestRedirectFilter>;
  readonly HTTPURLRewriteFilter: SeenFields<gateway.HTTPURLRewriteFilter>;
  readonly HTTPCORSFilter: SeenFields<gateway.HTTPCORSFilter>;
  readonly HTTPBackendRef: SeenFields<gateway.HTTPBackendRef>;
  readonly HTTPRouteTimeouts: SeenFields<gateway.HTTPRouteTimeouts>;
  readonly HTTPRouteRetry: SeenFields<gateway.HTTPRouteRetry>;
  readonly GRPCRouteRule: SeenFields<gateway.GRPCRouteRule>;
  readonly GRPCRouteMatch: SeenFields<gateway.GRPCRouteMatch>;
  readonly GRPCMethodMatch: SeenFields<gateway.GRPCMethodMatch>;
} = {
  HTTPRouteRule: {
    name: 'unseen',
    matches: 'match',
    filters: 'outcome',
    backendRefs: 'outcome',
    timeouts: 'outcome',
    retry: 'outcome',
  },
  HTTPRouteMatch: { path: 'match', headers: 'match', queryParams: 'match', method: 'match' },
  HTTPPathMatch: { type: 'match', value: 'match' },
  HTTPHeaderMatch: { type: 'match', name: 'match', value: 'match' },
  HTTPQueryParamMatch: { type: 'match', name: 'match', value: 'match' },
  HTTPHeaderFilter: { set: 'outcome', add: 'outcome', remove: 'outcome' },
  HTTPHeader: { name: 'outcome', value: 'outcome' },
  HTTPRequestMirrorFilter: { backendRef: 'outcome', percent: 'outcome', fraction: 'outcome' },
  Fraction: { numerator: 'outcome', denominator: 'outcome' },
  HTTPRequestRedirectFilter: {
    scheme: 'outcome',
    hostname: 'outcome',
    path: 'outcome',
    port: 'outcome',
    statusCode: 'outcome',
  },
  HTTPURLRewriteFilter: { hostname: 'outcome', path: 'outcome' },
  HTTPCORSFilter: {
    allowOrigins: 'outcome',
    allowCredentials: 'outcome',
    allowMethods: 'outcome',
    allowHeaders: 'outcome',
    exposeHeaders: 'outcome',
    maxAge: 'outcome',
  },
  HTTPBackendRef: {
    group: 'outcome',
    kind: 'outcome',
    name: 'outcome',
    namespace: 'outcome',
    port: 'outcome',
    weight: 'outcome',
    filters: 'outcome',
  },
  HTTPRouteTimeouts: { request: 'outcome', backendRequest: 'outcome' },
  HTTPRouteRetry: { codes: 'outcome', attempts: 'outcome', backoff: 'outcome' },
  GRPCRouteRule: { name: 'unseen', matches: 'match', filters: 'outcome', backendRefs: 'outcome' },
  GRPCRouteMatch: { method: 'match', headers: 'match' },
  GRPCMethodMatch: { type: 'match', service: 'match', method: 'match' },
};
