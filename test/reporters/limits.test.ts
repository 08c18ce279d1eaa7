import { describe, expect, test } from 'vitest';
import { defaultOptions, verify } from '../../src/index.ts';
import { compared, notCompared } from '../../src/reporters/limits.ts';
import type { Aspect } from '../../src/semantics/outcome.ts';

const { from: _from, ...options } = defaultOptions;

/** Two Services, and the pods of a gateway with theirs. */
const services = ['jam', 'tea', 'ingress']
  .map(
    name => `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: fair}
spec:
  selector: {app: ${name}}
  ports: [{name: http, port: 80, targetPort: 80}]`,
  )
  .join('');

const rule = (entry: string, host = 'jam') => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: jam, namespace: fair}
spec:
  hosts: [${host}]
  http:
  - ${entry}`;

const toJam = 'route: [{destination: {host: jam}}]';
const withField = (field: string) => rule(`${toJam}\n    ${field}`);

const settings = (connections: number, more = '') => `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: jam, namespace: fair}
spec:
  host: jam
  ${more}
  trafficPolicy: {connectionPool: {tcp: {maxConnections: ${connections}}}}`;

const gateway = (tls: string, more = '') => `
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gate, namespace: fair}
spec:
  selector: {app: ingress}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [fair.example.com]
    tls: {mode: SIMPLE, credentialName: ${tls}}${more}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: gate, namespace: fair}
spec:
  hosts: [fair.example.com]
  gateways: [gate]
  http:
  - ${toJam}`;

const plainGateway = (host: string) => `
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gate, namespace: fair}
spec:
  selector: {app: ingress}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["${host}"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: gate, namespace: fair}
spec:
  hosts: ["${host}"]
  gateways: [gate]
  http:
  - ${toJam}`;

const toIngress = rule('route: [{destination: {host: ingress}}]\n    rewrite: {authority: fair.example.com}');

/** The same gateway with pods of its own. */
const newGateway = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: fair}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: fair.example.com}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: gate, namespace: fair}
spec:
  parentRefs: [{name: gate}]
  hostnames: [fair.example.com]
  rules: [{backendRefs: [{name: jam, port: 80}]}]`;

/** Two manifests for each aspect, which differ in it. */
const differing: Readonly<Record<Aspect, readonly [before: string, after: string]>> = {
  kind: [rule(toJam), rule('redirect: {uri: /elsewhere}')],
  destinations: [rule(toJam), rule('route: [{destination: {host: tea}}]')],
  nextHop: [toIngress + plainGateway('fair.example.com'), toIngress + newGateway],
  path: [withField('rewrite: {uri: /a}'), withField('rewrite: {uri: /b}')],
  authority: [withField('rewrite: {authority: a}'), withField('rewrite: {authority: b}')],
  requestHeaders: [rule(toJam), withField('headers: {request: {set: {x-stall: jam}}}')],
  responseHeaders: [rule(toJam), withField('headers: {response: {remove: [x-stall]}}')],
  trafficPolicy: [settings(10), settings(20)],
  mirrors: [rule(toJam), withField('mirror: {host: tea}')],
  timeout: [rule(toJam), withField('timeout: 3s')],
  retries: [rule(toJam), withField('retries: {attempts: 7}')],
  cors: [rule(toJam), withField('corsPolicy: {allowOrigins: [{exact: https://fair.example.com}]}')],
  fault: [rule(toJam), withField('fault: {abort: {httpStatus: 418, percentage: {value: 5}}}')],
  response: [rule('directResponse: {status: 418}'), rule('directResponse: {status: 429}')],
  redirect: [rule('redirect: {uri: /a}'), rule('redirect: {uri: /b}')],
  tls: [gateway('gate-tls'), gateway('other-tls')],
};

describe('each aspect that is said to be compared is found to differ', () => {
  test.each(Object.entries(differing))('%s', (aspect, [before, after]) => {
    expect(Object.keys(compared)).toContain(aspect);
    expect(aspectsOf(before, after)).toEqual([aspect]);
  });
});

const namespace = (labels: string) => `
---
apiVersion: v1
kind: Namespace
metadata: {name: fair, labels: {${labels}}}`;

const object = (apiVersion: string, kind: string, spec: string, own = 'fair') => `
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: one, namespace: ${own}}
spec: ${spec}`;

const secret = (data: string) => `
---
apiVersion: v1
kind: Secret
metadata: {name: gate-tls, namespace: fair}
data: {tls.crt: ${data}, tls.key: ${data}}`;

const meshConfig = (config: string) => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    ${config}`;

const exposed = (type: string) => `
---
apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: fair}
spec:
  type: ${type}
  selector: {app: ingress}
  ports: [{name: http, port: 80, targetPort: 80}]`;

/** What stands first in each line of the list, and manifests that differ in nothing else. */
const alike: Readonly<Record<string, readonly (readonly [before: string, after: string])[]>> = {
  'EnvoyFilter, WasmPlugin and Telemetry': [
    ['', object('networking.istio.io/v1alpha3', 'EnvoyFilter', '{configPatches: []}')],
    ['', object('extensions.istio.io/v1alpha1', 'WasmPlugin', '{url: "oci://example.com/plugin"}')],
    ['', object('telemetry.istio.io/v1', 'Telemetry', '{tracing: [{randomSamplingPercentage: 5}]}')],
  ],
  'AuthorizationPolicy, RequestAuthentication and PeerAuthentication': [
    ['', object('security.istio.io/v1', 'AuthorizationPolicy', '{action: DENY, rules: [{}]}')],
    ['', object('security.istio.io/v1', 'RequestAuthentication', '{jwtRules: [{issuer: fair}]}')],
    ['', object('security.istio.io/v1', 'PeerAuthentication', '{mtls: {mode: STRICT}}')],
  ],
  BackendTLSPolicy: [
    [
      rule(toJam),
      `${rule(toJam)}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: jam, namespace: fair}
spec:
  targetRefs: [{group: "", kind: Service, name: jam}]
  validation: {hostname: jam.example.com, wellKnownCACertificates: System}`,
    ],
  ],
  'settings of a whole mesh (MeshConfig, ProxyConfig)': [
    [meshConfig('accessLogFile: /dev/stdout'), meshConfig('outboundTrafficPolicy: {mode: REGISTRY_ONLY}')],
    ['', object('networking.istio.io/v1beta1', 'ProxyConfig', '{concurrency: 2}')],
  ],
  'requests for hosts that nothing is for (outboundTrafficPolicy of MeshConfig and Sidecars)': [
    ['', object('networking.istio.io/v1', 'Sidecar', '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}}')],
  ],
  'retries of what sidecars receive (MeshConfig defaultInboundHttpRetryPolicy)': [
    ['', meshConfig('defaultInboundHttpRetryPolicy: {attempts: 3}')],
  ],
  // testdata/cases/destination.host/missing-among-others
  'whether a Service that is not in the input exists': [],
  'access logs, metrics and names of clusters': [[withField('name: one'), withField('name: other')]],
  'contents of Secrets': [[gateway('gate-tls') + secret('AAAA'), gateway('gate-tls') + secret('BBBB')]],
  '`X-Forwarded-Proto` that clients inside the mesh send, and `:scheme` of HTTP/2 proxies in front of gateways':
    [],
  'addresses, and how a Service of a gateway is exposed': [
    [plainGateway('fair.example.com'), plainGateway('fair.example.com') + exposed('LoadBalancer')],
  ],
  // States on the way, which cut-over.test.ts goes through.
  'requests for a host while its VirtualServices are deleted one after the other': [],
  // testdata/cases/gateway/tls-of-another-on-shared-pods
  'TLS at a port where a moving host has no route, if another Istio Gateway of the old pods serves it there':
    [],
  'DestinationRules with a workloadSelector': [
    [
      settings(10, 'workloadSelector: {matchLabels: {app: tea}}'),
      settings(20, 'workloadSelector: {matchLabels: {app: tea}}'),
    ],
  ],
  'clients of Services behind a waypoint, in namespaces without a label for sidecars or ambient mode': [],
  'clients that would move from sidecars to a waypoint that nothing in the input names': [],
  'settings of clusters (DestinationRules) of clients that would move from sidecars to a waypoint': [],
  'settings of Services (sessionAffinity, trafficDistribution, internalTrafficPolicy, publishNotReadyAddresses, clusterIP: None, HTTP/2 of a port)':
    [
      [
        '',
        services.replaceAll(
          '  selector:',
          '  clusterIP: None\n  sessionAffinity: ClientIP\n  trafficDistribution: PreferClose\n  selector:',
        ),
      ],
    ],
  'which of two VirtualServices has the name of a Service of type ExternalName': [],
  'which pods are behind a Service': [
    [
      rule(toJam),
      rule('route: [{destination: {host: preserve}}]') + services.replaceAll('name: jam', 'name: preserve'),
    ],
  ],
};

describe('an aspect that is not compared makes no difference by itself', () => {
  test('each line of the list has its manifests', () => {
    expect(Object.keys(alike)).toEqual(notCompared.map(([what]) => what));
  });

  const pairs = Object.entries(alike).flatMap(([what, found]) =>
    found.map(([before, after], index) => ({ what, index, before, after })),
  );
  test.each(pairs)('$what ($index)', ({ before, after }) => {
    expect(aspectsOf(rule(toJam) + before, rule(toJam) + after)).toEqual([]);
  });

  // A header that asks for the scheme is a header inside the mesh, where every request is plain http.
  test('the scheme of a request inside the mesh is http, whatever a header says', () => {
    const asking = 'match: [{scheme: {exact: https}}]\n    route: [{destination: {host: tea}}]';
    expect(aspectsOf(rule(`${asking}\n  - ${toJam}`), rule(toJam))).toEqual([]);
  });

  test('a client whose namespace has no label is not looked at, and one with sidecars is', () => {
    const waypoint = `${namespace('istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint')}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: fair, labels: {istio.io/waypoint-for: service}}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]`;
    const client = (labels: string) => waypoint + namespace(labels).replace('fair', 'guest');
    // A waypoint takes no VirtualService of a client's namespace, and a sidecar does.
    const ofClient = rule('redirect: {uri: /elsewhere}', 'jam.fair.svc.cluster.local').replace(
      'namespace: fair',
      'namespace: guest',
    );
    const byLabels = { ...options, from: 'labels' } as const;
    expect(aspectsOf(client(''), client('') + ofClient, byLabels)).toEqual([]);
    const injected = client('istio-injection: enabled');
    expect(aspectsOf(injected, injected + ofClient, byLabels)).toEqual(['kind']);
  });
});

function aspectsOf(
  before: string,
  after: string,
  chosen: Parameters<typeof verify>[3] = options,
): readonly Aspect[] {
  const file = (text: string) => [{ path: 'fair.yaml', text: services + text }];
  const { causes } = verify(file(before), file(after), [], chosen);
  return [...new Set(causes.flatMap(({ aspects }) => aspects))];
}
