import type * as istio from '../../../src/istio/index.ts';
import type { Random } from '../random.ts';

/** Where requests can be sent. */
export interface Target {
  readonly host: string;
  readonly ports: readonly number[];
  readonly subsets: readonly string[];
}

export function randomDestination(
  random: Random,
  targets: readonly Target[],
  exotic: number,
): istio.Destination {
  const { host, ports, subsets } = random.pick(targets);
  return {
    host,
    ...(subsets.length > 0 && random.chance(0.7)
      ? { subset: random.chance(0.004) ? 'nowhere' : random.pick(subsets) }
      : {}),
    ...(random.chance(1 - exotic * 3)
      ? { port: { number: random.chance(0.004) ? 4242 : random.pick(ports) } }
      : {}),
  };
}

function randomRoute(
  random: Random,
  targets: readonly Target[],
  exotic: number,
): readonly istio.HTTPRouteDestination[] {
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  const weights = random.pick([
    [90, 10, 0],
    [50, 50, 1],
    [1, 1, 1],
    [100, 0, 0],
    [33, 33, 34],
    [5, undefined, 7],
  ]);
  return Array.from({ length: count }, (_, index) => {
    const weight = count === 1 ? random.pick([undefined, undefined, 100, 1]) : weights[index];
    return {
      destination: randomDestination(random, targets, exotic),
      ...(weight === undefined ? {} : { weight }),
      ...(random.chance(0.08) ? { headers: randomHeaders(random) } : {}),
    };
  });
}

const headerNames = ['x-added', 'x-set', 'X-Upper', 'x-user', 'server'];

function randomOperations(random: Random): istio.HeaderOperations {
  const record = () =>
    Object.fromEntries(
      random.some(headerNames, 0.4).map(name => [name, random.pick(['1', 'two', 'three 3', '%REQ(:path)%'])]),
    );
  return {
    ...(random.chance(0.6) ? { set: record() } : {}),
    ...(random.chance(0.5) ? { add: record() } : {}),
    ...(random.chance(0.4) ? { remove: random.some(headerNames, 0.3) } : {}),
  };
}

function randomHeaders(random: Random): istio.Headers {
  const request = randomOperations(random);
  const host = random.chance(0.1) ? { set: { ...request.set, Host: 'internal.example' } } : {};
  return {
    ...(random.chance(0.7) ? { request: { ...request, ...host } } : {}),
    ...(random.chance(0.5) ? { response: randomOperations(random) } : {}),
  };
}

function randomRewrite(random: Random, exotic: number): istio.HTTPRewrite {
  const kind = random.chance(exotic) ? 'regex' : random.pick(['uri', 'uri', 'authority', 'both'] as const);
  const uri = random.pick(['/', '/b', '/b/', '/new/path', '/a']);
  const authority = 'rewritten.example';
  switch (kind) {
    case 'uri':
      return { uri };
    case 'authority':
      return { authority };
    case 'both':
      return { uri, authority };
    case 'regex':
      return {
        uriRegexRewrite: random.pick([
          { match: '.*', rewrite: '/all' },
          { match: '^/a(/|$)(.*)', rewrite: '/\\2' },
          { match: '/a', rewrite: '/z' },
          { match: '^/api/(v[0-9]+)/(.*)$', rewrite: '/\\2/\\1' },
        ]),
      };
  }
}

function randomRedirect(random: Random): istio.HTTPRedirect {
  return {
    ...random.pick<istio.HTTPRedirect>([
      { uri: random.pick(['/moved', '/', '/a/b']) },
      { authority: 'elsewhere.example' },
      { uri: '/moved', authority: 'elsewhere.example' },
      { prefixRewrite: random.pick(['/moved', '/']) },
    ]),
    ...(random.chance(0.4) ? { scheme: random.pick(['http', 'https']) } : {}),
    ...random.pick<istio.HTTPRedirect>([
      {},
      {},
      { port: 8443 },
      { port: 443 },
      { derivePort: 'FROM_REQUEST_PORT' },
    ]),
    ...(random.chance(0.4) ? { redirectCode: random.pick([301, 302, 303, 307, 308]) } : {}),
  };
}

function randomRetries(random: Random): istio.HTTPRetry {
  const attempts = random.pick([0, 1, 3]);
  if (attempts === 0) return { attempts };
  return {
    attempts,
    ...(random.chance(0.5)
      ? {
          retryOn: random.pick([
            '5xx',
            'connect-failure,refused-stream,unavailable,cancelled,503',
            '503,504',
            'reset',
          ]),
        }
      : {}),
    ...(random.chance(0.3) ? { perTryTimeout: random.pick(['1s', '500ms', '2.5s']) } : {}),
    ...(random.chance(0.2) ? { backoff: '25ms' } : {}),
    ...(random.chance(0.1) ? { retryRemoteLocalities: true } : {}),
    ...(random.chance(0.1) ? { retryIgnorePreviousHosts: false } : {}),
  };
}

function randomCors(random: Random): istio.CorsPolicy {
  return {
    ...(random.chance(0.9)
      ? {
          allowOrigins: random.pick<readonly istio.StringMatch[]>([
            [{ exact: 'https://example.com' }],
            [{ exact: '*' }],
            [{ regex: '.*' }],
            [{ prefix: 'https://' }],
            [{ exact: 'https://example.com' }, { regex: 'https://.*\\.example\\.com' }],
          ]),
        }
      : { allowOrigin: ['https://old.example', '*'] }),
    ...(random.chance(0.6) ? { allowMethods: ['GET', 'POST'] } : {}),
    ...(random.chance(0.4) ? { allowHeaders: ['x-user', 'authorization'] } : {}),
    ...(random.chance(0.3) ? { exposeHeaders: ['x-version'] } : {}),
    ...(random.chance(0.5) ? { maxAge: random.pick(['24h', '5s']) } : {}),
    ...(random.chance(0.4) ? { allowCredentials: random.chance(0.7) } : {}),
    ...(random.chance(0.3) ? { unmatchedPreflights: random.pick(['FORWARD', 'IGNORE']) } : {}),
  };
}

function randomFault(random: Random): istio.HTTPFaultInjection {
  return random.pick<istio.HTTPFaultInjection>([
    { delay: { fixedDelay: '5s', percentage: { value: 10 } } },
    { abort: { httpStatus: 503, percentage: { value: 0.1 } } },
    {
      delay: { fixedDelay: '1.5s', percent: 50 },
      abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 100 } },
    },
  ]);
}

function randomMirror(random: Random, targets: readonly Target[], exotic: number): Partial<istio.HTTPRoute> {
  const percentages = [
    undefined,
    { value: 100 },
    { value: 50 },
    { value: 0.5 },
    { value: 0 },
    { value: 33.3333 },
  ];
  const destination = () => randomDestination(random, targets, exotic);
  if (random.chance(0.6)) {
    const percentage = random.pick(percentages);
    return { mirror: destination(), ...(percentage === undefined ? {} : { mirrorPercentage: percentage }) };
  }
  return {
    mirrors: Array.from({ length: random.integer(1, 2) }, () => {
      const percentage = random.pick(percentages);
      return { destination: destination(), ...(percentage === undefined ? {} : { percentage }) };
    }),
  };
}

/** @param exotic how often things turn up that no route can say */
export function randomAction(random: Random, targets: readonly Target[], exotic: number): istio.HTTPRoute {
  if (random.chance(0.1)) return { redirect: randomRedirect(random) };
  if (random.chance(exotic)) {
    return { directResponse: { status: 403, ...(random.chance(0.5) ? { body: { string: 'no' } } : {}) } };
  }
  return {
    route: randomRoute(random, targets, exotic),
    ...(random.chance(0.15) ? { rewrite: randomRewrite(random, exotic) } : {}),
    ...(random.chance(0.15) ? { headers: randomHeaders(random) } : {}),
    ...(random.chance(0.15) ? { timeout: random.pick(['5s', '500ms', '1.5s', '1m']) } : {}),
    ...(random.chance(exotic * 2) ? { retries: randomRetries(random) } : {}),
    ...(random.chance(0.08) ? randomMirror(random, targets, exotic) : {}),
    ...(random.chance(0.04) ? { corsPolicy: randomCors(random) } : {}),
    ...(random.chance(exotic) ? { fault: randomFault(random) } : {}),
  };
}
