import type { Fields } from './fields.ts';
import { readFilters } from './filters.ts';
import { type HeaderMutations, readHeaderMutations } from './header-mutations.ts';
import { readRedirect } from './redirect-action.ts';
import type { EnvoyRequest } from './request.ts';
import { type RouteAction, readRouteAction } from './route-action.ts';
import { type RouteMatch, readRouteMatch } from './route-match.ts';
import type { Verdict } from './verdict.ts';

export interface Route {
  readonly match: RouteMatch;
  readonly perform: (request: EnvoyRequest, outer: OuterHeaders) => Verdict;
}

/** What the virtual host around a route does to headers. */
export type OuterHeaders = Readonly<Record<'request' | 'response', HeaderMutations>>;

/** A table that Envoy does not take: it goes on with the one it had. */
export class RefusedByEnvoy extends Error {}

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-route */
export function readRoute(fields: Fields, exists: (cluster: string) => boolean): Route {
  // Names, traces and statistics.
  fields.ignore('name', 'decorator', 'metadata', 'statPrefix');
  const match = fields.message('match', readRouteMatch);
  if (match === undefined) throw new Error('a route without a match');
  const own = {
    request: readHeaderMutations(fields, 'request'),
    response: readHeaderMutations(fields, 'response'),
  };
  const filters = fields.message('typedPerFilterConfig', readFilters) ?? { cors: '', fault: '' };
  const redirect = fields.message('redirect', readRedirect);
  if (redirect !== undefined) return { match, perform: request => redirect(request, match) };
  const response = fields.message('directResponse', readDirectResponse);
  if (response !== undefined) return { match, perform: () => response };
  const action = fields.message('route', route => readRouteAction(route, exists));
  if (action === undefined) throw new RefusedByEnvoy('a route without an action');
  return { match, perform: (request, outer) => forward(action, match, request, own, outer, filters) };
}

function readDirectResponse(fields: Fields): Verdict {
  const status = fields.number('status') ?? 0;
  const body = fields.message(
    'body',
    source => source.text('inlineString') ?? source.text('inlineBytes') ?? '',
  );
  return { kind: 'response', status, body: body ?? '' };
}

function forward(
  { path, clusters, ...rest }: RouteAction,
  match: RouteMatch,
  request: EnvoyRequest,
  own: OuterHeaders,
  outer: OuterHeaders,
  filters: { readonly cors: string; readonly fault: string },
): Verdict {
  return {
    kind: 'forward',
    ...rest,
    ...filters,
    clusters: clusters({ request: [own.request, outer.request], response: [own.response, outer.response] }),
    path: path(request.path, match),
  };
}
