import type {
  BackendRef,
  HTTPHeaderFilter,
  HTTPHeaderMatch,
  HTTPRequestMirrorFilter,
  ParentReference,
} from './route.ts';

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutespec */
export interface GRPCRoute {
  readonly parentRefs?: readonly ParentReference[];
  readonly hostnames?: readonly string[];
  readonly rules?: readonly GRPCRouteRule[];
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcrouterule */
export interface GRPCRouteRule {
  readonly name?: string;
  readonly matches?: readonly GRPCRouteMatch[];
  readonly filters?: readonly GRPCRouteFilter[];
  readonly backendRefs?: readonly GRPCBackendRef[];
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutematch */
export interface GRPCRouteMatch {
  readonly method?: GRPCMethodMatch;
  readonly headers?: readonly HTTPHeaderMatch[];
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcmethodmatch */
export interface GRPCMethodMatch {
  readonly type?: 'Exact' | 'RegularExpression';
  readonly service?: string;
  readonly method?: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutefilter */
export type GRPCRouteFilter =
  | { readonly type: 'RequestHeaderModifier'; readonly requestHeaderModifier: HTTPHeaderFilter }
  | { readonly type: 'ResponseHeaderModifier'; readonly responseHeaderModifier: HTTPHeaderFilter }
  | { readonly type: 'RequestMirror'; readonly requestMirror: HTTPRequestMirrorFilter }
  | { readonly type: 'ExtensionRef' };

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcbackendref */
export interface GRPCBackendRef extends BackendRef {
  readonly filters?: readonly GRPCRouteFilter[];
}
