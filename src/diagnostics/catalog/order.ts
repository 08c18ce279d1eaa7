import type { CatalogEntry } from '../catalog-entry.ts';

/** The order of entries and rules. */
export const orderCodes = {
  'never-reached': {
    severity: 'info',
    fate: 'irrelevant',
    family: 'unused',
    message:
      'no request reaches this: an earlier match, {earlier} in the route, matches all of its requests; it is left out',
    why: 'The first matching entry of a VirtualService decides. In a route, this entry could take precedence.',
    remedy: 'Move it before the earlier match if requests should reach it. Else no action needed.',
    example:
      'http:\n- match:\n  - uri:\n      prefix: /api\n  route: [...]\n- match:\n  - uri:\n      exact: /api/health   # never reached',
  },
  'brought-to-life': {
    severity: 'warning',
    fate: 'approximate',
    family: 'prefixes',
    message:
      'no request reaches {own} today; after the conversion it gets requests, because {earlier} will match whole path segments only',
    why: 'Today an earlier prefix compares characters and matches these requests first. As a PathPrefix it matches whole segments only.',
    remedy:
      'Remove this entry if no request should reach it, or convert with --prefix string. Else no action needed.',
    example:
      'http:\n- match:\n  - uri:\n      prefix: /foo\n  route: [...]\n- match:\n  - uri:\n      prefix: /foobar   # never reached\n  route: [...]',
  },
  'limit-reached': {
    severity: 'error',
    fate: 'unsupported',
    family: 'limits',
    message: 'the conversion was stopped, because it needs more than {limit} {work}',
    why: 'Combinations of matches, hosts and regular expressions grow fast. The limit keeps a run within minutes and memory.',
    remedy: 'Raise the limit with {flag}, or split the VirtualService.',
  },
  'order-by-expression': {
    severity: 'info',
    fate: 'note',
    family: 'istio-only',
    message:
      'paths are written as regular expressions, longest first, to keep the order of the entries; only Istio orders them by length',
    why: 'In a route the more specific match takes precedence, whatever the order of rules. istiod sorts regular expressions by length, other implementations may not.',
    remedy:
      'No action needed on Istio. For other implementations, use exact paths and prefixes that do not overlap.',
  },
  'order-path-change': {
    severity: 'error',
    fate: 'unsupported',
    family: 'order',
    message:
      'requests that match both {first} and {second} use the first of these entries today; a route would use the second, which rewrites the path',
    why: 'In a route a PathPrefix takes precedence over a regular expression. The second entry needs a PathPrefix, because a route cannot rewrite the path of another kind of match.',
    remedy:
      'Write the path of the first entry as a prefix or as an exact path. Else keep the VirtualService.',
    example:
      'http:\n- match:\n  - uri:\n      regex: /api/v[0-9]+/admin\n  route: [...]\n- match:\n  - uri:\n      prefix: /api\n  rewrite:\n    uri: /',
  },
  'order-not-portable': {
    severity: 'error',
    fate: 'unsupported',
    family: 'order',
    message:
      'today {first} takes precedence over {second}; a route with --profile other than istio cannot keep that order',
    why: '{reason}',
    remedy: 'Convert with --profile istio. Or change the matches so that no request matches both.',
  },
  'order-placeholder': {
    severity: 'error',
    fate: 'needs-input',
    family: 'order',
    message:
      'the order of {first} and {second} cannot be kept, because the value of {placeholder} is not found in the input',
    why: 'The earlier entry keeps its precedence only if both paths are regular expressions. A path with an unknown value cannot be written as one.',
    remedy:
      'Convert the rendered manifests, for example the output of `envsubst`. Or change the paths so that no request matches both.',
    example:
      'http:\n- match:\n  - uri:\n      regex: /v1/.*/stars\n- match:\n  - uri:\n      prefix: /v1/${TENANT}',
  },
  'order-limits': {
    severity: 'error',
    fate: 'unsupported',
    family: 'order',
    message:
      '{first} would no longer take precedence over {second}, because its path cannot be made long enough',
    why: 'Between two regular expressions, istiod prefers the longer one, so the conversion lengthens the earlier path. A path value has at most 1024 characters, and a route at most 128 matches.',
    remedy: 'Write paths that do not overlap, or keep the VirtualService.',
  },
  'grpc-as-http': {
    severity: 'info',
    fate: 'note',
    family: 'order',
    message: 'this entry carries gRPC and becomes an HTTPRoute instead of a GRPCRoute, because of {reason}',
    why: 'A GRPCRoute has only services, methods, headers, weights and mirrors. The HTTPRoute does the same as today.',
    remedy: 'No action needed.',
    example: 'http:\n- timeout: 5s\n  route:\n  - destination:\n      host: ratings',
  },
  'grpc-not-expressible': {
    severity: 'error',
    fate: 'unsupported',
    family: 'order',
    message: 'this entry cannot become a GRPCRoute, because of {reason}',
    why: 'You passed --grpc grpc. A GRPCRoute has only services, methods, headers, weights and mirrors.',
    remedy: 'Convert with --grpc auto, which writes an HTTPRoute that does the same.',
    example: 'http:\n- timeout: 5s\n  route:\n  - destination:\n      host: ratings',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
