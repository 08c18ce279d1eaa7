import { canonicalJson } from '../../src/3-link/canonical.ts';
import type { Fields } from './fields.ts';
import { readMillionths } from './filters.ts';
import { effectsOf, type HeaderMutations, readHeaderMutations } from './header-mutations.ts';
import { globalReplace } from './regex.ts';
import { readRetryPolicy } from './retry-policy.ts';
import type { RouteMatch } from './route-match.ts';
import { readRegex } from './string-matcher.ts';
import type { ChosenCluster, Verdict } from './verdict.ts';

type Forwarded = Extract<Verdict, { readonly kind: 'forward' }>;

/** What a route action does, apart from what the route around it says. */
export interface RouteAction
  extends Pick<Forwarded, 'mirrors' | 'timeout' | 'retries' | 'hash' | 'missingStatus'> {
  readonly path: (path: string, match: RouteMatch) => string;
  /** @param outer what the route and the virtual host do to headers */
  readonly clusters: (
    outer: Readonly<Record<'request' | 'response', readonly HeaderMutations[]>>,
  ) => Forwarded['clusters'];
}

/** What Envoy does when nobody sets a timeout. */
const defaultTimeout = 15_000;

/**
 * @param exists whether the proxy was sent a cluster of a name
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-routeaction
 */
export function readRouteAction(fields: Fields, exists: (cluster: string) => boolean): RouteAction {
  // The limit for gRPC follows the timeout (istiod, setTimeout); the other one adds a header on rewrites.
  fields.ignore('maxGrpcTimeout', 'appendXForwardedHost');
  const authority = fields.text('hostRewriteLiteral') || undefined;
  return {
    path: readPathRewrite(fields),
    clusters: readClusters(fields, authority, exists),
    mirrors: fields
      .messages('requestMirrorPolicies', mirror => {
        mirror.ignore('traceSampled', 'disableShadowHostSuffixAppend');
        const cluster = mirror.text('cluster') ?? '';
        const millionths = mirror.message('runtimeFraction', fraction =>
          fraction.message('defaultValue', readMillionths),
        );
        return { cluster, exists: exists(cluster), millionths: millionths ?? 1_000_000 };
      })
      .filter(({ millionths }) => millionths > 0),
    timeout: fields.duration('timeout') ?? defaultTimeout,
    retries: fields.message('retryPolicy', readRetryPolicy) ?? 'none',
    hash: canonicalJson(fields.values('hashPolicy')),
    missingStatus: fields.text('clusterNotFoundResponseCode') === 'INTERNAL_SERVER_ERROR' ? 500 : 503,
  };
}

function readPathRewrite(fields: Fields): RouteAction['path'] {
  const prefix = fields.text('prefixRewrite');
  const regex = fields.message('regexRewrite', rewrite => ({
    pattern: rewrite.message('pattern', readRegex) ?? '',
    substitution: rewrite.text('substitution') ?? '',
  }));
  if (prefix) return (path, match) => prefix + path.slice(match.matchedLength(path));
  if (regex !== undefined) return path => globalReplace(regex.pattern, regex.substitution, path);
  return path => path;
}

function readClusters(
  fields: Fields,
  authority: string | undefined,
  exists: (cluster: string) => boolean,
): RouteAction['clusters'] {
  const single = fields.text('cluster');
  const weighted = fields.message('weightedClusters', clusters =>
    clusters.messages('clusters', cluster => ({
      cluster: cluster.text('name') ?? '',
      weight: cluster.number('weight') ?? 0,
      authority: cluster.text('hostRewriteLiteral') || undefined,
      request: readHeaderMutations(cluster, 'request'),
      response: readHeaderMutations(cluster, 'response'),
    })),
  );
  if (weighted === undefined) {
    return outer => [
      {
        cluster: single ?? '',
        exists: exists(single ?? ''),
        weight: 1,
        total: 1,
        authority,
        requestHeaders: effectsOf(outer.request),
        responseHeaders: effectsOf(outer.response),
      },
    ];
  }
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  return outer =>
    weighted.map(
      ({ cluster, weight, authority: own, request, response }): ChosenCluster => ({
        cluster,
        exists: exists(cluster),
        weight,
        total,
        // The route writes the host after the weighted cluster did.
        authority: authority ?? own,
        requestHeaders: effectsOf([request, ...outer.request]),
        responseHeaders: effectsOf([response, ...outer.response]),
      }),
    );
}
