import type { Resource } from '../2-decode/resource.ts';
import type { HttpEntry } from '../3-link/virtual-services.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import type { FieldPath } from '../yaml/source.ts';
import {
  convertBackends,
  convertConditions,
  convertHeaders,
  convertMirror,
  type MayRefer,
} from './http-route.ts';

/**
 * Turns a GRPCRoute into entries with one match each, as istiod does.
 *
 * @returns undefined when a hard error in one rule discards the whole route
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, convertGRPCRoute
 */
export function convertGRPCRoute(
  resource: Resource<'gateway.GRPCRoute'>,
  mayRefer: MayRefer,
): readonly HttpEntry[] | undefined {
  const converted: HttpEntry[] = [];
  for (const [index, rule] of (resource.spec.rules ?? []).entries()) {
    const base = convertRule(rule, resource.namespace, mayRefer);
    if (base === undefined) return undefined;
    const path: FieldPath = ['spec', 'rules', index];
    if ((rule.matches ?? []).length === 0) converted.push({ http: base, origin: { resource, path } });
    for (const [match, condition] of (rule.matches ?? []).entries()) {
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
  rule: gateway.GRPCRouteRule,
  namespace: string,
  mayRefer: MayRefer,
) => istio.HTTPRoute | undefined;

/** Every field of a rule, in the order in which they are laid over each other. */
const ruleReaders: Readonly<Record<keyof gateway.GRPCRouteRule, RuleReader>> = {
  name: ({ name }) => (name === undefined ? {} : { name }),
  // convertGRPCRoute makes an entry of each.
  matches: () => ({}),
  filters: ({ filters = [] }, namespace, mayRefer) => convertFilters(filters, namespace, mayRefer),
  backendRefs: ({ backendRefs = [] }, namespace, mayRefer) => {
    if (backendRefs.every(({ weight }) => weight === 0)) return { directResponse: { status: 500 } };
    const route = convertBackends(backendRefs, namespace, mayRefer);
    return route === undefined ? undefined : { route };
  },
};

function convertRule(
  rule: gateway.GRPCRouteRule,
  namespace: string,
  mayRefer: MayRefer,
): istio.HTTPRoute | undefined {
  let entry: istio.HTTPRoute = {};
  for (const read of Object.values(ruleReaders)) {
    const part = read(rule, namespace, mayRefer);
    if (part === undefined) return undefined;
    entry = { ...entry, ...part };
  }
  return entry;
}

function convertFilters(
  filters: readonly gateway.GRPCRouteFilter[],
  namespace: string,
  mayRefer: MayRefer,
): istio.HTTPRoute | undefined {
  let base: istio.HTTPRoute = {};
  for (const filter of filters) {
    if (filter.type === 'RequestHeaderModifier') {
      base = { ...base, headers: { ...base.headers, request: convertHeaders(filter.requestHeaderModifier) } };
    } else if (filter.type === 'ResponseHeaderModifier') {
      base = {
        ...base,
        headers: { ...base.headers, response: convertHeaders(filter.responseHeaderModifier) },
      };
    } else if (filter.type === 'RequestMirror') {
      // Unlike in an HTTPRoute, a mirror that may not be referred to discards the route.
      const mirror = convertMirror(filter.requestMirror, namespace, mayRefer);
      if (mirror === undefined) return undefined;
      base = { ...base, mirrors: [...(base.mirrors ?? []), mirror] };
    } else {
      return undefined;
    }
  }
  return base;
}

/** Every field of a match. */
const matchReaders: Readonly<
  Record<keyof gateway.GRPCRouteMatch, (match: gateway.GRPCRouteMatch) => istio.HTTPMatchRequest>
> = {
  method: ({ method }) => (method === undefined ? {} : { uri: convertMethod(method) }),
  headers: ({ headers = [] }) => (headers.length === 0 ? {} : { headers: convertConditions(headers) }),
};

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, createGRPCURIMatch */
function convertMatch(match: gateway.GRPCRouteMatch): istio.HTTPMatchRequest {
  let converted: istio.HTTPMatchRequest = {};
  for (const read of Object.values(matchReaders)) converted = { ...converted, ...read(match) };
  return converted;
}

function convertMethod({ type = 'Exact', service, method }: gateway.GRPCMethodMatch): istio.StringMatch {
  if (service === undefined) return { regex: `/[^/]+/${method ?? ''}` };
  if (type === 'RegularExpression') return { regex: `/${service}/${method ?? '.+'}` };
  return method === undefined ? { prefix: `/${service}/` } : { exact: `/${service}/${method}` };
}
