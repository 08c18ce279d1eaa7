import type * as gateway from '../../gateway-api/index.ts';
import { boolean, checked, type Decoder, enumeration, int32, list, string } from '../decoder.ts';
import { object, required } from '../object.ts';
import { hasPlaceholder } from '../validation/placeholder.ts';
import { backendFields, checkPort, headerFilter, headerMatch, mirrorFilter, parentRef } from './route.ts';
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

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

/** Reported, and kept: what runs may still be an earlier version with another method. */
const method: Decoder<string> = checked(string, (value, at) => {
  if (!methods.includes(value) && !hasPlaceholder(value))
    at.report('value-not-allowed', { field: 'method', value, values: methods.join(', ') });
});

/** @see https://gateway-api.sigs.k8s.io/geps/gep-2257/ */
const duration: Decoder<string> = checked(string, (value, at) => {
  if (!/^([0-9]{1,5}(h|m|s|ms)){1,4}$/.test(value) && !hasPlaceholder(value))
    at.report('route-duration-invalid', { duration: value });
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
  method,
});

const rule: Decoder<gateway.HTTPRouteRule> = object<gateway.HTTPRouteRule>(
  {
    name: string,
    matches: list(match),
    filters: list(filter),
    backendRefs: list(
      object<gateway.HTTPBackendRef>({ ...backendFields, filters: list(filter) }, { check: checkPort }),
    ),
    timeouts: object<gateway.HTTPRouteTimeouts>({ request: duration, backendRequest: duration }),
    retry: object<gateway.HTTPRouteRetry>({ codes: list(int32), attempts: int32, backoff: duration }),
  },
  { others: ['sessionPersistence'] },
);

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec */
export const httpRoute: Decoder<gateway.HTTPRoute> = object<gateway.HTTPRoute>(
  { parentRefs: list(parentRef), hostnames: list(string), rules: list(rule) },
  { others: ['useDefaultGateways'] },
);
