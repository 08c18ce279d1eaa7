import { isValidName } from '../2-decode/valid-name.ts';
import type { HttpEntry } from '../3-link/virtual-services.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import type { Aspect } from '../semantics/outcome.ts';
import { type EntryContext, entryPlace } from './context.ts';
import { translateCorsPolicy } from './cors-policy.ts';
import type { RuleBody, TranslatedEntry } from './entry.ts';
import { translateFault } from './fault.ts';
import { headerFilters, maxOperations, operationCounts, translateHeaders } from './headers.ts';
import { translateMatches } from './http-match.ts';
import { translateMirrors } from './mirror.ts';
import { translateRedirect } from './redirect.ts';
import { translateRetries } from './retries.ts';
import { translateRewrite } from './rewrite.ts';
import { translateRoute } from './route.ts';
import { withSoleHeaders } from './sole-headers.ts';
import { translateTimeout } from './timeout.ts';

/** Writes one field of an entry; undefined, after a report, where it has no form. */
type FieldTranslator = (context: EntryContext, http: istio.HTTPRoute) => Partial<RuleBody> | undefined;

/** For fields that another one sees to. */
const elsewhere: FieldTranslator = () => ({});

/**
 * The function that writes each field of an http entry; a field that is missing here does not compile. Extras are what a
 * request can do without: `--partial` leaves them out where they have no form.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute
 */
const fields: Readonly<
  Record<keyof istio.HTTPRoute, { readonly translate: FieldTranslator; readonly extra?: Aspect }>
> = {
  name: { translate: translateName },
  // translateMatches
  match: { translate: elsewhere },
  route: { translate: translateDestinations },
  redirect: {
    translate: (context, { redirect }) =>
      redirect === undefined ? {} : translateRedirect(context, redirect),
  },
  directResponse: { translate: translateDirectResponse },
  // 3-link puts the entries of the delegate in its place.
  delegate: { translate: elsewhere },
  rewrite: {
    translate: (context, { rewrite }) => (rewrite === undefined ? {} : translateRewrite(context, rewrite)),
  },
  timeout: {
    translate: (context, http) =>
      answersItself(context, http, 'timeout') ? {} : translateTimeout(context, http.timeout),
  },
  retries: {
    translate: (context, http) =>
      http.retries === undefined || answersItself(context, http, 'retries')
        ? {}
        : translateRetries(context, http.retries, http),
    extra: 'retries',
  },
  fault: {
    translate: (context, { fault }) =>
      fault === undefined || translateFault(context, fault) ? {} : undefined,
    extra: 'fault',
  },
  mirror: { translate: translateMirrors, extra: 'mirrors' },
  // translateMirrors
  mirrors: { translate: elsewhere },
  mirrorPercent: { translate: elsewhere },
  mirror_percent: { translate: elsewhere },
  mirrorPercentage: { translate: elsewhere },
  corsPolicy: {
    translate: (context, { corsPolicy }) =>
      corsPolicy === undefined ? {} : translateCorsPolicy(context, corsPolicy),
    extra: 'cors',
  },
  headers: { translate: translateRuleHeaders },
};

/**
 * Translates an entry for one scope.
 *
 * @returns undefined, after reports, where it has no form; an entry without matches where it does not apply
 */
export function translateEntry(
  context: EntryContext,
  entry: HttpEntry,
  owner: number,
): TranslatedEntry | undefined {
  const { http } = entry;
  const matches = translateMatches(context, http);
  if (matches !== undefined && matches.length === 0)
    return { origin: entry.origin, owner, matches, body: nothing };
  let body: RuleBody | undefined = nothing;
  for (const [name, { translate, extra }] of Object.entries(fields)) {
    const part = translateField(context, http, name, translate, extra);
    if (part === undefined || body === undefined) body = undefined;
    else if (Object.keys(part).length > 0) body = merge(body, part);
  }
  if (matches === undefined || body === undefined) return undefined;
  const fitting = spreadHeaders(context, withSoleHeaders(body));
  return fitting === undefined ? undefined : { origin: entry.origin, owner, matches, body: fitting };
}

const nothing: RuleBody = { mirrors: [], backendRefs: [] };

function translateField(
  context: EntryContext,
  http: istio.HTTPRoute,
  name: string,
  translate: FieldTranslator,
  extra: Aspect | undefined,
): Partial<RuleBody> | undefined {
  if (extra === undefined || !context.facts.options.partial) return translate(context, http);
  // A field that would hold the entry back is not reported: it is left out, and the change is declared.
  const part = translate({ ...context, report: () => undefined }, http);
  if (part !== undefined) return translate(context, http);
  const deviation = { aspects: [extra], takes: () => true };
  context.declare('extra-dropped', entryPlace(context, name), { field: name }, deviation);
  return {};
}

function merge(body: RuleBody, part: Partial<RuleBody>): RuleBody {
  const requestHeaders = mergeFilters(part.requestHeaders, body.requestHeaders);
  const timeouts = body.timeouts === undefined ? part.timeouts : { ...body.timeouts, ...part.timeouts };
  return {
    ...body,
    ...part,
    ...(requestHeaders === undefined ? {} : { requestHeaders }),
    ...(timeouts === undefined ? {} : { timeouts }),
  };
}

function mergeFilters(
  a: gateway.HTTPHeaderFilter | undefined,
  b: gateway.HTTPHeaderFilter | undefined,
): gateway.HTTPHeaderFilter | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  // The host of a rewrite wins over the one among the header operations (route.go, applyHTTPRouteDestination).
  const set = new Map([...(b.set ?? []), ...(a.set ?? [])].map(header => [header.name, header]));
  return { ...a, ...b, ...(set.size === 0 ? {} : { set: [...set.values()] }) };
}

/** Names of rules are DNS subdomains; other names only appear in Envoy's statistics. */
function translateName(context: EntryContext, { name }: istio.HTTPRoute): Partial<RuleBody> {
  if (!name) return {};
  const legal = name
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 240);
  const place = entryPlace(context, 'name');
  if (!isValidName(legal, 'rfc1123-subdomain')) {
    context.report('telemetry-name', place, { field: 'name' });
    return {};
  }
  if (legal !== name) context.report('rule-name-changed', place, { name, legal });
  return { name: legal };
}

function translateDestinations(context: EntryContext, http: istio.HTTPRoute): Partial<RuleBody> | undefined {
  if (http.redirect !== undefined || http.directResponse !== undefined) return {};
  const backendRefs = translateRoute(context, http.route ?? []);
  return backendRefs === undefined ? undefined : { backendRefs };
}

/** Whether no backend is asked, so that a field has no effect; where it is set, that is said. */
function answersItself(context: EntryContext, http: istio.HTTPRoute, field: 'timeout' | 'retries'): boolean {
  const action = http.redirect === undefined ? 'directResponse' : 'redirect';
  if (http[action] === undefined) return false;
  if (http[field] !== undefined)
    context.report('field-without-effect', entryPlace(context, field), {
      field,
      reason: `the proxy answers the ${action} itself`,
    });
  return true;
}

function translateDirectResponse(
  context: EntryContext,
  { directResponse }: istio.HTTPRoute,
): Partial<RuleBody> | undefined {
  if (directResponse === undefined) return {};
  // A rule without backends answers 500 without a body (conversion.go, convertHTTPRoute).
  if (directResponse.status === 500 && directResponse.body === undefined) return { backendRefs: [] };
  context.report('direct-response', entryPlace(context, 'directResponse'), { status: directResponse.status });
  return undefined;
}

function translateRuleHeaders(context: EntryContext, http: istio.HTTPRoute): Partial<RuleBody> | undefined {
  const headers = translateHeaders(context, http.headers, 'rule', ['headers']);
  if (headers === undefined) return undefined;
  const { request, response, hostname } = headers;
  return {
    ...(request === undefined ? {} : { requestHeaders: request }),
    ...(response === undefined ? {} : { responseHeaders: response }),
    ...(hostname === undefined || http.rewrite?.authority ? {} : { rewriteHostname: hostname }),
  };
}

/** Operations that do not fit into the filters of the rule go to every backend of it. */
function spreadHeaders(context: EntryContext, body: RuleBody): RuleBody | undefined {
  const request = splitFilter(body.requestHeaders);
  const response = splitFilter(body.responseHeaders);
  const rest = { request: request.rest, response: response.rest, hostname: undefined };
  const extra = headerFilters(rest);
  if (extra.length === 0) return body;
  const counts = operationCounts({ request: body.requestHeaders, response: body.responseHeaders });
  const taken = body.backendRefs.some(({ filters }) => filters !== undefined);
  const room = taken || body.backendRefs.length === 0 ? maxOperations : 2 * maxOperations;
  const tooMany = counts.find(({ count }) => count > room);
  if (tooMany !== undefined) {
    context.report('header-operations-too-many', entryPlace(context, 'headers'), tooMany);
    return undefined;
  }
  return {
    ...body,
    ...(request.first === undefined ? {} : { requestHeaders: request.first }),
    ...(response.first === undefined ? {} : { responseHeaders: response.first }),
    backendRefs: body.backendRefs.map(backendRef => ({ ...backendRef, filters: extra })),
  };
}

function splitFilter(filter: gateway.HTTPHeaderFilter | undefined): {
  readonly first: gateway.HTTPHeaderFilter | undefined;
  readonly rest: gateway.HTTPHeaderFilter | undefined;
} {
  if (filter === undefined) return { first: undefined, rest: undefined };
  const take = (from: number, to?: number): gateway.HTTPHeaderFilter | undefined => {
    const { set = [], add = [], remove = [] } = filter;
    const part: Required<gateway.HTTPHeaderFilter> = {
      set: set.slice(from, to),
      add: add.slice(from, to),
      remove: remove.slice(from, to),
    };
    const filled = Object.entries(part).filter(([, operations]) => operations.length > 0);
    return filled.length === 0 ? undefined : Object.fromEntries(filled);
  };
  return { first: take(0, maxOperations), rest: take(maxOperations) };
}
