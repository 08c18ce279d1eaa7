import type * as gateway from '../../gateway-api/index.ts';
import { boolean, type Decoder, enumeration, int32, list, string } from '../decoder.ts';
import { object, required } from '../object.ts';
import { backendFields, headerFilter, headerMatch, mirrorFilter, parentRef } from './route.ts';
import { tagged } from './tagged.ts';

const pathModifier: Decoder<gateway.HTTPPathModifier> = tagged<gateway.HTTPPathModifier>({
  ReplaceFullPath: ['replaceFullPath', string],
  ReplacePrefixMatch: ['replacePrefixMatch', string],
});

const filter: Decoder<gateway.HTTPRouteFilter> = tagged<gateway.HTTPRouteFilter>({
  RequestHeaderModifier: ['requestHeaderModifier', headerFilter],
  ResponseHeaderModifier: ['responseHeaderModifier', headerFilter],
  RequestMirror: ['requestMirror', mirrorFilter],
  RequestRedirect: [
    'requestRedirect',
    object<gateway.HTTPRequestRedirectFilter>({
      scheme: enumeration('http', 'https'),
      hostname: string,
      path: pathModifier,
      port: int32,
      statusCode: int32,
    }),
  ],
  URLRewrite: ['urlRewrite', object<gateway.HTTPURLRewriteFilter>({ hostname: string, path: pathModifier })],
  CORS: [
    'cors',
    object<gateway.HTTPCORSFilter>({
      allowOrigins: list(string),
      allowCredentials: boolean,
      allowMethods: list(string),
      allowHeaders: list(string),
      exposeHeaders: list(string),
      maxAge: int32,
    }),
  ],
  ExtensionRef: undefined,
  ExternalAuth: undefined,
});

const match: Decoder<gateway.HTTPRouteMatch> = object<gateway.HTTPRouteMatch>({
  path: object<gateway.HTTPPathMatch>({
    type: enumeration('Exact', 'PathPrefix', 'RegularExpression'),
    value: string,
  }),
  headers: list(headerMatch),
  queryParams: list(
    object<gateway.HTTPQueryParamMatch>({
      type: enumeration('Exact', 'RegularExpression'),
      name: required(string, ''),
      value: required(string, ''),
    }),
  ),
  method: string,
});

const rule: Decoder<gateway.HTTPRouteRule> = object<gateway.HTTPRouteRule>(
  {
    name: string,
    matches: list(match),
    filters: list(filter),
    backendRefs: list(object<gateway.HTTPBackendRef>({ ...backendFields, filters: list(filter) })),
    timeouts: object<gateway.HTTPRouteTimeouts>({ request: string, backendRequest: string }),
    retry: object<gateway.HTTPRouteRetry>({ codes: list(int32), attempts: int32, backoff: string }),
  },
  { others: ['sessionPersistence'] },
);

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec */
export const httpRoute: Decoder<gateway.HTTPRoute> = object<gateway.HTTPRoute>(
  { parentRefs: list(parentRef), hostnames: list(string), rules: list(rule) },
  { others: ['useDefaultGateways'] },
);
