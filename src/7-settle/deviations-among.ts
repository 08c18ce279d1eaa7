import { groupByEach } from '../3-link/group-by.ts';
import { hostsOverlap, isSubsetOfHost } from '../3-link/hostname.ts';
import type { GRPCRoute, HTTPRoute } from '../gateway-api/index.ts';
import type { Implementation } from '../implementations/deviations.ts';
import type { FoundDeviation } from '../implementations/find-deviations.ts';
import { hostnamesOf, ordersOf, repeatedMatchesOf } from '../implementations/find-orders.ts';

/** A route beside others. */
export type RouteAmong = { readonly namespace: string; readonly name: string } & (
  | { readonly type: 'gateway.HTTPRoute'; readonly spec: HTTPRoute }
  | { readonly type: 'gateway.GRPCRoute'; readonly spec: GRPCRoute }
);

/** A deviation, and the route that it is found in. */
export interface DeviationAmong<Route extends RouteAmong> {
  readonly route: Route;
  readonly found: FoundDeviation;
}

/**
 * Looks for what implementations are known to do otherwise with several routes of one parent: those for the same hostname are
 * sorted together, and the most specific hostname decides alone.
 *
 * @param wanted the implementations that count
 */
export function deviationsAmong<Route extends RouteAmong>(
  routes: readonly Route[],
  wanted: readonly Implementation[],
): readonly DeviationAmong<Route>[] {
  if (wanted.every(name => name === 'istio')) return [];
  const sorted = routes.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const byParent = groupByEach(sorted, route => new Set(refsOf(route).map(({ parent }) => parent)));
  return [...byParent].flatMap(([parent, routesOfParent]) => {
    if (routesOfParent.length < 2) return [];
    return ofSections(parent, routesOfParent).flatMap(together => {
      const byHost = groupByEach(together, hostsOf);
      return [
        ...[...byHost.values()].flatMap(same => ofSameHost(same, wanted)),
        ...(wanted.includes('traefik') ? ofHosts(byHost) : []),
      ];
    });
  });
}

function keyOf({ namespace, name }: RouteAmong): string {
  return `${namespace}/${name}`;
}

/** The parents of a route, each with the section or port that it names. */
function refsOf({
  namespace,
  spec,
}: RouteAmong): readonly { readonly parent: string; readonly section: string }[] {
  return (spec.parentRefs ?? []).map(({ kind = 'Gateway', namespace: own = namespace, name, ...rest }) => ({
    parent: `${kind}/${own}/${name}`,
    section: `${rest.sectionName ?? ''}${rest.port === undefined ? '' : `:${rest.port}`}`,
  }));
}

/** @returns the routes of each section; one that names no section is in all of them */
function ofSections<Route extends RouteAmong>(
  parent: string,
  routes: readonly Route[],
): readonly (readonly Route[])[] {
  const withSections = routes.map(route => ({
    route,
    sections: refsOf(route).flatMap(ref => (ref.parent === parent ? [ref.section] : [])),
  }));
  const named = new Set(withSections.flatMap(({ sections }) => sections).filter(section => section !== ''));
  return (named.size === 0 ? [''] : [...named]).map(section =>
    withSections.flatMap(({ route, sections }) =>
      sections.includes(section) || sections.includes('') ? [route] : [],
    ),
  );
}

/** A route without hostnames takes all, as one of a Service does. */
function hostsOf({ spec }: RouteAmong): ReadonlySet<string> {
  return new Set(spec.hostnames === undefined || spec.hostnames.length === 0 ? ['*'] : spec.hostnames);
}

function ofSameHost<Route extends RouteAmong>(
  routes: readonly Route[],
  wanted: readonly Implementation[],
): readonly DeviationAmong<Route>[] {
  if (routes.length < 2) return [];
  const plain = routes.filter(({ type }) => type === 'gateway.HTTPRoute');
  const specs = plain.map(({ spec }) => spec as HTTPRoute);
  const orders = [...ordersOf(specs, wanted), ...repeatedMatchesOf(specs, wanted)].flatMap(
    ({ id, route, path, implementation }) =>
      among(plain[route], { id, path, implementations: [implementation] }),
  );
  const grpc = routes.find(({ type }) => type === 'gateway.GRPCRoute');
  if (grpc === undefined || !wanted.includes('traefik')) return orders;
  return [
    ...orders,
    ...among(grpc, { id: 'order-of-grpc-matches', path: ['spec', 'rules'], implementations: ['traefik'] }),
  ];
}

function ofHosts<Route extends RouteAmong>(
  byHost: ReadonlyMap<string, readonly Route[]>,
): readonly DeviationAmong<Route>[] {
  const wildcards = [...byHost.keys()].filter(host => host.startsWith('*'));
  return [...byHost].flatMap(([host, specific]) =>
    wildcards
      .filter(wide => wide !== host && isSubsetOfHost(host, wide) && hostsOverlap(host, wide))
      .flatMap(wide =>
        specific.flatMap(one => (byHost.get(wide) ?? []).flatMap(other => ofHostnames(one, other))),
      ),
  );
}

function ofHostnames<Route extends RouteAmong>(one: Route, other: Route): readonly DeviationAmong<Route>[] {
  if (one === other) return [];
  if (one.type !== 'gateway.HTTPRoute' || other.type !== 'gateway.HTTPRoute')
    return among(other, {
      id: 'hostnames-that-overlap',
      path: ['spec', 'hostnames'],
      implementations: ['traefik'],
    });
  return hostnamesOf(one.spec, other.spec, ['traefik']).flatMap(({ id, path, implementation }) =>
    among(other, { id, path, implementations: [implementation] }),
  );
}

function among<Route extends RouteAmong>(
  route: Route | undefined,
  found: FoundDeviation,
): readonly DeviationAmong<Route>[] {
  return route === undefined ? [] : [{ route, found }];
}
