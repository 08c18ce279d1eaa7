import type { CatalogEntry } from '../catalog.ts';

/** What the order of a decision list asks of a route. */
export const orderCodes = {
  'never-reached': {
    severity: 'info',
    fate: 'irrelevant',
    message: 'no request reaches this, since {earlier} takes them all; it is dropped',
    why: 'The entries of a VirtualService are asked in their order, and the first that matches decides. A route would bring it to life.',
    remedy: 'Move it up if requests were meant to reach it.',
    example:
      'http:\n- match:\n  - uri:\n      prefix: /api\n  route: [...]\n- match:\n  - uri:\n      exact: /api/health   # never reached',
  },
  'brought-to-life': {
    severity: 'warning',
    fate: 'approximate',
    message: 'no request reaches this today, and {own} brings it to life beside {earlier}',
    why: 'An earlier prefix is compared letter by letter in a VirtualService, so that it takes these requests, too; as a PathPrefix of whole segments it leaves them.',
    remedy: 'Nothing, when requests were meant to reach it. Else remove it, or convert with --prefix string.',
    example:
      'http:\n- match:\n  - uri:\n      prefix: /foo\n  route: [...]\n- match:\n  - uri:\n      prefix: /foobar   # never reached\n  route: [...]',
  },
  'limit-reached': {
    severity: 'error',
    fate: 'unsupported',
    message: 'the conversion takes more than {limit} {work}, so that it was given up',
    why: 'Some combinations of matches, hosts and regular expressions double the work with every line. A limit keeps a run from taking hours or all memory.',
    remedy: 'Raise the limit with {flag}, or split the VirtualService.',
  },
  'order-by-expression': {
    severity: 'warning',
    fate: 'note',
    message: 'the order of the entries is kept by regular expressions and their length, which Istio honours',
    why: 'A route prefers the more specific match; istiod puts regular expressions last and the longer one first, other implementations have an order of their own.',
    remedy: 'Nothing on Istio. To move elsewhere, write exact paths and prefixes that do not overlap.',
  },
  'order-path-change': {
    severity: 'error',
    fate: 'unsupported',
    message: '{first} cannot be kept before {second}, whose prefix is replaced',
    why: 'A route prefers prefixes over regular expressions, and a prefix can only be replaced where a PathPrefix is matched.',
    remedy: 'Write the earlier path as a prefix or as an exact path, or keep the VirtualService.',
    example:
      'http:\n- match:\n  - uri:\n      regex: /api/v[0-9]+/admin\n  route: [...]\n- match:\n  - uri:\n      prefix: /api\n  rewrite:\n    uri: /',
  },
  'order-not-portable': {
    severity: 'error',
    fate: 'unsupported',
    message: 'that {first} comes before {second} is not promised by the Gateway API',
    why: 'The specification leaves the precedence of regular expressions to implementations.',
    remedy: 'Convert with --profile istio, or write exact paths and prefixes.',
  },
  'order-placeholder': {
    severity: 'error',
    fate: 'needs-input',
    message:
      '{first} can only be kept before {second} by a regular expression, and nobody knows what stands for the placeholder',
    why: 'An expression for a path has to escape it, which is not possible before the placeholder is filled in.',
    remedy: 'Convert what the tool that fills it in renders, or write paths that do not overlap.',
    example:
      'http:\n- match:\n  - uri:\n      regex: /v1/.*/stars\n- match:\n  - uri:\n      prefix: /v1/${TENANT}',
  },
  'order-limits': {
    severity: 'error',
    fate: 'unsupported',
    message: '{first} cannot be kept before {second} within the limits of a route',
    why: 'A path value has at most 1024 characters, and a route at most 128 matches.',
    remedy: 'Split the VirtualService, or write paths that do not overlap.',
  },
  'grpc-as-http': {
    severity: 'info',
    fate: 'note',
    message: 'this carries gRPC and becomes an HTTPRoute all the same, because of {reason}',
    why: 'A GRPCRoute matches services, methods and headers, and changes headers, weights and mirrors; nothing else. One host never gets both kinds.',
    remedy: 'Nothing has to be done: the HTTPRoute does the same. --grpc http stops this from being said.',
    example: 'http:\n- timeout: 5s\n  route:\n  - destination:\n      host: ratings',
  },
  'grpc-not-expressible': {
    severity: 'error',
    fate: 'unsupported',
    message: 'this cannot be a GRPCRoute, because of {reason}',
    why: '--grpc grpc asks for GRPCRoutes. One matches services, methods and headers, and changes headers, weights and mirrors; nothing else.',
    remedy: 'Convert with --grpc auto, which writes an HTTPRoute that does the same.',
    example: 'http:\n- timeout: 5s\n  route:\n  - destination:\n      host: ratings',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
