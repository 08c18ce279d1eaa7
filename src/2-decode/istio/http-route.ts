import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { type Decoder, list, string, uint32 } from '../decoder.ts';
import { object, required } from '../object.ts';
import type { Removed } from '../unknown-field.ts';
import { isAuthority } from '../validation/header.ts';
import { corsPolicy } from './cors-policy.ts';
import { directResponse } from './direct-response.ts';
import { fault } from './fault.ts';
import { headers } from './headers.ts';
import { httpMatch } from './http-match.ts';
import { redirect } from './redirect.ts';
import { retries } from './retries.ts';
import { rewrite } from './rewrite.ts';
import { destination, duration, percentWithin } from './values.ts';
import { weight, withWeights } from './weight.ts';

const percentage = percentWithin(value => value >= 0 && value <= 100, '0 to 100');

/** Header operations had a field each before `headers` came. */
const removedHeaderFields: Readonly<Record<string, Removed>> = {
  appendHeaders: { was: '`headers.request.add`', now: 'Write `headers.request.add`.' },
  appendRequestHeaders: { was: '`headers.request.add`', now: 'Write `headers.request.add`.' },
  removeRequestHeaders: { was: '`headers.request.remove`', now: 'Write `headers.request.remove`.' },
  appendResponseHeaders: { was: '`headers.response.add`', now: 'Write `headers.response.add`.' },
  removeResponseHeaders: { was: '`headers.response.remove`', now: 'Write `headers.response.remove`.' },
};

const httpDestination: Decoder<istio.HTTPRouteDestination> = object<istio.HTTPRouteDestination>(
  { destination: required(destination, { host: '' }), weight, headers },
  { removed: removedHeaderFields },
);

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute */
const fields = {
  name: string,
  match: list(httpMatch),
  route: withWeights(list(httpDestination)),
  redirect,
  directResponse,
  delegate: object<istio.Delegate>({ name: string, namespace: string }),
  rewrite,
  timeout: duration,
  retries,
  fault,
  mirror: destination,
  mirrors: list(
    object<istio.HTTPMirrorPolicy>({ destination: required(destination, { host: '' }), percentage }),
  ),
  mirrorPercent: uint32,
  mirror_percent: uint32,
  mirrorPercentage: percentage,
  corsPolicy,
  headers,
};

const removed: Readonly<Record<string, Removed>> = {
  ...removedHeaderFields,
  websocketUpgrade: {
    was: 'the switch for WebSockets',
    now: 'Delete it: WebSockets need no switch any more.',
  },
  websocket_upgrade: {
    was: 'the switch for WebSockets',
    now: 'Delete it: WebSockets need no switch any more.',
  },
  append_headers: { was: '`headers.request.add`', now: 'Write `headers.request.add`.' },
  remove_response_headers: { was: '`headers.response.remove`', now: 'Write `headers.response.remove`.' },
};

/**
 * An entry of `http`.
 *
 * @param inDelegate whether the VirtualService has no hosts, and so is a part of others
 */
export function httpRoute(inDelegate: boolean): Decoder<istio.HTTPRoute> {
  return object<istio.HTTPRoute>(fields, {
    removed,
    check(entry, at) {
      checkActions(entry, inDelegate, at);
      checkMirrorPercent(entry, at);
      checkPrefixRewrite(entry, at);
      checkAuthority(entry, at);
    },
  });
}

/** @see https://github.com/istio/istio/blob/master/pkg/config/validation/virtualservice.go (validateHTTPRouteConflict) */
function checkActions(entry: istio.HTTPRoute, inDelegate: boolean, at: Cursor): void {
  const conflict = (first: string, second: string): void => at.report('actions-conflict', { first, second });
  const routes = (entry.route ?? []).length > 0;
  if (entry.delegate !== undefined && !inDelegate) {
    if (entry.redirect !== undefined) conflict('delegate', 'redirect');
    if (routes) conflict('delegate', 'route');
    return;
  }
  if (entry.delegate !== undefined) at.child('delegate').report('delegate-in-delegate', {});
  const action = entry.redirect ? 'redirect' : entry.directResponse ? 'directResponse' : undefined;
  if (action !== undefined) {
    if (routes) conflict(action, 'route');
    if (entry.fault !== undefined) conflict(action, 'fault');
    if (entry.rewrite !== undefined) conflict(action, 'rewrite');
    if (entry.redirect && entry.directResponse) conflict('redirect', 'directResponse');
  } else if (!routes) at.report('action-missing', { entry: at.name });
  if (entry.mirror !== undefined && (entry.mirrors ?? []).length > 0) conflict('mirror', 'mirrors');
}

/** The newer of the two spellings counts. */
function checkMirrorPercent({ mirrorPercent, mirror_percent: older = 0 }: istio.HTTPRoute, at: Cursor): void {
  const value = mirrorPercent ?? older;
  if (value <= 100) return;
  const field = mirrorPercent === undefined ? 'mirror_percent' : 'mirrorPercent';
  at.child(field).report('number-out-of-range', { field, value, range: '0 to 100' });
}

/** A prefix rewrite needs a prefix to replace. */
function checkPrefixRewrite({ redirect: action, match = [] }: istio.HTTPRoute, at: Cursor): void {
  if (!action?.prefixRewrite) return;
  if (match.some(({ uri }) => uri !== undefined && uri.prefix === undefined))
    at.child('redirect').child('prefixRewrite').report('prefix-rewrite-without-prefix', {});
}

/** The authority is set in one place at most. */
function checkAuthority(entry: istio.HTTPRoute, at: Cursor): void {
  const request = entry.headers?.request;
  const placesIn = (operation: 'set' | 'add') =>
    Object.keys(request?.[operation] ?? {})
      .filter(isAuthority)
      .map(name => `\`headers.request.${operation}.${name}\``);
  const places = [
    ...(entry.rewrite?.authority ? ['`rewrite.authority`'] : []),
    ...placesIn('set'),
    ...placesIn('add'),
  ];
  if (places.length > 1)
    at.report('authority-set-twice', { count: places.length, places: places.join(' and ') });
}
