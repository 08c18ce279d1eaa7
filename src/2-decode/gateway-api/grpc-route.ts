import type * as gateway from '../../gateway-api/index.ts';
import { type Decoder, enumeration, list, string } from '../decoder.ts';
import { object } from '../object.ts';
import { backendFields, checkPort, headerFilter, headerMatch, mirrorFilter, parentRef } from './route.ts';
import { tagged } from './tagged.ts';

const filter: Decoder<gateway.GRPCRouteFilter> = tagged<gateway.GRPCRouteFilter>({
  RequestHeaderModifier: ['requestHeaderModifier', headerFilter],
  ResponseHeaderModifier: ['responseHeaderModifier', headerFilter],
  RequestMirror: ['requestMirror', mirrorFilter],
  ExtensionRef: undefined,
});

const rule: Decoder<gateway.GRPCRouteRule> = object<gateway.GRPCRouteRule>(
  {
    name: string,
    matches: list(
      object<gateway.GRPCRouteMatch>({
        method: object<gateway.GRPCMethodMatch>({
          type: enumeration('Exact', 'RegularExpression'),
          service: string,
          method: string,
        }),
        headers: list(headerMatch),
      }),
    ),
    filters: list(filter),
    backendRefs: list(
      object<gateway.GRPCBackendRef>({ ...backendFields, filters: list(filter) }, { check: checkPort }),
    ),
  },
  { others: ['sessionPersistence'] },
);

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutespec */
export const grpcRoute: Decoder<gateway.GRPCRoute> = object<gateway.GRPCRoute>(
  { parentRefs: list(parentRef), hostnames: list(string), rules: list(rule) },
  { others: ['useDefaultGateways'] },
);
