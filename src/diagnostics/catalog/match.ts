import type { CatalogEntry } from '../catalog.ts';

/** What becomes of `http[].match`. */
export const matchCodes = {
  'prefix-by-segment': {
    severity: 'info',
    fate: 'approximate',
    message:
      'prefix {prefix} becomes a PathPrefix of whole path segments; {request} is no longer taken by it',
    why: 'A prefix of a VirtualService is compared letter by letter, a PathPrefix segment by segment.',
    remedy:
      'Nothing, when whole segments were meant. To keep it to the letter, convert with --prefix string; a prefix that a rewrite replaces cannot be kept so, and then keep the VirtualService.',
    example: 'match:\n- uri:\n    prefix: /foo   # also takes /foobar',
  },
  'prefix-without-slash': {
    severity: 'info',
    fate: 'approximate',
    message: 'prefix {prefix} becomes a PathPrefix, which also takes {request}',
    why: 'A slash at the end of a PathPrefix is ignored, so that it takes the path without the slash too.',
    remedy:
      'Nothing, when the folder itself was meant too. To keep it to the letter, convert with --prefix string; where a rewrite replaces the prefix, write an entry for the path without the slash before it.',
    example: 'match:\n- uri:\n    prefix: /foo/   # does not take /foo',
  },
  'path-never-matches': {
    severity: 'warning',
    fate: 'irrelevant',
    message: '{value} matches no path, so this match is dropped',
    why: 'A path begins with a slash and is compared without its query, so no request meets this match today either.',
    remedy: 'Correct the uri if requests were meant to match it.',
    example: 'match:\n- uri:\n    exact: foo',
  },
  'path-regex': {
    severity: 'warning',
    fate: 'note',
    message:
      'regular expression {source} on the path is kept, which Istio honours and other implementations may not',
    why: 'The Gateway API leaves to implementations which expressions they take and in what order; istiod takes RE2.',
    remedy: 'Nothing on Istio. To move elsewhere, write exact paths and prefixes.',
    example: 'match:\n- uri:\n    regex: /v[0-9]+/.*',
  },
  'path-as-regex': {
    severity: 'warning',
    fate: 'note',
    message:
      'path {value} is written as the regular expression {source}, which Istio honours and other implementations may not',
    why: 'Exact and PathPrefix take the plain form of a path only: usual characters, no empty segments, no dots for a segment, no %2F.',
    remedy: 'Nothing on Istio. To move elsewhere, use paths in their plain form.',
    example: 'match:\n- uri:\n    exact: /soups|salads',
  },
  'path-placeholder': {
    severity: 'error',
    fate: 'needs-input',
    message: 'path {value} holds a placeholder, and its form depends on what is filled in',
    why: 'A placeholder in a plain path is carried over as it is. Where it stands for the start of the path, or the path has to become a regular expression, the result depends on a text that is not known.',
    remedy:
      'Convert what the tool that fills it in renders, such as `flux build kustomization` or `envsubst`; for prefixes `--prefix path` does without a regular expression.',
    example: 'match:\n- uri:\n    prefix: ${BASE}/v1',
  },
  'ignore-uri-case': {
    severity: 'warning',
    fate: 'note',
    message: 'ignoreUriCase is kept by the regular expression {source}, which works on Istio',
    why: 'Paths of a route are case sensitive; only a regular expression can say otherwise.',
    remedy: 'Nothing on Istio. To move elsewhere, list the spellings that matter as exact paths.',
    example: 'match:\n- uri:\n    prefix: /foo\n  ignoreUriCase: true',
  },
  'header-regex': {
    severity: 'warning',
    fate: 'note',
    message:
      'the condition on header {name} is a regular expression, which Istio honours and other implementations may not',
    why: 'A route compares headers with exact values; prefixes, presence and expressions become regular expressions, which the Gateway API leaves to implementations. istiod takes RE2 over the whole value.',
    remedy: 'Nothing on Istio. To move elsewhere, list the values as exact matches.',
    example: 'match:\n- headers:\n    user-agent:\n      regex: .*Mobile.*',
  },
  'query-param-regex': {
    severity: 'warning',
    fate: 'note',
    message:
      'the condition on query parameter {name} is a regular expression, which Istio honours and other implementations may not',
    why: 'A route compares query parameters with exact values; prefixes, presence and expressions become regular expressions, which the Gateway API leaves to implementations. istiod takes RE2 over the whole value.',
    remedy: 'Nothing on Istio. To move elsewhere, list the values as exact matches.',
    example: 'match:\n- queryParams:\n    v:\n      regex: \\d+',
  },
  'value-too-long': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route takes at most {limit} characters here',
    why: 'The CRD of the route limits the length of values, and the API server refuses longer ones.',
    remedy: 'Shorten the value, for example by a regular expression that says the same.',
  },
  'not-portable': {
    severity: 'error',
    fate: 'unsupported',
    message: '{feature} works on Istio only',
    why: 'The Gateway API leaves it to implementations, and --profile portable asks for what all of them promise.',
    remedy: 'Convert with --profile istio, or say it by exact values and prefixes.',
  },
  'method-not-standard': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot match the method {method}',
    why: 'HTTPRoute knows GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE and PATCH, in capitals.',
    remedy:
      'Correct the method if it is misspelt, or match these requests by their path. Else keep the VirtualService.',
    example: 'match:\n- method:\n    exact: PURGE',
  },
  'scheme-in-mesh': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot match the scheme inside the mesh',
    why: 'A route tells http from https by the listener it is attached to, and Services have no listeners.',
    remedy:
      'Drop the condition: inside the mesh requests arrive as plain http. Else keep the VirtualService.',
    example: 'match:\n- scheme:\n    exact: https',
  },
  'scheme-not-known': {
    severity: 'error',
    fate: 'needs-input',
    message: 'whether {gateway} serves http or https on this port is not known',
    why: 'A route tells the scheme by the listener it is attached to, and nobody showed us the Gateway.',
    remedy: 'Show the Gateway, as a path or by --with.',
  },
  'scheme-as-forwarded-proto': {
    severity: 'warning',
    fate: 'approximate',
    message: 'the condition on the scheme becomes one on X-Forwarded-Proto at {gateway}',
    why: 'Envoy gives HTTP/1.1 requests the scheme that X-Forwarded-Proto says; a proxy in front that speaks HTTP/2 sends a scheme of its own.',
    remedy:
      'No action needed where the load balancer speaks HTTP/1.1 to the gateway. Else match X-Forwarded-Proto in the VirtualService first, and try it.',
    example: 'match:\n- scheme:\n    exact: http   # at a gateway without an HTTPS server for the host',
  },
  'trusted-proxies-unknown': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the scheme at {gateway}, port {port}, is http, or what a proxy in front says in X-Forwarded-Proto: numTrustedProxies was not found in the input',
    why: 'No HTTPS server has the host, so that a load balancer may end TLS. With numTrustedProxies the scheme is https for what it forwards; without it the scheme is always http. New gateway pods trust nobody unless they are told to.',
    remedy:
      'Run with `--trusted-proxies 0` if nothing in front ends TLS. Else give their number, such as `--trusted-proxies 1`: the Gateway then gets it in its annotation proxy.istio.io/config.',
    example: '# at a gateway without an HTTPS server for the host\nredirect:\n  uri: /new   # and no scheme',
  },
  'authority-as-host-header': {
    severity: 'warning',
    fate: 'note',
    message: 'the condition on the authority becomes one on the Host header, which Istio honours',
    why: 'A route tells hosts by its hostnames; for anything else only a header match is left, and Envoy reads Host as the authority, with its port.',
    remedy: 'Nothing on Istio. To move elsewhere, give each host a route of its own.',
    example: 'match:\n- authority:\n    prefix: beta.',
  },
  'jwt-claim-header': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot match the JWT claim {name}',
    why: 'Header names of a route may not contain @ or [, and no implementation of the Gateway API looks into tokens.',
    remedy:
      'Copy the claim to a header by outputClaimToHeaders of the RequestAuthentication, remove that header from what clients send, and match it. Else keep the VirtualService.',
    example: 'match:\n- headers:\n    "@request.auth.claims.group":\n      exact: admin',
  },
  'header-twice': {
    severity: 'error',
    fate: 'unsupported',
    message: 'header {name} has two conditions under names that differ in case only, and a route takes one',
    why: 'Names of headers are compared without their case; both conditions count in Istio.',
    remedy: 'Write one condition that says both, as a regular expression if need be.',
    example: 'headers:\n  X-Team:\n    prefix: blue\n  x-team:\n    regex: .*-beta',
  },
  'pseudo-header': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot match {name} as a header',
    why: 'Header names of a route may not contain a colon.',
    remedy: 'Use uri, method, authority or scheme of the match instead.',
    example: 'match:\n- headers:\n    ":path":\n      exact: /foo?bar=1',
  },
  'name-not-legal': {
    severity: 'error',
    fate: 'unsupported',
    message: '{name} is no legal name of a header or a query parameter in a route',
    why: 'The CRD takes letters, digits and a few signs, up to 256 of them.',
    remedy: 'Correct the name, or keep the VirtualService.',
  },
  'too-many-conditions': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a match of a route takes at most 16 {what}, and this one has {count}',
    why: 'The CRD of HTTPRoute limits the conditions of a match.',
    remedy: 'Join conditions, or keep the VirtualService.',
  },
  'without-headers-unmatched': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'requests with a header of withoutHeaders are taken by no later entry, and a route cannot answer 404 to them',
    why: 'A route has no negative condition. The requests with the header have to go to another rule, and there is none for all of them.',
    remedy:
      'Add an entry for the requests with the header behind this one, or turn the condition round. Else keep the VirtualService.',
    example: 'http:\n- match:\n  - withoutHeaders:\n      x-internal: {}\n  route: [...]',
  },
  'without-headers-not-expressible': {
    severity: 'error',
    fate: 'unsupported',
    message: 'withoutHeaders has no form here',
    why: 'A route has no negative condition. What follows would have to be restricted to requests with the header, and two of the expressions cannot be joined into one.',
    remedy: 'Turn the condition round: match the header in an earlier entry. Else keep the VirtualService.',
    example: 'match:\n- withoutHeaders:\n    x-user:\n      regex: a?',
  },
  'source-labels': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot match the labels of the client',
    why: 'Sidecars compare sourceLabels with their own labels; the Gateway API has no such condition, and waypoints never match it.',
    remedy:
      'Let the client send a header and match that, or use an AuthorizationPolicy when it only guards. With --from ambient the match is dropped, since waypoints never match it.',
    example: 'match:\n- sourceLabels:\n    app: productpage',
  },
  'source-namespace': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route beside the Service cannot match the namespace of the client',
    why: 'A route in another namespace is for the clients of that namespace, where implementations support it; one beside its Service is for all clients.',
    remedy: 'Let the client send a header and match that, or keep the VirtualService.',
    example: '# the Service reviews is in namespace bookinfo, too\nmatch:\n- sourceNamespace: bookinfo',
  },
  'source-ignored': {
    severity: 'info',
    fate: 'irrelevant',
    message: '{field} has no effect today and is dropped',
    why: 'A match that names gateways is compared by them alone; waypoints skip every match with sourceLabels, and compare sourceNamespace with their own namespace.',
    remedy: 'Nothing.',
    example: 'match:\n- gateways: [mesh]\n  sourceLabels:\n    app: productpage',
  },
  'rule-name-changed': {
    severity: 'info',
    fate: 'note',
    message: 'the name {name} becomes {legal}',
    why: 'Names of rules are DNS subdomains in lower case. They appear in Envoy as names of routes.',
    remedy: 'Look dashboards and EnvoyFilters over that use the name.',
    example: 'http:\n- name: Canary Users',
  },
  'telemetry-name': {
    severity: 'info',
    fate: 'irrelevant',
    message: '{field} names statistics and traces only, and is dropped',
    why: 'Routes have no such name. No request is treated differently.',
    remedy: 'Look dashboards and EnvoyFilters over that use the name.',
    example: 'match:\n- name: canary\n  statPrefix: canary',
  },
  'match-without-scope': {
    severity: 'info',
    fate: 'irrelevant',
    message: 'this match applies nowhere and is dropped',
    why: 'It names ports or gateways that the VirtualService is not bound to.',
    remedy: 'Nothing, or correct the port or the gateway.',
    example: 'gateways:\n- mesh\nhttp:\n- match:\n  - gateways: [public]',
  },
  'port-not-known': {
    severity: 'error',
    fate: 'needs-input',
    message: 'which of its ports {parent} serves is not known, and entries differ by port',
    why: 'match.port becomes a route for each port, so that all ports have to be known.',
    remedy: 'Show the {kind}, as a path or by --with.',
    example: 'match:\n- port: 8080',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
