import type * as istio from '../../istio/index.ts';
import { converted, declared, type FieldFates, refused } from './fate.ts';

const destination: FieldFates<istio.Destination> = {
  host: converted(
    '4-translate/destination.ts',
    'destination-host-not-found',
    'destination-host-placeholder',
    'external-name-at-waypoint',
    'hostname-backend',
    'hostname-in-other-namespace',
    'not-portable',
  ),
  subset: converted(
    '3-link/versions.ts',
    'subset-not-found',
    'subset-not-found-for-others',
    'destination-rule-not-shown',
    'subset-of-alternative',
    'subset-not-exported',
    'subset-of-clients',
    'destination-rules-conflict',
    'subset-by-istio-labels',
    'subset-written-by-controller',
    'subset-of-service-entry',
    'subset-without-endpoints',
    'subset-without-selector',
    'service-assumed',
    'service-not-shown',
    'version-policy',
    'version-policy-added',
  ),
  port: converted(
    '4-translate/destination.ts',
    'destination-port-left-out',
    'destination-port-not-found',
    'destination-port-not-known',
  ),
};

/** Backends of connections are written as those of requests; what is said of them is shown there. */
const connectionDestination = converted('4-translate/destination.ts');

const headerOperations: FieldFates<istio.HeaderOperations> = {
  set: converted(
    '4-translate/headers.ts',
    'header-value-empty',
    'header-variable',
    'host-as-header',
    'not-portable',
  ),
  add: converted('4-translate/headers.ts'),
  remove: converted('4-translate/headers.ts'),
};

const headers: FieldFates<istio.Headers> = {
  request: headerOperations,
  response: {
    set: converted('4-translate/headers.ts'),
    add: converted('4-translate/headers.ts'),
    remove: converted('4-translate/headers.ts'),
  },
};

const match: FieldFates<istio.HTTPMatchRequest> = {
  name: declared('4-translate/http-match.ts', 'telemetry-name'),
  uri: converted(
    '4-translate/uri.ts',
    'prefix-by-segment',
    'prefix-without-slash',
    'path-regex',
    'path-as-regex',
    'path-never-matches',
    'value-too-long',
    'ignore-uri-case',
    'rewrite-needs-segments',
    'rewrite-slashes',
    'not-portable',
  ),
  scheme: converted('4-translate/http-match.ts', 'scheme-in-mesh', 'scheme-not-known'),
  method: converted('4-translate/method.ts', 'method-not-standard'),
  authority: converted('4-translate/header-match.ts', 'authority-as-host-header', 'not-portable'),
  headers: converted(
    '4-translate/header-match.ts',
    'header-regex',
    'jwt-claim-header',
    'header-twice',
    'pseudo-header',
    'authority-as-host-header',
    'too-many-conditions',
    'not-portable',
  ),
  port: converted('4-translate/source-match.ts', 'port-not-known'),
  sourceLabels: refused('4-translate/source-match.ts', 'source-labels', 'source-ignored'),
  gateways: converted('4-translate/source-match.ts', 'match-without-scope'),
  queryParams: converted(
    '4-translate/header-match.ts',
    'query-param-regex',
    'name-not-legal',
    'value-too-long',
    'not-portable',
  ),
  ignoreUriCase: converted('4-translate/uri.ts'),
  withoutHeaders: converted(
    '5-order/complement.ts',
    'without-headers-unmatched',
    'without-headers-not-expressible',
  ),
  sourceNamespace: converted('4-translate/source-match.ts', 'source-namespace', 'source-ignored'),
  statPrefix: declared('4-translate/http-match.ts', 'telemetry-name'),
};

/** What becomes of every field of an entry of `http`. */
const http: FieldFates<istio.HTTPRoute> = {
  name: converted('4-translate/http-entry.ts', 'rule-name-changed', 'telemetry-name'),
  match,
  route: {
    destination,
    weight: converted('4-translate/route.ts', 'weight-unset', 'weight-too-large', 'backends-too-many'),
    headers: converted('4-translate/route.ts', 'header-operations-too-many', 'host-as-header'),
  },
  redirect: {
    uri: converted('4-translate/path-change.ts'),
    authority: converted('4-translate/redirect.ts', 'redirect-host'),
    port: converted('4-translate/redirect.ts'),
    derivePort: converted('4-translate/redirect.ts'),
    scheme: converted('4-translate/redirect.ts'),
    redirectCode: converted(
      '4-translate/redirect.ts',
      'redirect-code-unknown',
      'redirect-code-version',
      'needs-gateway-api',
    ),
    prefixRewrite: converted('4-translate/path-change.ts', 'redirect-prefix'),
  },
  directResponse: refused('4-translate/http-entry.ts', 'direct-response'),
  delegate: converted(
    '3-link/delegates.ts',
    'delegate-flattened',
    'delegate-not-shown',
    'delegate-not-exported',
    'delegate-has-hosts',
    'delegate-conflict',
  ),
  rewrite: {
    uri: converted('4-translate/path-change.ts', 'rewrite-of-root'),
    authority: converted('4-translate/rewrite.ts', 'host-as-header', 'not-portable'),
    uriRegexRewrite: converted('4-translate/path-change.ts', 'uri-regex-rewrite'),
  },
  timeout: converted('4-translate/timeout.ts', 'timeout-too-fine', 'field-without-effect'),
  retries: {
    attempts: converted('4-translate/retries.ts', 'retries-off', 'retries-unsupported', 'needs-gateway-api'),
    perTryTimeout: converted('4-translate/retries.ts', 'per-try-timeout-clamped', 'retries-unsupported'),
    retryOn: converted('4-translate/retries.ts', 'retries-approximate', 'retries-unsupported'),
    retryRemoteLocalities: refused('4-translate/retries.ts', 'retries-field'),
    retryIgnorePreviousHosts: refused('4-translate/retries.ts', 'retries-field'),
    backoff: converted('4-translate/retries.ts', 'retries-unsupported'),
  },
  fault: {
    delay: refused('4-translate/fault.ts', 'fault-delay', 'fault-without-effect'),
    abort: refused('4-translate/fault.ts', 'fault-abort', 'fault-without-effect'),
  },
  mirror: converted('4-translate/mirror.ts', 'destination-host-not-found', 'mirror-off'),
  mirrors: {
    destination: converted('4-translate/mirror.ts'),
    percentage: converted('4-translate/mirror.ts', 'mirror-percentage'),
  },
  mirrorPercent: converted('4-translate/mirror.ts', 'mirror-percentage'),
  mirror_percent: converted('4-translate/mirror.ts', 'mirror-percentage'),
  mirrorPercentage: converted('4-translate/mirror.ts', 'mirror-percentage'),
  corsPolicy: {
    allowOrigin: converted('4-translate/cors-policy.ts', 'cors-version'),
    allowOrigins: converted(
      '4-translate/cors-policy.ts',
      'cors-origin',
      'cors-approximate',
      'needs-gateway-api',
    ),
    allowMethods: converted('4-translate/cors-policy.ts'),
    allowHeaders: converted('4-translate/cors-policy.ts', 'cors-value'),
    exposeHeaders: converted('4-translate/cors-policy.ts', 'cors-value'),
    maxAge: converted('4-translate/cors-policy.ts', 'cors-approximate'),
    allowCredentials: converted('4-translate/cors-policy.ts'),
    unmatchedPreflights: declared('4-translate/cors-policy.ts', 'cors-approximate'),
  },
  headers,
};

/** What becomes of every field of a VirtualService. */
export const virtualServiceFields: FieldFates<istio.VirtualService> = {
  hosts: converted(
    '4-translate/virtual-service.ts',
    'host-not-a-service',
    'host-not-in-registry',
    'host-is-an-address',
    'host-not-a-hostname',
    'host-placeholder',
    'host-taken-as-whole',
    'host-without-services',
    'host-wildcard-expanded',
    'host-claimed-twice',
    'catch-all-claimed-twice',
    'host-claimed-for-others',
    'host-owned-by-another',
    'host-shared-with-held-back',
    'host-has-a-route',
    'service-entry-hosts',
    'host-left-out',
    'waypoint-differs',
    'nothing-tried',
    'wildcard-service-entry',
    'port-not-http',
    'route-namespace-moved',
    'consumer-route-at-waypoint',
    'no-waypoint',
    'waypoint-parent-alone',
    'waypoint-without-label',
    'waypoint-not-for-services',
    'waypoint-is-east-west',
    'waypoint-is-a-gateway',
    'waypoint-does-not-see',
  ),
  gateways: converted(
    '3-link/scopes.ts',
    'gateway-not-shown',
    'gateway-shares-no-host',
    'gateway-assumed',
    'gateway-held-back',
    'gateways-become-one',
    'gateway-takes-no-route',
    'https-redirect-elsewhere',
    'comes-to-life',
    'export-to-misses-gateway',
    'export-to-gateway-pods',
  ),
  http,
  tls: {
    match: {
      sniHosts: converted(
        '4-translate/connection-plans.ts',
        'tls-any-name',
        'sni-beyond-server',
        'tls-on-waypoint',
        'route-kind-version',
      ),
      destinationSubnets: refused('4-translate/connection-plans.ts', 'connection-match'),
      port: converted('4-translate/connection-scopes.ts'),
      sourceLabels: refused('4-translate/connection-plans.ts', 'connection-match'),
      gateways: converted('4-translate/connection-scopes.ts'),
      sourceNamespace: refused('4-translate/connection-plans.ts', 'connection-match'),
    },
    route: {
      destination: connectionDestination,
      weight: converted('4-translate/connection-plans.ts'),
    },
  },
  tcp: {
    match: {
      destinationSubnets: refused('4-translate/connection-plans.ts', 'connection-match'),
      port: converted('4-translate/connection-scopes.ts'),
      sourceLabels: refused('4-translate/connection-plans.ts', 'connection-match', 'source-ignored'),
      gateways: converted('4-translate/connection-scopes.ts'),
      sourceNamespace: refused('4-translate/connection-plans.ts', 'connection-match', 'source-ignored'),
      // Nothing in istiod reads it, so that there is nothing to lose.
      sourceSubnet: converted('4-translate/connection-plans.ts'),
    },
    route: {
      destination: connectionDestination,
      weight: converted('4-translate/connection-plans.ts', 'weight-unset'),
    },
  },
  exportTo: converted(
    '3-link/scopes.ts',
    'export-to-widened',
    'export-to-narrowed',
    'consumer-route',
    'connection-export-to',
  ),
};
