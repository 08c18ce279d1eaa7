import { hasPlaceholder } from '../2-decode/validation/placeholder.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { corsDifferences } from '../semantics/cors.ts';
import { parseDuration } from '../semantics/duration.ts';
import { convertCors } from '../semantics/http-route.ts';
import { type EntryContext, entryPlace } from './context.ts';
import type { RuleBody } from './entry.ts';

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter */
const limits = { list: 64 } as const;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

/**
 * Writes a CORS policy as a CORS filter. Other behaviour of the filter (preflights, max-age, opaque origins)
 * is declared by comparison.
 *
 * @returns undefined, after reports, where there is no form
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, createCorsFilter
 */
export function translateCorsPolicy(
  context: EntryContext,
  policy: istio.CorsPolicy,
): Partial<RuleBody> | undefined {
  const { gatewayApi, channel } = context.facts.options;
  if (gatewayApi === '1.4' && channel === 'standard') {
    context.report('cors-version', entryPlace(context, 'corsPolicy'), {});
    return undefined;
  }
  const origins = translateOrigins(context, policy);
  const allowMethods = translateMethods(context, policy.allowMethods ?? []);
  const allowHeaders = translateList(context, policy.allowHeaders ?? [], 'allowHeaders');
  const exposeHeaders = translateList(context, policy.exposeHeaders ?? [], 'exposeHeaders');
  const maxAge = translateMaxAge(context, policy.maxAge);
  if (origins === undefined || allowMethods === undefined || allowHeaders === undefined) return undefined;
  if (exposeHeaders === undefined || maxAge === undefined) return undefined;
  const cors: gateway.HTTPCORSFilter = {
    ...(origins.length === 0 ? {} : { allowOrigins: origins }),
    ...(policy.allowCredentials ? { allowCredentials: true } : {}),
    ...(allowMethods.length === 0 ? {} : { allowMethods }),
    ...(allowHeaders.length === 0 ? {} : { allowHeaders }),
    ...(exposeHeaders.length === 0 ? {} : { exposeHeaders }),
    ...(maxAge === 0 ? {} : { maxAge }),
  };
  declareDifferences(context, policy, cors);
  return { cors };
}

function declareDifferences(
  context: EntryContext,
  policy: istio.CorsPolicy,
  cors: gateway.HTTPCORSFilter,
): void {
  const differences = corsDifferences(policy, convertCors(cors));
  if (differences.length === 0) return;
  context.declare(
    'cors-approximate',
    entryPlace(context, 'corsPolicy'),
    { differences: differences.join('; ') },
    { aspects: ['cors'], takes: () => true },
  );
}

function originsOf(policy: istio.CorsPolicy): readonly istio.StringMatch[] {
  return policy.allowOrigins ?? (policy.allowOrigin ?? []).map(exact => ({ exact }));
}

function isEverything({ exact, prefix, regex }: istio.StringMatch): boolean {
  return exact === '*' || prefix === '' || regex === '.*' || regex === '*';
}

function translateOrigins(context: EntryContext, policy: istio.CorsPolicy): readonly string[] | undefined {
  const origins: string[] = [];
  let complete = true;
  const field = policy.allowOrigins === undefined ? 'allowOrigin' : 'allowOrigins';
  for (const [index, origin] of originsOf(policy).entries()) {
    const translated = translateOrigin(origin);
    if (translated === undefined) {
      const said = origin.exact ?? origin.prefix ?? origin.regex ?? '';
      context.report('cors-origin', entryPlace(context, 'corsPolicy', field, index), { origin: said });
      complete = false;
    } else {
      origins.push(translated);
    }
  }
  if (!complete) return undefined;
  // `*` may only stand alone.
  return origins.includes('*') ? ['*'] : [...new Set(origins)];
}

function translateOrigin(origin: istio.StringMatch): string | undefined {
  if (isEverything(origin)) return '*';
  const { exact, regex } = origin;
  if (exact !== undefined)
    return /^https?:\/\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/i.test(exact) ? exact : undefined;
  // `https://.*\.example\.com` and its like say what a wildcard host says.
  const wildcard = /^\^?(https?):\/\/(?:\(?\.\*\)?|\.\+)\\\.((?:[a-z0-9-]+\\\.)*[a-z0-9-]+)\$?$/.exec(
    regex ?? '',
  );
  return wildcard === null ? undefined : `${wildcard[1]}://*.${wildcard[2]?.replaceAll('\\.', '.')}`;
}

function translateMethods(
  context: EntryContext,
  allowMethods: readonly string[],
): readonly string[] | undefined {
  if (allowMethods.includes('*')) return ['*'];
  const odd = allowMethods.find(method => !methods.includes(method));
  if (odd === undefined) return [...new Set(allowMethods)];
  const reason = `${odd} is not a method of a route`;
  context.report('cors-value', entryPlace(context, 'corsPolicy', 'allowMethods'), {
    field: 'allowMethods',
    reason,
  });
  return undefined;
}

function translateList(
  context: EntryContext,
  values: readonly string[],
  field: 'allowHeaders' | 'exposeHeaders',
): readonly string[] | undefined {
  if (values.includes('*')) return ['*'];
  const unique = [...new Set(values)];
  const odd = unique.find(value => !/^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/.test(value));
  if (odd === undefined && unique.length <= limits.list) return unique;
  const reason =
    odd === undefined ? `${unique.length} are more than ${limits.list}` : `${odd} is not a header name`;
  context.report('cors-value', entryPlace(context, 'corsPolicy', field), { field, reason });
  return undefined;
}

/** Whole seconds; 0 where nothing is said. */
function translateMaxAge(context: EntryContext, maxAge: string | undefined): number | undefined {
  if (maxAge === undefined) return 0;
  const seconds = (parseDuration(maxAge) ?? Number.NaN) / 1000;
  if (Number.isInteger(seconds) && seconds >= 1) return seconds;
  if (hasPlaceholder(maxAge)) {
    const args = { field: 'maxAge', text: maxAge };
    context.report('placeholder-unresolved', entryPlace(context, 'corsPolicy', 'maxAge'), args);
    return undefined;
  }
  const reason = `${maxAge} is not a whole number of seconds`;
  context.report('cors-value', entryPlace(context, 'corsPolicy', 'maxAge'), { field: 'maxAge', reason });
  return undefined;
}
