import type * as gateway from '../../gateway-api/index.ts';
import { type Decoder, list, string } from '../decoder.ts';
import { object } from '../object.ts';
import { backendFields, checkPort, parentRef } from './route.ts';

const rule: Decoder<gateway.Layer4RouteRule> = object<gateway.Layer4RouteRule>({
  name: string,
  backendRefs: list(object<gateway.BackendRef>(backendFields, { check: checkPort })),
});

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#tlsroutespec */
export const tlsRoute: Decoder<gateway.TLSRoute> = object<gateway.TLSRoute>(
  { parentRefs: list(parentRef), hostnames: list(string), rules: list(rule) },
  { others: ['useDefaultGateways'] },
);

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#tcproutespec */
export const tcpRoute: Decoder<gateway.TCPRoute> = object<gateway.TCPRoute>(
  { parentRefs: list(parentRef), rules: list(rule) },
  { others: ['useDefaultGateways'] },
);
