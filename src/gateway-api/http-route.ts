import type {
  BackendRef,
  HTTPHeaderFilter,
  HTTPHeaderMatch,
  HTTPRequestMirrorFilter,
  ParentReference,
} from './route.ts';

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec */
export interface HTTPRoute {
  readonly parentRefs?: readonly ParentReference[];
  readonly hostnames?: readonly string[];
  readonly rules?: readonly HTTPRouteRule[];
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule */
export interface HTTPRouteRule {
  readonly name?: string;
  readonly matches?: readonly HTTPRouteMatch[];
  readonly filters?: readonly HTTPRouteFilter[];
  readonly backendRefs?: readonly HTTPBackendRef[];
  readonly timeouts?: HTTPRouteTimeouts;
  readonly retry?: HTTPRouteRetry;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch */
export interface HTTPRouteMatch {
  readonly path?: HTTPPathMatch;
  readonly headers?: readonly HTTPHeaderMatch[];
  readonly queryParams?: readonly HTTPQueryParamMatch[];
  readonly method?: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httppathmatch */
export interface HTTPPathMatch {
  readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression';
  readonly value?: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpqueryparammatch */
export interface HTTPQueryParamMatch {
  readonly type?: 'Exact' | 'RegularExpression';
  readonly name: string;
  readonly value: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter */
export type HTTPRouteFilter =
  | { readonly type: 'RequestHeaderModifier'; readonly requestHeaderModifier: HTTPHeaderFilter }
  | { readonly type: 'ResponseHeaderModifier'; readonly responseHeaderModifier: HTTPHeaderFilter }
  | { readonly type: 'RequestMirror'; readonly requestMirror: HTTPRequestMirrorFilter }
  | { readonly type: 'RequestRedirect'; readonly requestRedirect: HTTPRequestRedirectFilter }
  | { readonly type: 'URLRewrite'; readonly urlRewrite: HTTPURLRewriteFilter }
  | { readonly type: 'CORS'; readonly cors: HTTPCORSFilter }
  | { readonly type: 'ExtensionRef' | 'ExternalAuth' };

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httppathmodifier */
export type HTTPPathModifier =
  | { readonly type: 'ReplaceFullPath'; readonly replaceFullPath: string }
  | { readonly type: 'ReplacePrefixMatch'; readonly replacePrefixMatch: string };

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter */
export interface HTTPRequestRedirectFilter {
  readonly scheme?: 'http' | 'https';
  readonly hostname?: string;
  readonly path?: HTTPPathModifier;
  readonly port?: number;
  readonly statusCode?: number;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpurlrewritefilter */
export interface HTTPURLRewriteFilter {
  readonly hostname?: string;
  readonly path?: HTTPPathModifier;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter */
export interface HTTPCORSFilter {
  readonly allowOrigins?: readonly string[];
  readonly allowCredentials?: boolean;
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  /** Seconds. */
  readonly maxAge?: number;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref */
export interface HTTPBackendRef extends BackendRef {
  readonly filters?: readonly HTTPRouteFilter[];
}

/**
 * Durations as GEP-2257 writes them.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts
 */
export interface HTTPRouteTimeouts {
  readonly request?: string;
  readonly backendRequest?: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httprouteretry */
export interface HTTPRouteRetry {
  readonly codes?: readonly number[];
  readonly attempts?: number;
  readonly backoff?: string;
}
