import { canonicalJson } from '../3-link/canonical.ts';
import type { EntryOrigin, HttpEntry } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import type { Action, PathChange } from './action.ts';
import { type Backend, type Caller, findBackend, hashSeenBy, isSpreadByHash } from './backend.ts';
import { compileCors } from './cors.ts';
import { parseDuration } from './duration.ts';
import { type MatchedListener, whyElsewhere } from './elsewhere.ts';
import { effectiveFault } from './fault.ts';
import { authorityOf, headerEffects } from './header-effect.ts';
import { type Condition, isCatchAll, type Match } from './match.ts';
import { compileMirrors } from './mirrors.ts';
import type { ChosenDestination } from './outcome.ts';
import { everyPath, type PathMatcher, pathRegex } from './path-matcher.ts';
import { asPromised } from './portable.ts';
import { headerDimension, queryDimension } from './request.ts';
import type { RouteSemantics } from './route-list.ts';
import type { Rule, RuleOrigin } from './rule.ts';
import { stringMatcher } from './string-matcher.ts';
import type { World } from './world.ts';

/** The proxy for which a list is compiled, and the listener of it. */
export interface Listener extends MatchedListener {
  readonly tls: boolean;
  /** The host that requests are for, where that is one. */
  readonly host?: string;
  /** Whether the proxy has a cluster for a Service, where that depends on who sends there; without it, it has. */
  readonly hasCluster?: Caller['hasCluster'] | undefined;
}

/**
 * Compiles the http entries of one VirtualService for one listener: what does not apply there is left out, and nothing
 * follows a catch-all.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, BuildHTTPRoutesForVirtualService
 * @see istio.io/istio/pilot/pkg/networking/core/listener_waypoint.go, waypointInboundRoute
 */
export function compileEntries(
  world: World,
  listener: Listener,
  semantics: RouteSemantics,
  entries: readonly HttpEntry[],
): readonly Rule[] {
  const rules = compileList(world, listener, semantics, entries);
  return semantics === 'gateway' && world.profile !== 'istio' ? asPromised(rules) : rules;
}

function compileList(
  world: World,
  listener: Listener,
  semantics: RouteSemantics,
  entries: readonly HttpEntry[],
): readonly Rule[] {
  const rules: Rule[] = [];
  for (const { http, origin } of entries) {
    const actionFor = actionsOf(world, listener, semantics, http);
    if (http.match === undefined || http.match.length === 0) {
      const match: Match = { path: everyPath, conditions: [] };
      rules.push({
        match,
        action: actionFor(match),
        origin: originOf(origin, undefined),
      });
      return rules;
    }
    for (const [index, request] of http.match.entries()) {
      const elsewhere = whyElsewhere(request, listener);
      if (elsewhere !== undefined && !world.explains) continue;
      const compiled = compileMatch(request, semantics);
      const match = elsewhere === undefined ? compiled : { ...compiled, elsewhere };
      rules.push({
        match,
        action: actionFor(match),
        origin: originOf(origin, index),
      });
      if (isCatchAll(match)) return rules;
    }
  }
  return rules;
}

/** @param index of the match, of an entry of a delegate among those that it has together with the root's */
function originOf(
  { resource, path, match, root, matches }: EntryOrigin,
  index: number | undefined,
): RuleOrigin {
  const merged = index === undefined ? undefined : matches?.[index];
  return {
    resource,
    path,
    match: match ?? (matches === undefined ? index : merged?.own),
    ...(root === undefined ? {} : { root: { ...root, match: merged?.root } }),
  };
}

/** The conditions that one field of a match puts on a request; none for what `whyElsewhere` or the path reads. */
type FieldConditions = (match: istio.HTTPMatchRequest) => readonly Condition[];

const none: readonly Condition[] = [];

const noCondition: FieldConditions = () => none;

function conditionOn(dimension: 'method' | 'authority' | 'scheme'): FieldConditions {
  return ({ [dimension]: string }) =>
    string === undefined ? none : [{ dimension, matcher: stringMatcher(string), invert: false }];
}

function conditionsOn(
  field: 'headers' | 'withoutHeaders' | 'queryParams',
  dimensionOf: (name: string) => string,
): FieldConditions {
  const invert = field === 'withoutHeaders';
  return ({ [field]: strings }) =>
    strings === undefined
      ? none
      : Object.entries(strings).map(([name, string]) => ({
          dimension: dimensionOf(name),
          matcher: stringMatcher(string),
          invert,
        }));
}

/** @see istio.io/istio/pilot/pkg/networking/core/route/route.go, TranslateRouteMatch */
const conditionsOf: Readonly<Record<keyof istio.HTTPMatchRequest, FieldConditions>> = {
  method: conditionOn('method'),
  authority: conditionOn('authority'),
  scheme: conditionOn('scheme'),
  headers: conditionsOn('headers', headerDimension),
  withoutHeaders: conditionsOn('withoutHeaders', headerDimension),
  queryParams: conditionsOn('queryParams', queryDimension),
  // compilePath
  uri: noCondition,
  ignoreUriCase: noCondition,
  // whyElsewhere
  port: noCondition,
  gateways: noCondition,
  sourceLabels: noCondition,
  sourceNamespace: noCondition,
  // Names in statistics decide no route.
  name: noCondition,
  statPrefix: noCondition,
};

const conditionReaders = Object.values(conditionsOf).filter(read => read !== noCondition);

function conditionsIn(match: istio.HTTPMatchRequest): readonly Condition[] {
  const conditions: Condition[] = [];
  for (const read of conditionReaders) for (const condition of read(match)) conditions.push(condition);
  return conditions;
}

/** @returns the conditions of a match on requests, without those on the listener and the client */
export function compileMatch(match: istio.HTTPMatchRequest, semantics: RouteSemantics): Match {
  return {
    path: compilePath(match.uri, match.ignoreUriCase ?? false, semantics),
    conditions: conditionsIn(match),
  };
}

function compilePath(
  uri: istio.StringMatch | undefined,
  ignoreCase: boolean,
  semantics: RouteSemantics,
): PathMatcher {
  if (uri?.exact !== undefined) return { kind: 'exact', value: uri.exact, ignoreCase };
  if (uri?.prefix !== undefined) {
    if (semantics === 'istio' || uri.prefix === '/') return { kind: 'prefix', value: uri.prefix, ignoreCase };
    return { kind: 'segments', value: uri.prefix.replace(/\/$/, ''), ignoreCase };
  }
  return uri?.regex === undefined ? everyPath : pathRegex(uri.regex);
}

/** The matches of an entry do the same, but for the path they leave. */
function actionsOf(
  world: World,
  listener: Listener,
  semantics: RouteSemantics,
  http: istio.HTTPRoute,
): (match: Match) => Action {
  let shared: Action | undefined;
  return match => {
    shared ??= compileAction(world, listener, semantics, http);
    return shared.kind !== 'forward' || http.rewrite === undefined
      ? shared
      : { ...shared, path: compileRewrite(http.rewrite, match, semantics) };
  };
}

/** @returns what an entry does, whatever becomes of the path */
function compileAction(
  world: World,
  listener: Listener,
  semantics: RouteSemantics,
  http: istio.HTTPRoute,
): Action {
  if (http.redirect !== undefined) return compileRedirect(http.redirect, listener);
  if (http.directResponse !== undefined) {
    const { status, body } = http.directResponse;
    return { kind: 'respond', status, body: body?.string ?? body?.bytes ?? '' };
  }
  const caller: Caller = {
    namespace: listener.proxy.namespace,
    missingStatus: semantics === 'gateway' ? 500 : 503,
    proxy: listener.proxy.kind,
    hasCluster: listener.hasCluster,
  };
  const { mirrors, mirrorHops } = compileMirrors(world, caller, http, listener);
  return {
    kind: 'forward',
    path: { kind: 'none' },
    destinations: compileDestinations(world, caller, http, listener),
    mirrors,
    mirrorHops,
    timeout: http.timeout === undefined ? 0 : (parseDuration(http.timeout) ?? 0),
    retries: compileRetries(http.retries ?? world.defaultRetries, soleIsHashed(world, caller, http)),
    cors: http.corsPolicy === undefined ? '' : compileCors(http.corsPolicy),
    fault: compileFault(http.fault),
  };
}

function compileFault(fault: istio.HTTPFaultInjection | undefined): string {
  const effective = fault === undefined ? {} : effectiveFault(fault);
  return Object.keys(effective).length === 0 ? '' : canonicalJson(effective);
}

/** @see istio.io/istio/pilot/pkg/networking/core/route/route.go, ApplyRedirect */
function compileRedirect(redirect: istio.HTTPRedirect, { port, tls }: Listener): Action {
  const derived = redirect.derivePort === 'FROM_REQUEST_PORT' ? port : 0;
  const scheme = redirect.scheme || (tls ? 'https' : 'http');
  const wanted = redirect.port ?? derived;
  const hidden = (wanted === 80 && scheme === 'http') || (wanted === 443 && scheme === 'https');
  return {
    kind: 'redirect',
    status: redirect.redirectCode || 301,
    scheme: redirect.scheme || undefined,
    host: redirect.authority || undefined,
    port: hidden ? 0 : wanted,
    path: redirect.prefixRewrite
      ? { kind: 'prefix', value: redirect.prefixRewrite }
      : redirect.uri
        ? { kind: 'full', value: redirect.uri }
        : { kind: 'none' },
  };
}

/** @see istio.io/istio/pilot/pkg/networking/core/route/route.go, applyHTTPRouteDestination */
function compileRewrite(rewrite: istio.HTTPRewrite, match: Match, semantics: RouteSemantics): PathChange {
  if (rewrite.uriRegexRewrite !== undefined) {
    return {
      kind: 'regex',
      pattern: rewrite.uriRegexRewrite.match ?? '',
      value: rewrite.uriRegexRewrite.rewrite ?? '',
    };
  }
  if (!rewrite.uri) return { kind: 'none' };
  if (semantics === 'gateway' && rewrite.uri === '/') {
    const prefix = match.path.kind === 'segments' ? match.path.value : '';
    return { kind: 'root', prefix };
  }
  return { kind: 'prefix', value: rewrite.uri };
}

function compileDestinations(
  world: World,
  caller: Caller,
  http: istio.HTTPRoute,
  { port: listenerPort, host }: Listener,
): readonly ChosenDestination[] {
  const routes = http.route ?? [];
  const weighted = routes.length > 1;
  const chosen = weighted ? routes.filter(route => (route.weight ?? 0) > 0) : routes;
  const weights = chosen.map(route => (weighted ? (route.weight ?? 0) : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const authority = http.rewrite?.authority || authorityOf(http.headers?.request);
  const found = chosen.map(route => {
    const asked = authority ?? authorityOf(route.headers?.request) ?? host;
    return { route, backend: findBackend(world, caller, route.destination, listenerPort, asked) };
  });
  // Hashes of others matter only beside a destination that answers nothing.
  const isHashed =
    found.some(({ backend: { state } }) => state !== 'there') &&
    found.some(
      ({ route, backend: { state } }) =>
        state === 'there' && isSpreadByHash(world, caller, route.destination),
    );
  return found.map(({ route, backend }, index) => ({
    backend: backend.key,
    label: backend.label,
    trafficPolicy:
      isHashed && backend.state !== 'there'
        ? hashBesideOthers(world, caller, route, backend)
        : backend.trafficPolicy,
    nextHop: backend.nextHop,
    weight: weights[index] ?? 0,
    total,
    authority: authority ?? authorityOf(route.headers?.request),
    requestHeaders: headerEffects(http.headers?.request, route.headers?.request, weighted),
    responseHeaders: headerEffects(http.headers?.response, route.headers?.response, weighted),
  }));
}

/**
 * The hashes of all destinations of a list stand in the route, and Envoy combines them for each of the requests: also those of
 * destinations that answer nothing count for the others.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, applyHTTPRouteDestination
 */
function hashBesideOthers(
  world: World,
  caller: Caller,
  { destination }: istio.HTTPRouteDestination,
  { trafficPolicy }: Backend,
): string {
  const hash = hashSeenBy(world, caller, destination);
  return hash === undefined ? trafficPolicy : canonicalJson({ routeHash: hash });
}

const defaultRetryOn = [
  'cancelled',
  'connect-failure',
  'refused-stream',
  'retriable-status-codes',
  'unavailable',
];

const defaultRetries = canonicalJson({ attempts: 2, on: defaultRetryOn, codes: [], previousHosts: true });
const defaultRetriesOfHashed = canonicalJson({
  attempts: 2,
  on: defaultRetryOn,
  codes: [],
  previousHosts: false,
});

/** istiod does not ask this of several destinations (route.go, applyHTTPRouteDestination). */
function soleIsHashed(world: World, caller: Caller, { route = [] }: istio.HTTPRoute): boolean {
  const [only] = route;
  return only !== undefined && route.length === 1 && isSpreadByHash(world, caller, only.destination);
}

/**
 * @param isHashed whether requests are spread by a hash; a retry may then go to the pod that failed
 * @see istio.io/istio/pilot/pkg/networking/core/route/retry/retry.go, ConvertPolicy
 */
export function compileRetries(retries: istio.HTTPRetry | undefined, isHashed = false): string {
  if (retries === undefined) return isHashed ? defaultRetriesOfHashed : defaultRetries;
  const attempts = retries.attempts ?? 0;
  if (attempts <= 0) return 'none';
  const tokens = (retries.retryOn ?? '')
    .split(',')
    .map(token => token.trim())
    .filter(token => token !== '');
  const codes = tokens
    .filter(isStatusCode)
    .map(Number)
    .sort((a, b) => a - b);
  const conditions = tokens.filter(token => !isStatusCode(token));
  const on =
    tokens.length === 0
      ? defaultRetryOn
      : codes.length > 0
        ? [...conditions, 'retriable-status-codes']
        : conditions;
  const duration = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text));
  return canonicalJson({
    attempts,
    on: [...new Set(on)].sort(),
    codes,
    perTryTimeout: duration(retries.perTryTimeout),
    backoff: duration(retries.backoff),
    previousHosts: retries.retryIgnorePreviousHosts ?? !isHashed,
    remoteLocalities: retries.retryRemoteLocalities || undefined,
  });
}

/** The codes that Go has a name for; others are left as tokens that Envoy does not know (retry.go, parseRetryOn). */
function isStatusCode(token: string): boolean {
  if (!/^\d{3}$/.test(token)) return false;
  const code = Number(token);
  const ranges = [
    [100, 103],
    [200, 208],
    [226, 226],
    [300, 305],
    [307, 308],
    [400, 418],
    [421, 426],
    [428, 429],
    [431, 431],
    [451, 451],
    [500, 508],
    [510, 511],
  ] as const;
  return ranges.some(([from, to]) => code >= from && code <= to);
}
