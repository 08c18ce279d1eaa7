import type { Resource } from '../2-decode/resource.ts';
import { serviceHost, withoutPlaceholders } from '../3-link/host.ts';
import type { HttpEntry } from '../3-link/virtual-services.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import type { FieldPath } from '../yaml/source.ts';
import { everyNamedOrigin } from './cors.ts';
import { parseDuration } from './duration.ts';
import { quoteMeta } from './regex/quote.ts';

/**
 * Decides whether a route may refer to a backend; a mesh route may refer to every Service. A Hostname that istiod does not find
 * is still a backend, but no mirror.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, buildDestination
 */
export type MayRefer = (backend: gateway.BackendObjectReference) => boolean;

/**
 * Turns an HTTPRoute into entries with one match each, as istiod does; they are not sorted yet.
 *
 * @returns undefined when a hard error in one rule discards the whole route: a filter istiod does not have, a Service
 * name with a dot, a backend without a port, a namespace beside kind Hostname
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, convertHTTPRoute
 */
export function convertHTTPRoute(
  resource: Resource<'gateway.HTTPRoute'>,
  mayRefer: MayRefer,
): readonly HttpEntry[] | undefined {
  const converted: HttpEntry[] = [];
  for (const [index, rule] of (resource.spec.rules ?? []).entries()) {
    const path: FieldPath = ['spec', 'rules', index];
    const base = convertRule(rule, resource.namespace, mayRefer);
    if (base === undefined) return undefined;
    // The CRD's default for a rule that says nothing of matches is a PathPrefix `/`.
    const matches = rule.matches ?? [{ path: { type: 'PathPrefix', value: '/' } } as const];
    if (matches.length === 0) converted.push({ http: base, origin: { resource, path } });
    for (const [match, condition] of matches.entries()) {
      converted.push({
        http: { ...base, match: [convertMatch(condition)] },
        origin: { resource, path, match },
      });
    }
  }
  return converted;
}

/** Reads one field of a rule; undefined discards the whole route. */
type RuleReader = (
  rule: gateway.HTTPRouteRule,
  namespace: string,
  mayRefer: MayRefer,
) => istio.HTTPRoute | undefined;

/** Every field of a rule, in the order in which they are laid over each other. */
const ruleReaders: Readonly<Record<keyof gateway.HTTPRouteRule, RuleReader>> = {
  name: ({ name }) => (name === undefined ? {} : { name }),
  // convertHTTPRoute makes an entry of each.
  matches: () => ({}),
  filters: ({ filters = [] }, namespace, mayRefer) => convertFilters(filters, namespace, mayRefer),
  retry: ({ retry, timeouts }) => (retry === undefined ? {} : { retries: convertRetry(retry, timeouts) }),
  timeouts: ({ retry, timeouts }) => convertTimeouts(timeouts, retry !== undefined),
  backendRefs: ({ backendRefs = [], filters = [] }, namespace, mayRefer) => {
    const weightSum = backendRefs.reduce((sum, { weight }) => sum + (weight ?? 1), 0);
    if (weightSum === 0)
      return filters.some(({ type }) => type === 'RequestRedirect')
        ? {}
        : { directResponse: { status: 500 } };
    const route = convertBackends(backendRefs, namespace, mayRefer);
    return route === undefined ? undefined : { route };
  },
};

const ruleReaderList = Object.values(ruleReaders);

function convertRule(
  rule: gateway.HTTPRouteRule,
  namespace: string,
  mayRefer: MayRefer,
): istio.HTTPRoute | undefined {
  let converted: istio.HTTPRoute = {};
  for (const read of ruleReaderList) {
    const part = read(rule, namespace, mayRefer);
    if (part === undefined) return undefined;
    converted = { ...converted, ...part };
  }
  return converted;
}

function convertFilters(
  filters: readonly gateway.HTTPRouteFilter[],
  namespace: string,
  mayRefer: MayRefer,
): istio.HTTPRoute | undefined {
  let result: istio.HTTPRoute = {};
  for (const filter of filters) {
    switch (filter.type) {
      case 'RequestHeaderModifier':
        result = {
          ...result,
          headers: { ...result.headers, request: convertHeaders(filter.requestHeaderModifier) },
        };
        break;
      case 'ResponseHeaderModifier':
        result = {
          ...result,
          headers: { ...result.headers, response: convertHeaders(filter.responseHeaderModifier) },
        };
        break;
      case 'RequestRedirect':
        result = { ...result, redirect: convertRedirect(filter.requestRedirect) };
        break;
      case 'URLRewrite': {
        const rewrite = convertRewrite(filter.urlRewrite);
        if (rewrite !== undefined) result = { ...result, rewrite };
        break;
      }
      case 'CORS':
        result = { ...result, corsPolicy: convertCors(filter.cors) };
        break;
      case 'RequestMirror': {
        const mirror = convertMirror(filter.requestMirror, namespace, mayRefer);
        if (mirror !== undefined) result = { ...result, mirrors: [...(result.mirrors ?? []), mirror] };
        break;
      }
      default:
        return undefined;
    }
  }
  return result;
}

const headerReaders: Readers<gateway.HTTPHeaderFilter, istio.HeaderOperations> = {
  set: ({ set }) => (set === undefined ? {} : { set: firstOfEach(set) }),
  add: ({ add }) => (add === undefined ? {} : { add: firstOfEach(add) }),
  remove: ({ remove }) => (remove === undefined ? {} : { remove }),
};

function firstOfEach(headers: readonly gateway.HTTPHeader[]): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    if (!values.has(key)) values.set(key, value);
  }
  return Object.fromEntries(values);
}

/** The first of several operations on one header counts; names are lower-cased. */
export function convertHeaders(filter: gateway.HTTPHeaderFilter): istio.HeaderOperations {
  return readAll(headerReaders, filter);
}

/** Reads one field of a part of a rule into the part of an entry that istiod makes of it. */
type Readers<From, To> = Readonly<Record<keyof From, (from: From) => To>>;

function readAll<From, To extends object>(readers: Readers<From, To>, from: From): To {
  const to = {};
  for (const field in readers) Object.assign(to, readers[field](from));
  return to as To;
}

const redirectReaders: Readers<gateway.HTTPRequestRedirectFilter, istio.HTTPRedirect> = {
  statusCode: ({ statusCode = 302 }) => ({ redirectCode: statusCode }),
  hostname: ({ hostname }) => (hostname === undefined ? {} : { authority: hostname }),
  scheme: ({ scheme }) => (scheme === undefined ? {} : { scheme }),
  port: ({ port, scheme }) =>
    port === undefined
      ? { derivePort: scheme === undefined ? 'FROM_REQUEST_PORT' : 'FROM_PROTOCOL_DEFAULT' }
      : { port },
  path: ({ path }) => {
    if (path === undefined) return {};
    return path.type === 'ReplaceFullPath'
      ? { uri: path.replaceFullPath }
      : { prefixRewrite: path.replacePrefixMatch };
  },
};

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, createRedirectFilter */
function convertRedirect(filter: gateway.HTTPRequestRedirectFilter): istio.HTTPRedirect {
  return readAll(redirectReaders, filter);
}

const rewriteReaders: Readers<gateway.HTTPURLRewriteFilter, istio.HTTPRewrite> = {
  path: ({ path }) => {
    if (path === undefined) return {};
    return path.type === 'ReplaceFullPath'
      ? { uriRegexRewrite: { match: '/.*', rewrite: path.replaceFullPath } }
      : // A slash at the end goes; nothing left means that the prefix is removed.
        { uri: path.replacePrefixMatch.replace(/\/$/, '') || '/' };
  },
  hostname: ({ hostname }) => (hostname ? { authority: hostname } : {}),
};

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, createRewriteFilter */
function convertRewrite(filter: gateway.HTTPURLRewriteFilter): istio.HTTPRewrite | undefined {
  const rewrite = readAll(rewriteReaders, filter);
  return Object.keys(rewrite).length === 0 ? undefined : rewrite;
}

const corsReaders: Readers<gateway.HTTPCORSFilter, istio.CorsPolicy> = {
  allowOrigins: ({ allowOrigins = [] }) => ({ allowOrigins: allowOrigins.map(convertOrigin) }),
  allowCredentials: ({ allowCredentials }) => (allowCredentials ? { allowCredentials: true } : {}),
  allowMethods: ({ allowMethods }) => (allowMethods === undefined ? {} : { allowMethods }),
  allowHeaders: ({ allowHeaders }) => (allowHeaders === undefined ? {} : { allowHeaders }),
  exposeHeaders: ({ exposeHeaders }) => (exposeHeaders === undefined ? {} : { exposeHeaders }),
  maxAge: ({ maxAge = 5 }) => (maxAge > 0 ? { maxAge: `${maxAge}s` } : {}),
};

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, createCorsFilter */
export function convertCors(filter: gateway.HTTPCORSFilter): istio.CorsPolicy {
  return { ...readAll(corsReaders, filter), unmatchedPreflights: 'IGNORE' };
}

function convertOrigin(origin: string): istio.StringMatch {
  if (origin === '*') return { regex: everyNamedOrigin };
  if (!origin.includes('*')) return { exact: origin };
  if (origin.indexOf('*') === origin.length - 1) return { prefix: origin.slice(0, -1) };
  return { regex: `^${quoteMeta(origin).replaceAll('\\*', '.*')}$` };
}

/** A mirror to a backend the route may not refer to, or that istiod does not find, is left out, and the rest stays. */
export function convertMirror(
  filter: gateway.HTTPRequestMirrorFilter,
  namespace: string,
  mayRefer: MayRefer,
): istio.HTTPMirrorPolicy | undefined {
  const destination = convertBackend(filter.backendRef, namespace, mayRefer);
  if (destination === undefined || destination.host === '' || !mayRefer(filter.backendRef)) return undefined;
  const { fraction, percent } = filter;
  const value = fraction === undefined ? percent : (100 * fraction.numerator) / (fraction.denominator ?? 100);
  return { destination, ...(value === undefined ? {} : { percentage: { value } }) };
}

function convertRetry(
  retry: gateway.HTTPRouteRetry,
  timeouts: gateway.HTTPRouteTimeouts | undefined,
): istio.HTTPRetry {
  const attempts = retry.attempts ?? 2;
  const backendRequest = nonZero(timeouts?.backendRequest);
  return {
    attempts,
    retryOn:
      attempts === 0
        ? ''
        : ['connect-failure', 'refused-stream', 'unavailable', 'cancelled', ...(retry.codes ?? [])].join(','),
    ...(retry.backoff === undefined ? {} : { backoff: retry.backoff }),
    ...(backendRequest === undefined ? {} : { perTryTimeout: backendRequest }),
  };
}

/** Without a retry, backendRequest is the limit of the whole request, and `request` is lost. */
function convertTimeouts(
  timeouts: gateway.HTTPRouteTimeouts | undefined,
  hasRetry: boolean,
): { readonly timeout?: string } {
  const timeout = (hasRetry ? undefined : nonZero(timeouts?.backendRequest)) ?? nonZero(timeouts?.request);
  return timeout === undefined ? {} : { timeout };
}

function nonZero(duration: string | undefined): string | undefined {
  return duration === undefined || parseDuration(duration) === 0 ? undefined : duration;
}

/** Weights of zero are left out; the destination of a forbidden or unknown backend has no host. */
export function convertBackends(
  backendRefs: readonly gateway.HTTPBackendRef[],
  namespace: string,
  mayRefer: MayRefer,
): readonly istio.HTTPRouteDestination[] | undefined {
  const weighted = backendRefs.filter(({ weight }) => weight !== 0);
  const routes: istio.HTTPRouteDestination[] = [];
  for (const backendRef of weighted) {
    const destination = convertBackend(backendRef, namespace, mayRefer);
    if (destination === undefined) return undefined;
    let headers: istio.Headers = {};
    for (const filter of backendRef.filters ?? []) {
      if (filter.type === 'RequestHeaderModifier')
        headers = { ...headers, request: convertHeaders(filter.requestHeaderModifier) };
      else if (filter.type === 'ResponseHeaderModifier')
        headers = { ...headers, response: convertHeaders(filter.responseHeaderModifier) };
      else return undefined;
    }
    routes.push({
      destination,
      weight: weighted.length === 1 ? 0 : (backendRef.weight ?? 1),
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
    });
  }
  return routes;
}

/** @returns undefined for what discards the whole route; a destination without a host for what only breaks itself */
export function convertBackend(
  backend: gateway.BackendObjectReference,
  namespace: string,
  mayRefer: MayRefer,
): istio.Destination | undefined {
  const { group = '', kind = 'Service' } = backend;
  const allowed = mayRefer(backend);
  if (group === '' && kind === 'Service') {
    if (!allowed) return { host: '' };
    if (withoutPlaceholders(backend.name).includes('.') || backend.port === undefined) return undefined;
    const host = serviceHost({ namespace: backend.namespace ?? namespace, name: backend.name });
    return { host, port: { number: backend.port } };
  }
  if (group === 'networking.istio.io' && kind === 'Hostname') {
    if (backend.namespace !== undefined || backend.port === undefined) return undefined;
    return { host: backend.name, port: { number: backend.port } };
  }
  return { host: '' };
}

const matchReaders: Readers<gateway.HTTPRouteMatch, istio.HTTPMatchRequest> = {
  path: ({ path }) => ({ uri: convertPath(path?.type ?? 'PathPrefix', path?.value ?? '/') }),
  method: ({ method }) => (method === undefined ? {} : { method: { exact: method } }),
  headers: ({ headers }) =>
    headers === undefined || headers.length === 0 ? {} : { headers: convertConditions(headers) },
  queryParams: ({ queryParams }) =>
    queryParams === undefined || queryParams.length === 0
      ? {}
      : { queryParams: convertConditions(queryParams) },
};

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, createURIMatch */
function convertMatch(match: gateway.HTTPRouteMatch): istio.HTTPMatchRequest {
  return readAll(matchReaders, match);
}

function convertPath(type: 'Exact' | 'PathPrefix' | 'RegularExpression', value: string): istio.StringMatch {
  if (type === 'Exact') return { exact: value };
  if (type === 'RegularExpression') return { regex: value };
  return { prefix: value === '/' ? value : value.replace(/\/$/, '') };
}

/** The last of several conditions on one name counts, as in a Go map. */
export function convertConditions(
  conditions: readonly { readonly type?: string; readonly name: string; readonly value: string }[],
): Readonly<Record<string, istio.StringMatch>> {
  return Object.fromEntries(
    conditions.map(({ type, name, value }) => [
      name,
      type === 'RegularExpression' ? { regex: value } : { exact: value },
    ]),
  );
}
