import { describe, expect, test } from 'vitest';
import type { GRPCRoute, GRPCRouteMatch, HTTPRoute, HTTPRouteRule } from '../../src/gateway-api/index.ts';
import type { Implementation } from '../../src/implementations/deviations.ts';
import { deviationsOfGRPCRoute, deviationsOfHTTPRoute } from '../../src/implementations/find-deviations.ts';

const all: readonly Implementation[] = ['istio', 'envoy-gateway', 'contour', 'traefik'];

const backendRefs = [{ name: 'mill', port: 5050 }];

/** Each deviation as `ID at PATH: IMPLEMENTATIONS`. */
function told(found: ReturnType<typeof deviationsOfHTTPRoute>): readonly string[] {
  return found.map(
    ({ id, path, implementations }) => `${id} at ${path.join('.')}: ${implementations.join(', ')}`,
  );
}

function rewrite(value: string, replacePrefixMatch: string): HTTPRoute {
  return {
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value } }],
        filters: [
          { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch } } },
        ],
        backendRefs,
      },
    ],
  };
}

/** A rule that sets one header, with a backend that sets another. */
function changing(ofRule: string, ofBackend: string): HTTPRoute {
  const setting = (name: string) => [
    { type: 'RequestHeaderModifier' as const, requestHeaderModifier: { set: [{ name, value: 'wind' }] } },
  ];
  return {
    rules: [
      {
        filters: setting(ofRule),
        backendRefs: backendRefs.map(one => ({ ...one, filters: setting(ofBackend) })),
      },
    ],
  };
}

/** A rule for a path with some query parameters, to a backend of its own. */
function atPath(value: string, queryParams: number): HTTPRouteRule {
  return {
    matches: [
      {
        path: { type: 'PathPrefix', value },
        queryParams: Array.from({ length: queryParams }, (_, index) => ({ name: `q${index}`, value: '1' })),
      },
    ],
    backendRefs: [{ name: `mill-${queryParams}`, port: 5050 }],
  };
}

/** Rules for other paths. */
function rulesApart(count: number): readonly HTTPRouteRule[] {
  return Array.from({ length: count }, (_, index) => atPath(`/other/${index}`, 0));
}

describe('deviations of an HTTPRoute', () => {
  test.each<[string, HTTPRoute, readonly string[]]>([
    ['nothing special', { rules: [{ backendRefs }] }, []],
    ['a Gateway', { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs }] }, []],
    [
      'a Service',
      { parentRefs: [{ kind: 'Service', group: '', name: 'mill' }], rules: [{ backendRefs }] },
      ['route-of-a-service at spec.parentRefs: envoy-gateway, contour, traefik'],
    ],
    [
      'a rewrite of the root',
      rewrite('/', '/v2'),
      ['rewrite-of-the-root at spec.rules.0.filters: istio, envoy-gateway, contour'],
    ],
    ['a rewrite of the root to the root', rewrite('/', '/'), []],
    ['a rewrite of another prefix', rewrite('/v1', '/v2'), []],
    [
      'both timeouts',
      { rules: [{ backendRefs, timeouts: { request: '10s', backendRequest: '2s' } }] },
      ['timeouts at spec.rules.0.timeouts: istio, contour, traefik'],
    ],
    [
      'both timeouts and a retry',
      {
        rules: [{ backendRefs, retry: { attempts: 2 }, timeouts: { request: '10s', backendRequest: '2s' } }],
      },
      [
        'timeouts at spec.rules.0.timeouts: contour, traefik',
        'retry at spec.rules.0.retry: contour, traefik',
      ],
    ],
    [
      'one header that the rule and a backend change',
      changing('X-Wheel', 'x-wheel'),
      ['header-of-rule-and-backend at spec.rules.0.backendRefs: envoy-gateway, contour'],
    ],
    ['a header of the rule and another of a backend', changing('x-wheel', 'x-stone'), []],
    [
      'Host as a header',
      changing('x-wheel', 'Host'),
      ['host-as-a-header at spec.rules.0.filters: envoy-gateway'],
    ],
    ['no backends', { rules: [{}] }, ['rule-without-backends at spec.rules.0.matches: contour']],
    [
      'no backends beside a filter',
      {
        rules: [
          {
            filters: [
              {
                type: 'ResponseHeaderModifier',
                responseHeaderModifier: { set: [{ name: 'a', value: 'b' }] },
              },
            ],
          },
        ],
      },
      ['rule-without-backends at spec.rules.0.matches: contour, traefik'],
    ],
    [
      'escapes that Traefik decodes',
      {
        rules: ['/caf%C3%A9', '/a%2fb', '/a%2Fb', '/100%25'].map(value => ({
          matches: [{ path: { type: 'Exact' as const, value } }],
          backendRefs,
        })),
      },
      [
        'escape-in-a-path at spec.rules.0.matches: traefik',
        'escape-in-a-path at spec.rules.1.matches: traefik',
      ],
    ],
    [
      'a replacement with an escape',
      rewrite('/v1', '/caf%C3%A9'),
      ['replacement-to-the-letter at spec.rules.0.filters: traefik'],
    ],
    ['a replacement with signs that a path may have', rewrite('/v1', '/v1.0/a-b_c~d$e&f+g,h:i;j=k@l'), []],
    [
      'an earlier rule with one query parameter less, eleven rules before',
      { rules: [atPath('/a', 0), ...rulesApart(10), atPath('/a', 1)] },
      ['order-of-matches at spec.rules.11.matches.0: traefik'],
    ],
    [
      'an earlier rule with one query parameter less, nine rules before',
      { rules: [atPath('/a', 0), ...rulesApart(8), atPath('/a', 1)] },
      [],
    ],
    [
      'no backends beside a redirect',
      { rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { port: 8080 } }] }] },
      [],
    ],
    ['no timeout', { rules: [{ backendRefs, timeouts: { request: '0s' } }] }, []],
    [
      'an expression before a prefix that may overlap',
      {
        rules: [
          { matches: [{ path: { type: 'RegularExpression', value: '/v[0-9]+' } }], backendRefs },
          {
            matches: [{ path: { type: 'PathPrefix', value: '/v1' } }],
            backendRefs: [{ name: 'silo', port: 5050 }],
          },
        ],
      },
      [
        'expression-of-a-whole at spec.rules.0.matches: traefik',
        'order-of-matches at spec.rules.1.matches.0: envoy-gateway',
        'order-of-matches at spec.rules.1.matches.0: contour',
        'order-of-matches at spec.rules.1.matches.0: traefik',
      ],
    ],
    [
      'an expression before a prefix that may overlap, to one backend',
      {
        rules: [
          { matches: [{ path: { type: 'RegularExpression', value: '/v[0-9]+' } }], backendRefs },
          { matches: [{ path: { type: 'PathPrefix', value: '/v1' } }], backendRefs },
        ],
      },
      ['expression-of-a-whole at spec.rules.0.matches: traefik'],
    ],
    [
      'a filter of a backend',
      {
        rules: [
          {
            backendRefs: [
              {
                name: 'mill',
                port: 5050,
                filters: [
                  { type: 'RequestMirror', requestMirror: { backendRef: { name: 'silo', port: 5050 } } },
                ],
              },
            ],
          },
        ],
      },
      ['filters-of-a-backend at spec.rules.0.backendRefs: istio, envoy-gateway, contour, traefik'],
    ],
    [
      'CORS',
      {
        rules: [{ filters: [{ type: 'CORS', cors: { allowOrigins: ['https://a.example'] } }], backendRefs }],
      },
      ['cors at spec.rules.0.filters: contour, traefik'],
    ],
  ])('%s', (_, route, expected) => {
    expect(told(deviationsOfHTTPRoute(route, all))).toEqual(expected);
  });

  test('only of those that are asked for', () => {
    expect(told(deviationsOfHTTPRoute(rewrite('/', '/v2'), ['traefik']))).toEqual([]);
  });
});

test('deviations of a GRPCRoute', () => {
  const route: GRPCRoute = {
    rules: [
      {
        matches: [
          { method: { service: 'farm.Mill' } },
          { method: { service: 'farm.Mill', method: 'Grind' } },
          { method: { type: 'RegularExpression', service: 'farm.*', method: '.*' } },
        ],
        backendRefs,
      },
    ],
  };
  expect(told(deviationsOfGRPCRoute(route, all))).toEqual([
    'grpc-service-or-method at spec.rules.0.matches.0: contour',
    'grpc-exact at spec.rules.0.matches.0: traefik',
    'grpc-exact at spec.rules.0.matches.1: traefik',
    'expression-of-a-whole at spec.rules.0.matches.2: traefik',
  ]);
});

describe('the order of a GRPCRoute at Traefik', () => {
  test.each<[string, GRPCRoute, readonly string[]]>([
    ['a service before a method of four letters', ordered({ method: 'Turn' }, {}), ['1']],
    ['a service before a method of five letters', ordered({ method: 'Grind' }, {}), ['1']],
    ['a service before a method of six letters', ordered({ method: 'Grinds' }, {}), []],
    ['services apart', ordered({ method: 'Turn' }, { service: 'farm.Silo' }), []],
  ])('%s', (_, route, expected) => {
    const found = deviationsOfGRPCRoute(route, ['traefik']);
    expect(
      found.flatMap(({ id, path }) => (id === 'order-of-grpc-matches' ? [String(path[2])] : [])),
    ).toEqual(expected);
  });
});

type Method = NonNullable<GRPCRouteMatch['method']>;

function ordered(...methods: readonly Method[]): GRPCRoute {
  return {
    rules: methods.map((method, index) => ({
      matches: [{ method: { service: 'farm.Mill', ...method } }],
      backendRefs: [{ name: `mill-${index}`, port: 5050 }],
    })),
  };
}
