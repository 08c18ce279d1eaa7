import { hasPlaceholder } from '../2-decode/validation/placeholder.ts';
import type { Facts } from '../3-link/facts.ts';
import { defaultRetriesIn } from '../3-link/mesh-retries.ts';
import { inboundRetries } from '../3-link/policies/inbound-retries.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { compileRetries } from '../semantics/compile-entry.ts';
import { parseDuration } from '../semantics/duration.ts';
import { ownValue } from '../yaml/own-value.ts';
import { type EntryContext, entryPlace } from './context.ts';
import type { RuleBody } from './entry.ts';
import { writeDuration } from './timeout.ts';

/** The conditions on which istiod always retries (conversion.go, convertHTTPRoute). */
const always = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled'];

/** Conditions that codes stand for, where the answer of the backend is meant. */
const codesOfCondition: Readonly<Record<string, readonly number[]>> = {
  '5xx': [500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
  'gateway-error': [502, 503, 504],
  'retriable-4xx': [409],
};

/**
 * Writes retries. Without the field the default policy applies, that of MeshConfig or istiod's own: a VirtualService without
 * retries has the same.
 *
 * @param http the entry: a try may not be allowed longer than its request
 * @returns undefined, after a report, where there is no form
 */
export function translateRetries(
  context: EntryContext,
  retries: istio.HTTPRetry,
  http: istio.HTTPRoute,
): Partial<RuleBody> | undefined {
  const { report, facts, vs } = context;
  const { gatewayApi: version, channel } = facts.options;
  if (isDefault(facts, retries)) return {};
  const place = entryPlace(context, 'retries');
  const hasRetry = version === '1.7' || channel === 'experimental';
  if (!hasRetry) {
    report('retries-unsupported', place, { version, channel });
    return undefined;
  }
  if ((retries.attempts ?? 0) <= 0) {
    if (version === '1.6') {
      report('retries-off', entryPlace(context, 'retries', 'attempts'), { version });
      return undefined;
    }
    const received = inboundRetries(facts, http, vs.namespace);
    if (received !== undefined)
      report('retries-of-receivers', entryPlace(context, 'retries', 'attempts'), { ...received });
    return { retry: { attempts: 0 } };
  }
  if (!hasOnlyPortableFields(context, retries) || hasUnknownDuration(context, retries)) return undefined;
  const codes = codesFor(context, retries);
  const backoff = retries.backoff === undefined ? undefined : writeDuration(retries.backoff);
  return {
    retry: {
      ...(codes.length === 0 ? {} : { codes }),
      attempts: retries.attempts ?? 0,
      ...(backoff === undefined ? {} : { backoff }),
    },
    ...backendRequest(context, retries, http.timeout),
  };
}

/** Whether the same happens without the field, whichever MeshConfig of the input counts. */
function isDefault({ meshConfigs }: Pick<Facts, 'meshConfigs'>, retries: istio.HTTPRetry): boolean {
  const written = defaultRetriesIn(meshConfigs);
  const defaults = written.length === 0 ? [undefined] : written;
  return defaults.every(each => compileRetries(each) === compileRetries(retries));
}

/** A duration that another tool puts in later cannot be held against the limits of the Gateway API. */
function hasUnknownDuration(context: EntryContext, retries: istio.HTTPRetry): boolean {
  const unknown = (['perTryTimeout', 'backoff'] as const).filter(field =>
    hasPlaceholder(retries[field] ?? ''),
  );
  for (const field of unknown)
    context.report('placeholder-unresolved', entryPlace(context, 'retries', field), {
      field,
      text: retries[field] ?? '',
    });
  return unknown.length > 0;
}

function hasOnlyPortableFields(context: EntryContext, retries: istio.HTTPRetry): boolean {
  const odd = [
    ...(retries.retryRemoteLocalities ? ['retryRemoteLocalities'] : []),
    ...(retries.retryIgnorePreviousHosts === false ? ['retryIgnorePreviousHosts'] : []),
  ];
  for (const field of odd) context.report('retries-field', entryPlace(context, 'retries', field), { field });
  return odd.length === 0;
}

/** The codes to retry on; conditions that codes only come near are declared. */
function codesFor(context: EntryContext, retries: istio.HTTPRetry): readonly number[] {
  const tokens = (retries.retryOn ?? '')
    .split(',')
    .map(token => token.trim())
    .filter(token => token !== '');
  const codes = tokens.flatMap(token =>
    /^\d{3}$/.test(token) ? [Number(token)] : (ownValue(codesOfCondition, token) ?? []),
  );
  const unique = [...new Set(codes)].sort((a, b) => a - b);
  const lost = tokens.filter(
    token => !/^\d{3}$/.test(token) && !always.includes(token) && token !== 'retriable-status-codes',
  );
  context.declare(
    'retries-approximate',
    entryPlace(context, 'retries', 'retryOn'),
    {
      conditions: tokens.join(', ') || 'the default conditions',
      codes: [...unique, ...always].join(', '),
      lost: whatIsLost(tokens, lost),
    },
    { aspects: ['retries'], takes: () => true },
  );
  return unique;
}

function whatIsLost(tokens: readonly string[], lost: readonly string[]): string {
  if (tokens.length === 0)
    return 'The route has no retriable-status-codes, by which a request can ask for status codes in a header.';
  if (lost.length === 0) return '';
  return `The route retries responses of ${lost.join(', ')} by their codes. It does not retry resets after the request was sent.`;
}

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, convertHTTPRoute */
function backendRequest(
  context: EntryContext,
  retries: istio.HTTPRetry,
  timeout: string | undefined,
): { readonly timeouts?: gateway.HTTPRouteTimeouts } {
  const perTry = retries.perTryTimeout === undefined ? 0 : (parseDuration(retries.perTryTimeout) ?? 0);
  const whole = timeout === undefined ? 0 : (parseDuration(timeout) ?? 0);
  if (perTry === 0) return {};
  const clamped = whole > 0 && perTry > whole;
  const written = writeDuration((clamped ? timeout : retries.perTryTimeout) ?? '');
  if (written === undefined) return {};
  if (clamped) {
    const args = { perTryTimeout: retries.perTryTimeout ?? '', timeout: timeout ?? '' };
    const place = entryPlace(context, 'retries', 'perTryTimeout');
    context.declare('per-try-timeout-clamped', place, args, { aspects: ['retries'], takes: () => true });
  }
  const request = timeout === undefined ? undefined : writeDuration(timeout);
  return { timeouts: { ...(request === undefined ? {} : { request }), backendRequest: written } };
}
