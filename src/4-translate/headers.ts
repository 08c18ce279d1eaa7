import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { authorityOf } from '../semantics/header-effect.ts';
import type { FieldPath } from '../yaml/source.ts';
import { type EntryContext, entryPlace, isPortable } from './context.ts';

/** The header filters of a rule or a backend, and the host that is sent upstream. */
export interface TranslatedHeaders {
  readonly request: gateway.HTTPHeaderFilter | undefined;
  readonly response: gateway.HTTPHeaderFilter | undefined;
  /** A plain hostname, for URLRewrite; anything else is among the request headers. */
  readonly hostname: string | undefined;
}

const none: TranslatedHeaders = { request: undefined, response: undefined, hostname: undefined };

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#precisehostname */
const preciseHostname = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function isPreciseHostname(host: string): boolean {
  return host.length <= 253 && preciseHostname.test(host) && !/^\d+(\.\d+){3}$/.test(host);
}

/**
 * Writes header operations as filters. Setting Host rewrites the authority; other operations on it do nothing.
 *
 * @param level a destination has no URLRewrite, so that its host becomes a Host header
 * @returns undefined, after reports, where an operation has no form
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, TranslateHeadersOperations
 */
export function translateHeaders(
  context: EntryContext,
  headers: istio.Headers | undefined,
  level: 'rule' | 'destination',
  path: FieldPath,
): TranslatedHeaders | undefined {
  if (headers === undefined) return none;
  const request = translateOperations(context, headers.request, [...path, 'request']);
  const response = translateOperations(context, headers.response, [...path, 'response']);
  if (request === undefined || response === undefined) return undefined;
  const host = authorityOf(headers.request);
  if (host === undefined)
    return { request: filled(request), response: filled(response), hostname: undefined };
  const place = hostPlace(context, headers.request, [...path, 'request']);
  if (level === 'rule' && isPreciseHostname(host)) {
    return { request: filled(request), response: filled(response), hostname: host };
  }
  const asHeader = hostHeader(context, host, place);
  if (asHeader === undefined) return undefined;
  return {
    request: { ...request, set: [asHeader, ...(request.set ?? [])] },
    response: filled(response),
    hostname: undefined,
  };
}

function hostPlace(
  context: EntryContext,
  operations: istio.HeaderOperations | undefined,
  path: FieldPath,
): ReturnType<typeof entryPlace> {
  const found = (['set', 'add'] as const)
    .flatMap(kind => Object.keys(operations?.[kind] ?? {}).map(name => [kind, name] as const))
    .find(([, name]) => isHost(name));
  return entryPlace(context, ...path, ...(found ?? []));
}

/** A host that URLRewrite cannot write goes into a Host header; Envoy rewrites the authority for it. */
export function hostHeader(
  context: EntryContext,
  host: string,
  place: ReturnType<typeof entryPlace>,
): gateway.HTTPHeader | undefined {
  if (isPortable(context)) {
    context.report('not-portable', place, { feature: `writing the host ${host}` });
    return undefined;
  }
  context.report('host-as-header', place, { host });
  return { name: 'Host', value: host };
}

function filled(filter: gateway.HTTPHeaderFilter): gateway.HTTPHeaderFilter | undefined {
  return Object.keys(filter).length === 0 ? undefined : filter;
}

function translateOperations(
  context: EntryContext,
  operations: istio.HeaderOperations | undefined,
  path: FieldPath,
): gateway.HTTPHeaderFilter | undefined {
  const set = translateValues(context, operations?.set, [...path, 'set']);
  const add = translateValues(context, operations?.add, [...path, 'add']);
  if (set === undefined || add === undefined) return undefined;
  const remove = operations?.remove ?? [];
  return {
    ...(set.length === 0 ? {} : { set }),
    ...(add.length === 0 ? {} : { add }),
    ...(remove.length === 0 ? {} : { remove }),
  };
}

function isHost(name: string): boolean {
  return /^(host|:authority)$/i.test(name);
}

function translateValues(
  context: EntryContext,
  values: Readonly<Record<string, string>> | undefined,
  path: FieldPath,
): readonly gateway.HTTPHeader[] | undefined {
  const headers: gateway.HTTPHeader[] = [];
  let complete = true;
  for (const [name, value] of Object.entries(values ?? {})) {
    const place = entryPlace(context, ...path, name);
    // The host is written as such; istiod refuses other pseudo-headers, and the host anywhere but here.
    if (isHost(name)) continue;
    if (value === '') {
      context.report('header-value-empty', place, { name });
      complete = false;
    } else if (value.includes('%') && isPortable(context)) {
      context.report('not-portable', place, { feature: `the variable in ${value}` });
      complete = false;
    } else {
      if (value.includes('%')) context.report('header-variable', place, { name, value });
      headers.push({ name, value });
    }
  }
  return complete ? headers : undefined;
}

/** The most entries of a kind that a header filter takes. */
export const maxOperations = 16;

/** How many operations of each kind there are; none where there are no filters. */
export function operationCounts({
  request,
  response,
}: Pick<TranslatedHeaders, 'request' | 'response'>): readonly {
  readonly what: string;
  readonly operation: string;
  readonly count: number;
}[] {
  if (request === undefined && response === undefined) return [];
  return Object.entries({ request, response }).flatMap(([what, filter]) =>
    (['set', 'add', 'remove'] as const).map(operation => ({
      what,
      operation,
      count: filter?.[operation]?.length ?? 0,
    })),
  );
}

/** @returns the filters that carry operations on one backend */
export function headerFilters({ request, response }: TranslatedHeaders): readonly gateway.HTTPRouteFilter[] {
  return [
    ...(request === undefined
      ? []
      : [{ type: 'RequestHeaderModifier', requestHeaderModifier: request } as const]),
    ...(response === undefined
      ? []
      : [{ type: 'ResponseHeaderModifier', responseHeaderModifier: response } as const]),
  ];
}
