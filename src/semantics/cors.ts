import { canonicalJson } from '../3-link/canonical.ts';
import type * as istio from '../istio/index.ts';
import { parseDuration } from './duration.ts';

/** The sets that a CORS policy allows. */
interface Cors {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  /** Milliseconds. */
  readonly maxAge: number | undefined;
  readonly credentials: boolean;
  readonly forwardsUnmatchedPreflights: boolean;
}

/** istiod's expression for `*` in a CORS filter, which takes no opaque origin. */
export const everyNamedOrigin = '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$';

/**
 * A CORS policy as text to compare: what is allowed, however it is written.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, TranslateCORSPolicy
 */
export function compileCors(policy: istio.CorsPolicy): string {
  return canonicalJson(setsOf(policy));
}

function setsOf(policy: istio.CorsPolicy): Cors {
  const origins = policy.allowOrigins ?? (policy.allowOrigin ?? []).map(exact => ({ exact }));
  // To deny them is to say nothing of them.
  const credentials = policy.allowCredentials ?? false;
  return {
    origins: setOf(origins.map(originOf)),
    methods: listed(policy.allowMethods, credentials),
    headers: listed(
      policy.allowHeaders?.map(name => name.toLowerCase()),
      credentials,
      'authorization',
    ),
    exposed: listed(
      policy.exposeHeaders?.map(name => name.toLowerCase()),
      credentials,
    ),
    maxAge: policy.maxAge === undefined ? undefined : parseDuration(policy.maxAge),
    credentials,
    forwardsUnmatchedPreflights: policy.unmatchedPreflights !== 'IGNORE',
  };
}

function setOf(values: readonly string[]): readonly string[] {
  return values.includes(everything) ? [everything] : [...new Set(values)].sort();
}

const everything = 'every origin';

/** Envoy compares whole values, so that anchors say nothing (route.go, util.ConvertToEnvoyMatch). */
function originOf({ exact, prefix, regex }: istio.StringMatch): string {
  if (exact === '*' || prefix === '' || regex === '.*' || regex === '*') return everything;
  if (regex === everyNamedOrigin) return 'every origin but null';
  if (regex !== undefined) return `regex ${regex.replace(/^\^/, '').replace(/\$$/, '')}`;
  return prefix === undefined ? (exact ?? '') : `prefix ${prefix}`;
}

/**
 * With credentials `*` is a name like any other; without, it stands for all but some.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
function listed(values: readonly string[] = [], credentials: boolean, ...excepted: readonly string[]) {
  const isAll = values.includes('*') && !credentials;
  return setOf(isAll ? ['*', ...values.filter(value => excepted.includes(value))] : values);
}

/** @returns what a CORS policy and what takes its place allow differently, in words */
export function corsDifferences(before: istio.CorsPolicy, after: istio.CorsPolicy): readonly string[] {
  const [old, now] = [setsOf(before), setsOf(after)];
  const lists = [
    ['allowOrigins', old.origins, now.origins],
    ['allowMethods', old.methods, now.methods],
    ['allowHeaders', old.headers, now.headers],
    ['exposeHeaders', old.exposed, now.exposed],
  ] as const;
  return [
    ...lists.flatMap(([name, mine, theirs]) => listDifference(name, mine, theirs)),
    ...(old.forwardsUnmatchedPreflights === now.forwardsUnmatchedPreflights
      ? []
      : ['preflights of other origins are answered instead of forwarded']),
    ...(old.maxAge === now.maxAge ? [] : [ageDifference(old.maxAge, now.maxAge)]),
    ...(old.credentials === now.credentials ? [] : ['credentials are treated otherwise']),
  ];
}

function listDifference(name: string, old: readonly string[], now: readonly string[]): readonly string[] {
  if (old[0] === everything && now[0] === 'every origin but null')
    return ['requests with Origin: null are no longer allowed'];
  const lost = old.filter(one => !now.includes(one));
  const gained = now.filter(one => !old.includes(one));
  if (lost.length + gained.length === 0) return [];
  const parts = [
    ...(lost.length === 0 ? [] : [`without ${lost.join(', ')}`]),
    ...(gained.length === 0 ? [] : [`with ${gained.join(', ')}`]),
  ];
  return [`${name} is ${parts.join(' and ')}`];
}

function ageDifference(old: number | undefined, now: number | undefined): string {
  return old === undefined
    ? `max-age is ${(now ?? 0) / 1000} seconds, the default of browsers, where none was set`
    : `max-age is ${now === undefined ? 'not set' : `${now / 1000} seconds`} instead of ${old / 1000} seconds`;
}
