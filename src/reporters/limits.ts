import type { Aspect } from '../semantics/outcome.ts';

/** The compared aspects of a request or a connection; an aspect that is missing here does not compile. */
export const compared: Readonly<Record<Aspect, string>> = {
  kind: 'whether it is sent on, redirected, answered by the proxy, or answered with 404',
  destinations: 'the pods and the port that get it, and their shares',
  nextHop: 'the gateway behind it, where the pods are those of a gateway',
  path: 'the path it is sent on with',
  authority: 'the host it is sent on with',
  requestHeaders: 'headers that are added to it, set or removed',
  responseHeaders: 'headers that are added to the response, set or removed',
  trafficPolicy: 'the settings of the cluster, from the DestinationRules that the client sees',
  mirrors: 'mirrors, their shares and the settings of their clusters',
  timeout: 'the timeout',
  retries: 'retries: attempts, conditions, status codes, timeout of an attempt',
  cors: 'CORS: origins, methods, headers, exposed headers, max-age, credentials, other preflights',
  fault: 'injected delays and aborts',
  response: 'status and body of what the proxy answers by itself',
  redirect: 'scheme, host, port, path and status of a redirect',
  tls: 'TLS of the listener: mode, certificates by name, client CA, versions, cipher suites, other fields',
};

/** The parts that are left out, and where they are reported instead. */
export const notCompared: readonly (readonly [what: string, told: string])[] = [
  ['EnvoyFilter, WasmPlugin and Telemetry', 'those that meet what is converted are told of by diagnostics'],
  [
    'AuthorizationPolicy, RequestAuthentication and PeerAuthentication',
    'those that meet what is converted are told of by diagnostics; `verify` does not read them',
  ],
  [
    'BackendTLSPolicy',
    'those of a Service with versions get the Services of the versions as targets; `verify` does not read them',
  ],
  [
    'settings of a whole mesh (MeshConfig, ProxyConfig)',
    'the defaults of Istio are taken; only rootNamespace, defaultServiceExportTo, numTrustedProxies, defaultHttpRetryPolicy and defaultInboundHttpRetryPolicy are read, `export-to-of-the-mesh` names those of exportTo for VirtualServices and DestinationRules, and `service-settings-of-the-mesh` those for single Services',
  ],
  [
    'requests for hosts that nothing is for (outboundTrafficPolicy of MeshConfig and Sidecars)',
    'the policy stays as it is, and so does a subset that its egressProxy names',
  ],
  [
    'retries of what sidecars receive (MeshConfig defaultInboundHttpRetryPolicy)',
    'they are the same for VirtualServices and routes; `retries-of-receivers` names them where a VirtualService switches retries off',
  ],
  [
    'whether a Service that is not in the input exists',
    'it is taken to exist; `service-not-in-input` names it where other Services of its namespace are in the input, and `verify` names every one',
  ],
  [
    'access logs, metrics and names of clusters',
    'nothing is told, but for names of routes (`telemetry-name`)',
  ],
  [
    'contents of Secrets',
    'certificates are compared by the names of their Secrets, whatever their namespaces',
  ],
  [
    '`X-Forwarded-Proto` that clients inside the mesh send, and `:scheme` of HTTP/2 proxies in front of gateways',
    'inside the mesh requests are plain http; at gateways `:scheme` follows X-Forwarded-Proto, as it does for HTTP/1.1',
  ],
  [
    'addresses, and how a Service of a gateway is exposed',
    'told of by diagnostics, and by `verify` as another address',
  ],
  [
    'requests for a host while its VirtualServices are deleted one after the other',
    'the plan of the cut-over finds an order in which none changes, or names the hosts and the two deletions between which some do',
  ],
  [
    'TLS at a port where a moving host has no route, if another Istio Gateway of the old pods serves it there',
    '`gateway-tls-of-another` names the hosts, the port and that Gateway',
  ],
  ['DestinationRules with a workloadSelector', 'a subset that they change holds back (`subset-of-clients`)'],
  [
    'clients of Services behind a waypoint, in namespaces without a label for sidecars or ambient mode',
    'istiod injects no sidecar without a label, and such clients go past the waypoint before and after; `--from` is for other installations',
  ],
  [
    'clients that would move from sidecars to a waypoint that nothing in the input names',
    'no request takes this way; `no-waypoint` names the Services, and `--waypoint` or a label names the waypoint',
  ],
  [
    'settings of clusters (DestinationRules) of clients that would move from sidecars to a waypoint',
    'a waypoint has the DestinationRules of its own namespace, before and after; sidecars and waypoints are each compared with themselves',
  ],
  [
    'settings of Services (sessionAffinity, trafficDistribution, internalTrafficPolicy, publishNotReadyAddresses, clusterIP: None, HTTP/2 of a port)',
    'a conversion copies them to the Services of versions; `verify` does not read them',
  ],
  [
    'which of two VirtualServices has the name of a Service of type ExternalName',
    'by it sidecars reach the Service that it leads to, whose VirtualService may be older; a conversion holds back both',
  ],
  ['which pods are behind a Service', 'Services with the same selector count as the same pods'],
];

/** The lists of docs/limits.md: what a proof and `verify` compare, and what they do not. */
export function limitsText(): string {
  return [
    '## Compared',
    '',
    '| aspect | what it is |',
    '|---|---|',
    ...Object.entries(compared).map(([aspect, text]) => `| \`${aspect}\` | ${text} |`),
    '',
    '## Not compared',
    '',
    '| what | where it is told of |',
    '|---|---|',
    ...notCompared.map(([what, told]) => `| ${what} | ${told} |`),
    '',
  ].join('\n');
}

/** The same in two lines, for the end of a comparison. */
export function limitsInShort(): string {
  const left = notCompared.map(([what]) => what.replaceAll('`', ''));
  return `compared: ${Object.keys(compared).join(', ')}.\nnot compared: ${left.join('; ')}. See docs/limits.md.\n`;
}
