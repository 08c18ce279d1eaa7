import type { BackendRef, ParentReference } from './route.ts';

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#tlsroutespec */
export interface TLSRoute {
  readonly parentRefs?: readonly ParentReference[];
  readonly hostnames?: readonly string[];
  readonly rules?: readonly Layer4RouteRule[];
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#tcproutespec */
export interface TCPRoute {
  readonly parentRefs?: readonly ParentReference[];
  readonly rules?: readonly Layer4RouteRule[];
}

/** A rule of a TLSRoute or a TCPRoute: connections have nothing to match but the listener and the SNI. */
export interface Layer4RouteRule {
  readonly name?: string;
  readonly backendRefs?: readonly BackendRef[];
}
