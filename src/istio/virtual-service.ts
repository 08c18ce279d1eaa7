/**
 * VirtualService, `networking.istio.io/v1` (v1beta1 and v1alpha3 have the same fields).
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/
 */
export interface VirtualService {
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  readonly http?: readonly HTTPRoute[];
  readonly tls?: readonly TLSRoute[];
  readonly tcp?: readonly TCPRoute[];
  readonly exportTo?: readonly string[];
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute */
export interface HTTPRoute {
  readonly name?: string;
  readonly match?: readonly HTTPMatchRequest[];
  readonly route?: readonly HTTPRouteDestination[];
  readonly redirect?: HTTPRedirect;
  readonly directResponse?: HTTPDirectResponse;
  readonly delegate?: Delegate;
  readonly rewrite?: HTTPRewrite;
  readonly timeout?: string;
  readonly retries?: HTTPRetry;
  readonly fault?: HTTPFaultInjection;
  readonly mirror?: Destination;
  readonly mirrors?: readonly HTTPMirrorPolicy[];
  /** Deprecated for `mirrorPercentage`; whole percents. */
  readonly mirrorPercent?: number;
  /** The older spelling of `mirrorPercent`, still in the CRD. */
  readonly mirror_percent?: number;
  readonly mirrorPercentage?: Percent;
  readonly corsPolicy?: CorsPolicy;
  readonly headers?: Headers;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest */
export interface HTTPMatchRequest {
  readonly name?: string;
  readonly uri?: StringMatch;
  readonly scheme?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly gateways?: readonly string[];
  readonly queryParams?: Readonly<Record<string, StringMatch>>;
  readonly ignoreUriCase?: boolean;
  readonly withoutHeaders?: Readonly<Record<string, StringMatch>>;
  readonly sourceNamespace?: string;
  readonly statPrefix?: string;
}

/**
 * At most one of the three is set; none of them means "present".
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch
 */
export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  /** RE2; the whole value has to match. */
  readonly regex?: string;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination */
export interface HTTPRouteDestination {
  readonly destination: Destination;
  readonly weight?: number;
  readonly headers?: Headers;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#RouteDestination */
export interface RouteDestination {
  readonly destination: Destination;
  readonly weight?: number;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination */
export interface Destination {
  readonly host: string;
  readonly subset?: string;
  readonly port?: PortSelector;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#PortSelector */
export interface PortSelector {
  readonly number?: number;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers */
export interface Headers {
  readonly request?: HeaderOperations;
  readonly response?: HeaderOperations;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers-HeaderOperations */
export interface HeaderOperations {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRedirect */
export interface HTTPRedirect {
  readonly uri?: string;
  readonly authority?: string;
  readonly port?: number;
  readonly derivePort?: 'FROM_PROTOCOL_DEFAULT' | 'FROM_REQUEST_PORT';
  readonly scheme?: string;
  readonly redirectCode?: number;
  readonly prefixRewrite?: string;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPDirectResponse */
export interface HTTPDirectResponse {
  readonly status: number;
  readonly body?: HTTPBody;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPBody */
export interface HTTPBody {
  readonly string?: string;
  /** Base64. */
  readonly bytes?: string;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate */
export interface Delegate {
  readonly name?: string;
  readonly namespace?: string;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite */
export interface HTTPRewrite {
  readonly uri?: string;
  readonly authority?: string;
  readonly uriRegexRewrite?: RegexRewrite;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#RegexRewrite */
export interface RegexRewrite {
  readonly match?: string;
  readonly rewrite?: string;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry */
export interface HTTPRetry {
  readonly attempts?: number;
  readonly perTryTimeout?: string;
  readonly retryOn?: string;
  readonly retryRemoteLocalities?: boolean;
  readonly retryIgnorePreviousHosts?: boolean;
  readonly backoff?: string;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy */
export interface CorsPolicy {
  /** Deprecated for `allowOrigins`; exact origins. */
  readonly allowOrigin?: readonly string[];
  readonly allowOrigins?: readonly StringMatch[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAge?: string;
  readonly allowCredentials?: boolean;
  readonly unmatchedPreflights?: 'UNSPECIFIED' | 'FORWARD' | 'IGNORE';
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection */
export interface HTTPFaultInjection {
  readonly delay?: FaultDelay;
  readonly abort?: FaultAbort;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection-Delay */
export interface FaultDelay {
  /** Deprecated for `percentage`; whole percents. */
  readonly percent?: number;
  readonly fixedDelay?: string;
  readonly exponentialDelay?: string;
  readonly percentage?: Percent;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection-Abort */
export interface FaultAbort {
  readonly httpStatus?: number;
  readonly grpcStatus?: string;
  readonly http2Error?: string;
  readonly percentage?: Percent;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMirrorPolicy */
export interface HTTPMirrorPolicy {
  readonly destination: Destination;
  readonly percentage?: Percent;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Percent */
export interface Percent {
  /** 0 to 100. */
  readonly value?: number;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSRoute */
export interface TLSRoute {
  readonly match?: readonly TLSMatchAttributes[];
  readonly route?: readonly RouteDestination[];
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSMatchAttributes */
export interface TLSMatchAttributes {
  readonly sniHosts?: readonly string[];
  readonly destinationSubnets?: readonly string[];
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly gateways?: readonly string[];
  readonly sourceNamespace?: string;
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TCPRoute */
export interface TCPRoute {
  readonly match?: readonly L4MatchAttributes[];
  readonly route?: readonly RouteDestination[];
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#L4MatchAttributes */
export interface L4MatchAttributes {
  readonly destinationSubnets?: readonly string[];
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly gateways?: readonly string[];
  readonly sourceNamespace?: string;
  /** In the CRD, and read by nothing in istiod. */
  readonly sourceSubnet?: string;
}
