import { expect, test } from 'vitest';
import { deviationsAmong, type RouteAmong } from '../../src/7-settle/deviations-among.ts';
import type { ParentReference } from '../../src/gateway-api/route.ts';

/** A route with a rule for each path, to a backend that is named as the route. */
function routeOf(
  name: string,
  hostname: string | undefined,
  paths: readonly string[],
  parent: Partial<ParentReference> = {},
): RouteAmong {
  return {
    type: 'gateway.HTTPRoute',
    namespace: 'farm',
    name,
    spec: {
      parentRefs: [{ name: 'edge', ...parent }],
      ...(hostname === undefined ? {} : { hostnames: [hostname] }),
      rules: paths.map(value => ({
        matches: [{ path: { type: 'PathPrefix', value } }],
        backendRefs: [{ name, port: 5050 }],
      })),
    },
  };
}

function grpcRoute(hostname: string): RouteAmong {
  return {
    type: 'gateway.GRPCRoute',
    namespace: 'farm',
    name: 'grpc',
    spec: { parentRefs: [{ name: 'edge' }], hostnames: [hostname], rules: [{}] },
  };
}

const some = ['envoy-gateway', 'contour', 'traefik'] as const;

test.each<[string, readonly RouteAmong[], readonly string[]]>([
  ['one route', [routeOf('mill', 'a.example.com', ['/a', '/'])], []],
  [
    'a wildcard with a longer path',
    [routeOf('mill', 'a.example.com', ['/']), routeOf('any', '*.example.com', ['/b'])],
    ['farm/any hostnames-that-overlap at spec.rules.0.matches.0: traefik'],
  ],
  [
    'a route without hostnames that nothing hides',
    [routeOf('mill', 'a.example.com', ['/a']), routeOf('any', undefined, ['/'])],
    ['farm/any hostnames-that-overlap at spec.rules.0.matches.0: traefik'],
  ],
  [
    'a wildcard that the hostname hides',
    [routeOf('mill', 'mill.example.com', ['/a', '/']), routeOf('any', '*.example.com', ['/a', '/'])],
    [],
  ],
  [
    'a wildcard as long as the hostname, of equal priority',
    [routeOf('mill', 'a.example.com', ['/']), routeOf('any', '*.example.com', ['/'])],
    ['farm/any hostnames-that-overlap at spec.rules.0.matches.0: traefik'],
  ],
  ['two hostnames', [routeOf('mill', 'a.example.com', ['/']), routeOf('silo', 'b.example.com', ['/a'])], []],
  [
    'a wildcard at another Gateway',
    [routeOf('mill', 'a.example.com', ['/']), routeOf('any', '*.example.com', ['/b'], { name: 'other' })],
    [],
  ],
  [
    'a wildcard at another section',
    [
      routeOf('mill', 'a.example.com', ['/'], { sectionName: 'http' }),
      routeOf('any', '*.example.com', ['/b'], { sectionName: 'https' }),
    ],
    [],
  ],
  [
    'a wildcard at every section',
    [
      routeOf('mill', 'a.example.com', ['/'], { sectionName: 'http' }),
      routeOf('any', '*.example.com', ['/b']),
    ],
    ['farm/any hostnames-that-overlap at spec.rules.0.matches.0: traefik'],
  ],
  [
    'equal matches of two routes for one hostname, where the one of the later name has more rules',
    [routeOf('a', 'a.example.com', ['/a']), routeOf('b', 'a.example.com', ['/a', '/b'])],
    ['farm/b order-of-matches at spec.rules.0.matches.0: traefik'],
  ],
  [
    'equal matches of two routes for one hostname, where the one of the earlier name has more rules',
    [routeOf('a', 'a.example.com', ['/a', '/b']), routeOf('b', 'a.example.com', ['/a'])],
    [],
  ],
  [
    'a GRPCRoute beside an HTTPRoute for one hostname',
    [routeOf('mill', 'a.example.com', ['/']), grpcRoute('a.example.com')],
    ['farm/grpc order-of-grpc-matches at spec.rules: traefik'],
  ],
  [
    'a GRPCRoute for a wildcard',
    [routeOf('mill', 'a.example.com', ['/']), grpcRoute('*.example.com')],
    ['farm/grpc hostnames-that-overlap at spec.hostnames: traefik'],
  ],
])('%s', (_, routes, expected) => {
  const told = deviationsAmong(routes, some).map(
    ({ route, found: { id, path, implementations } }) =>
      `${route.namespace}/${route.name} ${id} at ${path.join('.')}: ${implementations.join(', ')}`,
  );
  expect(told).toEqual(expected);
});

test('no deviation of Traefik for another implementation', () => {
  const routes = [routeOf('mill', 'a.example.com', ['/']), routeOf('any', '*.example.com', ['/b'])];
  expect(deviationsAmong(routes, ['envoy-gateway', 'contour'])).toEqual([]);
});
