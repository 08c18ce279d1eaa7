/** An implementation of the Gateway API whose behaviour was looked at, and the release. */
export const implementations = {
  istio: { title: 'Istio', version: 'v0.0.0-20260827124520-eed52ebb66ad (on the way to 1.31)' },
  'envoy-gateway': { title: 'Envoy Gateway', version: '1.9.1' },
  contour: { title: 'Contour', version: '1.33.8' },
  traefik: { title: 'Traefik', version: '3.7.13' },
} as const;

export type Implementation = keyof typeof implementations;

/** Something that the specification promises, and that some implementations do in another way. */
export interface Deviation {
  /** The feature of a route, as `order-of-matches`. */
  readonly id: DeviationId;
  /** The words of the specification, in short. */
  readonly promise: string;
  /** The behaviour of each implementation that keeps no such promise, in a clause that follows its name. */
  readonly behaviour: Readonly<Partial<Record<Implementation, string>>>;
  /** A conversion for one of these implementations: arranged, declared, or held back. */
  readonly handling: string;
  /** How it was seen. */
  readonly seen: string;
  /** Where the promise stands. */
  readonly source: string;
}

export type DeviationId =
  | 'route-of-a-service'
  | 'order-of-matches'
  | 'hostnames-that-overlap'
  | 'match-of-an-earlier-rule'
  | 'rewrite-of-the-root'
  | 'replacement-to-the-letter'
  | 'escape-in-a-path'
  | 'mirror'
  | 'share-of-a-mirror'
  | 'cors'
  | 'timeouts'
  | 'retry'
  | 'filters-of-a-backend'
  | 'header-of-rule-and-backend'
  | 'host-as-a-header'
  | 'rule-without-backends'
  | 'grpc-service-or-method'
  | 'grpc-exact'
  | 'order-of-grpc-matches'
  | 'response-headers-of-grpc'
  | 'expression-of-a-whole';

const reference = 'https://gateway-api.sigs.k8s.io/reference/spec/';

/** Known deviations, in the order of docs/implementations.md. A row is a fact about one release, and was seen by running it. */
export const deviations: readonly Deviation[] = [
  {
    id: 'route-of-a-service',
    promise: 'A route whose parentRefs name a Service is for the requests of a mesh to that Service.',
    behaviour: {
      'envoy-gateway': 'serves Gateways alone, and does not read a route of a Service',
      contour: 'serves Gateways alone, and does not read a route of a Service',
      traefik: 'serves Gateways alone, and does not read a route of a Service',
    },
    handling:
      'Declared with the profile of the implementation. With portable, such a route is for meshes, and of these Istio is in the table.',
    seen: 'the code that looks for the parents of a route',
    source: `${reference}#parentreference`,
  },
  {
    id: 'order-of-matches',
    promise:
      'Exact paths come first, then the longest prefix, then a method, then more headers, then more query parameters.',
    behaviour: {
      'envoy-gateway': 'asks expressions first, and more headers before a method',
      contour: 'asks expressions before all prefixes',
      traefik:
        'adds up numbers for path, method, headers, query parameters and place, so that a method on a short prefix comes before a longer prefix',
    },
    handling:
      'Arranged. Matches are added to the rule that comes first, so that each of the orders has the same effect. Where a match would need more than 16 headers, or more than 64 matches would be added, the difference is declared.',
    seen: 'the order of the tables that the translator writes for two routes',
    source: `${reference}#httprouterule`,
  },
  {
    id: 'hostnames-that-overlap',
    promise: 'Rules of the route with the most specific hostname come first.',
    behaviour: {
      traefik:
        'adds the length of the hostname to a sum, so that a longer path for *.example.com comes before a rule for a.example.com',
    },
    handling:
      'Declared. To Istio the most specific hostname decides alone. Traefik also asks the wildcard where no rule for the hostname matches.',
    seen: 'the priorities of the routers that the provider writes for two routes',
    source: `${reference}#httproutespec`,
  },
  {
    id: 'match-of-an-earlier-rule',
    promise:
      'Where two rules have the same match, the earlier one has it, and the later one keeps its other matches.',
    behaviour: {
      contour: 'leaves out a whole rule where one of its matches is that of an earlier rule',
    },
    handling: 'Avoided: a conversion writes each match once.',
    seen: 'the tables that the translator writes, and the status of the route',
    source: `${reference}#httprouterule`,
  },
  {
    id: 'rewrite-of-the-root',
    promise: 'With replacePrefixMatch /v2 and a match of prefix /, the path /cart becomes /v2/cart.',
    behaviour: {
      istio: 'drops the slash, as in /v2cart',
      'envoy-gateway': 'drops the slash, as in /v2cart',
      contour: 'drops the slash, as in /v2cart',
    },
    handling:
      'Not converted, by diagnostic not-portable, since no form means the same to all of them. For Traefik it is converted.',
    seen: 'Envoy with the tables of the translator; of Contour, the tables alone',
    source: `${reference}#httppathmodifier`,
  },
  {
    id: 'replacement-to-the-letter',
    promise: 'replaceFullPath and replacePrefixMatch are the path that the backend gets.',
    behaviour: {
      traefik:
        'escapes %, ?, backslashes and other signs of the value, so that /caf%C3%A9 arrives as /caf%25C3%25A9',
    },
    handling:
      'Declared. Backslashes of replaceFullPath are doubled: to Istio, Envoy Gateway and Contour one backslash names a group.',
    seen: 'the tables that the translator writes, and requests to the middleware of Traefik',
    source: `${reference}#httppathmodifier`,
  },
  {
    id: 'escape-in-a-path',
    promise: 'An Exact path is compared with the path of the request as it is.',
    behaviour: {
      traefik:
        'decodes the path of the request before it compares, except upper-case escapes of reserved signs, so that no request matches /caf%C3%A9',
    },
    handling: 'Declared. The CRD takes no path with the decoded letters.',
    seen: 'the rule that the provider writes, and a request to the muxer of Traefik',
    source: `${reference}#httppathmatch`,
  },
  {
    id: 'mirror',
    promise: 'A RequestMirror filter sends a copy of each request to another backend.',
    behaviour: {
      traefik: 'answers all requests of the rule with an error, and reports Accepted=True',
    },
    handling: 'Declared.',
    seen: 'the services that the provider writes, and the status of the route',
    source: `${reference}#httprequestmirrorfilter`,
  },
  {
    id: 'share-of-a-mirror',
    promise: 'A RequestMirror filter with percent or fraction mirrors that share of the requests.',
    behaviour: {
      contour: 'mirrors all requests',
    },
    handling: 'Declared.',
    seen: 'the tables that the translator writes, and the status of the route',
    source: `${reference}#httprequestmirrorfilter`,
  },
  {
    id: 'cors',
    promise: 'A CORS filter answers preflight requests and allows origins.',
    behaviour: {
      contour: 'serves the rule without CORS',
      traefik: 'answers all requests of the rule with an error, and reports Accepted=True',
    },
    handling: 'Declared.',
    seen: 'the tables that the translator writes, and the status of the route',
    source: `${reference}#httpcorsfilter`,
  },
  {
    id: 'timeouts',
    promise: 'timeouts.request limits the request, and timeouts.backendRequest each attempt.',
    behaviour: {
      istio: 'uses backendRequest for the whole request where the rule has no retry',
      contour: 'uses the shorter of the two for the whole request',
      traefik: 'ignores timeouts, and reports Accepted=True',
    },
    handling: 'Declared.',
    seen: 'the tables that the translator writes for 10s and 2s',
    source: `${reference}#httproutetimeouts`,
  },
  {
    id: 'retry',
    promise: 'retry tries a request again on the codes that it lists.',
    behaviour: {
      contour: 'ignores retry',
      traefik: 'ignores retry, and reports Accepted=True',
    },
    handling: 'Declared.',
    seen: 'the tables that the translator writes',
    source: `${reference}#httprouteretry`,
  },
  {
    id: 'filters-of-a-backend',
    promise: 'Filters of a backendRef apply to the requests that go to it.',
    behaviour: {
      istio: 'takes header modifiers only, and discards a route with others',
      'envoy-gateway':
        'reports ResolvedRefs=False for a RequestMirror there, and the share of the backend is lost',
      contour: 'takes header modifiers, and drops URLRewrite',
      traefik:
        'takes header modifiers and URLRewrite of an HTTPRoute, refuses RequestMirror, and ignores all filters of a GRPCRoute',
    },
    handling: 'Declared.',
    seen: 'the tables that the translator writes, and the status of the route',
    source: `${reference}#httpbackendref`,
  },
  {
    id: 'header-of-rule-and-backend',
    promise:
      'The specification does not say whether a filter of a rule or of a backendRef comes first. Istio lets a sole backendRef have the last word, and the rule beside several.',
    behaviour: {
      'envoy-gateway': 'lets the rule have the last word about a header that both change',
      contour: 'lets the rule have the last word about a header that both change',
      traefik:
        'lets the backendRef have the last word about a header of requests that both change, and the rule about one of responses',
    },
    handling: 'Declared.',
    seen: 'the tables that the translator writes for a rule and a backendRef that set one header',
    source: `${reference}#httpbackendref`,
  },
  {
    id: 'host-as-a-header',
    promise:
      'The specification does not say whether RequestHeaderModifier may set Host. Istio sends the host that it sets.',
    behaviour: { 'envoy-gateway': 'answers all requests of the rule with 500' },
    handling: 'Declared. A rewrite of the host is written as urlRewrite.hostname, which all of them have.',
    seen: 'the tables that the translator writes',
    source: `${reference}#httpheaderfilter`,
  },
  {
    id: 'rule-without-backends',
    promise: 'A rule without backendRefs answers its requests with 500.',
    behaviour: {
      contour: 'has no route for the rule, so that its requests get to the next rule that matches',
      traefik: 'answers with 503 where the rule has filters',
    },
    handling: 'Declared.',
    seen: 'the tables that the translator writes',
    source: `${reference}#httprouterule`,
  },
  {
    id: 'grpc-service-or-method',
    promise: 'A match of a GRPCRoute has a service, a method or both.',
    behaviour: { contour: 'has no route for a match with one of the two' },
    handling:
      'Declared. An HTTPRoute in its place would reach gRPC backends only where appProtocol says kubernetes.io/h2c; --grpc http writes one.',
    seen: 'the tables that the translator writes',
    source: `${reference}#grpcmethodmatch`,
  },
  {
    id: 'grpc-exact',
    promise: 'A match of type Exact takes the whole service and the whole method.',
    behaviour: { traefik: 'takes a path that holds them anywhere' },
    handling: 'Declared. --grpc http writes an HTTPRoute, whose Exact path is a whole path.',
    seen: 'the rule that the translator writes',
    source: `${reference}#grpcmethodmatch`,
  },
  {
    id: 'order-of-grpc-matches',
    promise:
      'Matches with more letters of the service come first, then of the method, then with more headers.',
    behaviour: {
      traefik:
        'goes by the length of its own rule, so that a service alone comes before a method of up to four letters',
    },
    handling: 'Declared. An HTTPRoute with a longer path comes before a GRPCRoute as well.',
    seen: 'the priorities of the routers that the provider writes',
    source: `${reference}#grpcrouterule`,
  },
  {
    id: 'response-headers-of-grpc',
    promise: 'A ResponseHeaderModifier of a GRPCRoute changes headers of responses.',
    behaviour: {
      traefik: 'answers all requests of the rule with UNAVAILABLE, and reports Accepted=True',
    },
    handling: 'Declared. --grpc http writes an HTTPRoute, whose filter Traefik takes.',
    seen: 'the services that the provider writes',
    source: `${reference}#grpcroutefilter`,
  },
  {
    id: 'expression-of-a-whole',
    promise:
      'The syntax of a RegularExpression is up to the implementation; Envoy and Istio match the whole value.',
    behaviour: { traefik: 'takes a value that holds a match anywhere' },
    handling: 'Not converted, by diagnostic not-portable: expressions are written for Istio alone.',
    seen: 'the rule that the translator writes',
    source: `${reference}#httppathmatch`,
  },
];
