import fc from 'fast-check';

/** Something of any type, now and then where a field has another. */
function or(arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown> },
  );
}

function some(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const arbitraries = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, or(value)]));
  return fc.record(arbitraries, { requiredKeys: [] });
}

function list(item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.array(or(item), { maxLength: 3 });
}

const name = fc.constantFrom('a', 'b', 'reviews', 'x.y', 'A', '*', '');
const host = fc.constantFrom(
  'a',
  'b',
  'a.shop.svc.cluster.local',
  '*.example.com',
  'x.example.com',
  '*',
  '1.2.3.4',
  '',
);
const path = fc.constantFrom('/', '/a', '/a/', '/a/b', '', 'a', '/a.*', '.*', '(', '/a|/b', '(?i)/A');
const value = fc.constantFrom('x', 'y', '', '.*', 'x|y', '(', 'x y', 'é');
const duration = fc.constantFrom('1s', '0s', '500ms', '1h1m', '', '1', '-1s', '99999h', '1.5s');
const number = fc.constantFrom(0, 1, 50, 80, 100, 443, 9080, 65_536, -1, 1.5);
const namespace = fc.constantFrom('shop', 'other', '.', '*', '');
const string = fc.oneof(some({ exact: value }), some({ prefix: value }), some({ regex: value }));
const uri = fc.oneof(some({ exact: path }), some({ prefix: path }), some({ regex: path }));
const strings = fc.dictionary(fc.constantFrom('x-a', 'X-A', 'cookie', ':authority', 'host', ''), string, {
  maxKeys: 2,
});
const texts = fc.dictionary(fc.constantFrom('x-a', 'X-A', 'host', ':path', ''), value, { maxKeys: 2 });
const percentage = some({ value: fc.constantFrom(0, 0.1, 33.333, 100, 101, -1) });
const destination = some({ host, subset: fc.constantFrom('v1', 'v2', ''), port: some({ number }) });
const operations = some({ set: texts, add: texts, remove: list(fc.constantFrom('x-a', 'host', '')) });
const headers = some({ request: operations, response: operations });
const scope = {
  port: number,
  gateways: list(fc.constantFrom('mesh', 'edge', 'shop/edge')),
  sourceLabels: texts,
  sourceNamespace: namespace,
};
const route = list(some({ destination, weight: number, headers }));
const match = list(
  some({
    uri,
    method: string,
    scheme: string,
    authority: string,
    headers: strings,
    withoutHeaders: strings,
    queryParams: strings,
    ignoreUriCase: fc.boolean(),
    ...scope,
  }),
);
const http = list(
  some({
    match,
    route,
    redirect: some({
      uri: path,
      authority: host,
      port: number,
      derivePort: value,
      scheme: value,
      redirectCode: number,
    }),
    rewrite: some({ uri: path, authority: host, uriRegexRewrite: some({ match: path, rewrite: path }) }),
    directResponse: some({ status: number, body: some({ string: value }) }),
    delegate: some({ name, namespace }),
    timeout: duration,
    retries: some({ attempts: number, perTryTimeout: duration, retryOn: value, backoff: duration }),
    fault: some({
      delay: some({ fixedDelay: duration, percentage }),
      abort: some({ httpStatus: number, percentage }),
    }),
    mirror: destination,
    mirrorPercentage: percentage,
    mirrors: list(some({ destination, percentage })),
    corsPolicy: some({ allowOrigins: list(string), allowMethods: list(value), maxAge: duration }),
    headers,
    name,
  }),
);
const tls = list(some({ match: list(some({ sniHosts: list(host), ...scope })), route }));
const tcp = list(some({ match: list(some({ destinationSubnets: list(value), ...scope })), route }));

function object(apiVersion: string, kind: string, spec: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const metadata = fc.record(
    { name, namespace: fc.constantFrom('shop', 'other'), labels: texts, annotations: texts },
    { requiredKeys: ['name'] },
  );
  return fc.record({
    apiVersion: fc.constant(apiVersion),
    kind: fc.constant(kind),
    metadata: or(metadata),
    spec: or(spec),
  });
}

const networking = 'networking.istio.io/v1';
const gatewayApi = 'gateway.networking.k8s.io/v1';
const trafficPolicy = some({
  loadBalancer: some({ simple: value, consistentHash: some({ httpHeaderName: value }) }),
  tls: some({ mode: fc.constantFrom('DISABLE', 'SIMPLE', 'MUTUAL', 'x') }),
  connectionPool: some({ http: some({ http1MaxPendingRequests: number }) }),
});

/** Objects whose fields are the ones that a conversion looks at, with values at the edges. */
export const convertibleKinds: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: object(
      networking,
      'VirtualService',
      some({
        hosts: list(host),
        gateways: list(fc.constantFrom('mesh', 'edge', 'shop/edge')),
        exportTo: list(namespace),
        http,
        tls,
        tcp,
      }),
    ),
  },
  object(
    networking,
    'DestinationRule',
    some({
      host,
      trafficPolicy,
      exportTo: list(namespace),
      subsets: list(some({ name: fc.constantFrom('v1', 'v2', ''), labels: texts, trafficPolicy })),
    }),
  ),
  object(
    networking,
    'Gateway',
    some({
      selector: texts,
      servers: list(
        some({
          port: some({ number, name, protocol: fc.constantFrom('HTTP', 'HTTPS', 'TLS', 'TCP', 'x') }),
          hosts: list(host),
          tls: some({
            mode: fc.constantFrom('SIMPLE', 'PASSTHROUGH', 'MUTUAL', 'x'),
            credentialName: name,
            httpsRedirect: fc.boolean(),
          }),
        }),
      ),
    }),
  ),
  object(
    'v1',
    'Service',
    some({
      selector: texts,
      ports: list(
        some({ name: fc.constantFrom('http', 'tcp', 'tls', ''), port: number, targetPort: number }),
      ),
      type: value,
      externalName: host,
    }),
  ),
  object(
    networking,
    'ServiceEntry',
    some({ hosts: list(host), ports: list(some({ number, name, protocol: value })), resolution: value }),
  ),
  object(
    gatewayApi,
    'HTTPRoute',
    some({
      parentRefs: list(
        some({
          group: value,
          kind: fc.constantFrom('Service', 'Gateway'),
          name,
          namespace,
          port: number,
          sectionName: name,
        }),
      ),
      hostnames: list(host),
      rules: list(
        some({
          matches: list(
            some({
              path: some({ type: fc.constantFrom('Exact', 'PathPrefix', 'RegularExpression'), value: path }),
            }),
          ),
          backendRefs: list(some({ name, port: number, weight: number })),
        }),
      ),
    }),
  ),
);
