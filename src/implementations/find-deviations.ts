import type { GRPCRoute, GRPCRouteFilter } from '../gateway-api/grpc-route.ts';
import type { HTTPRoute, HTTPRouteFilter, HTTPRouteMatch, HTTPRouteRule } from '../gateway-api/http-route.ts';
import type { FieldPath } from '../yaml/source.ts';
import { type DeviationId, deviations, type Implementation, implementations } from './deviations.ts';
import { grpcOrdersOf } from './find-grpc-orders.ts';
import { ordersOf, repeatedMatchesOf } from './find-orders.ts';

/** A place of a route where implementations keep no promise. */
export interface FoundDeviation {
  readonly id: DeviationId;
  /** From the root of the route. */
  readonly path: FieldPath;
  readonly implementations: readonly Implementation[];
}

/**
 * Looks for what an HTTPRoute asks of implementations that they are known to do otherwise.
 *
 * @param wanted the implementations that count
 */
export function deviationsOfHTTPRoute(
  route: HTTPRoute,
  wanted: readonly Implementation[],
): readonly FoundDeviation[] {
  const { rules = [] } = route;
  return [
    ...ofParents(route, wanted),
    ...rules.flatMap((rule, index) =>
      featuresOf(rule).flatMap(([id, field, only]) =>
        found(id, ['spec', 'rules', index, field], wanted, only),
      ),
    ),
    ...[...ordersOf([route], wanted), ...repeatedMatchesOf([route], wanted)].map(
      ({ id, path, implementation }) => ({
        id,
        path,
        implementations: [implementation],
      }),
    ),
  ];
}

/** The same for a GRPCRoute. */
export function deviationsOfGRPCRoute(
  route: GRPCRoute,
  wanted: readonly Implementation[],
): readonly FoundDeviation[] {
  const { rules = [] } = route;
  const ofRules = rules.flatMap(({ matches = [], filters = [], backendRefs = [] }, rule) => {
    const path = ['spec', 'rules', rule];
    const ofMatches = matches.flatMap(({ method }, match): readonly FoundDeviation[] => {
      if (method === undefined) return [];
      const place = [...path, 'matches', match];
      const isHalf = (method.service === undefined) !== (method.method === undefined);
      const isExact = (method.type ?? 'Exact') === 'Exact';
      return [
        ...(isHalf ? found('grpc-service-or-method', place, wanted) : []),
        ...found(isExact ? 'grpc-exact' : 'expression-of-a-whole', place, wanted),
      ];
    });
    const ofBackends = backendRefs.flatMap(backend => backend.filters ?? []);
    return [
      ...ofMatches,
      ...(filters.some(({ type }) => type === 'RequestMirror')
        ? found('mirror', [...path, 'filters'], wanted)
        : []),
      ...(filters.some(({ type }) => type === 'ResponseHeaderModifier')
        ? found('response-headers-of-grpc', [...path, 'filters'], wanted)
        : []),
      ...(ofBackends.length === 0
        ? []
        : found(
            'filters-of-a-backend',
            [...path, 'backendRefs'],
            wanted,
            ofBackends.every(({ type }) => isModifier(type)) ? ['traefik'] : everybody,
          )),
      ...found(
        'header-of-rule-and-backend',
        [...path, 'backendRefs'],
        wanted,
        lastWords(filters, backendRefs),
      ),
    ];
  });
  return [
    ...ofParents(route, wanted),
    ...ofRules,
    ...grpcOrdersOf(route, wanted).map(path => ({
      id: 'order-of-grpc-matches' as const,
      path,
      implementations: ['traefik'] as const,
    })),
  ];
}

function ofParents(
  { parentRefs = [] }: HTTPRoute | GRPCRoute,
  wanted: readonly Implementation[],
): readonly FoundDeviation[] {
  const isOfMesh = parentRefs.some(({ kind }) => kind === 'Service' || kind === 'ServiceEntry');
  return isOfMesh ? found('route-of-a-service', ['spec', 'parentRefs'], wanted) : [];
}

function found(
  id: DeviationId,
  path: FieldPath,
  wanted: readonly Implementation[],
  only: readonly Implementation[] = wanted,
): readonly FoundDeviation[] {
  const behaviour = deviations.find(deviation => deviation.id === id)?.behaviour ?? {};
  const deviating = wanted.filter(name => only.includes(name) && Object.hasOwn(behaviour, name));
  return deviating.length === 0 ? [] : [{ id, path, implementations: deviating }];
}

const everybody = Object.keys(implementations) as Implementation[];

type Feature = readonly [id: DeviationId, field: string, only?: readonly Implementation[]];

/** The features that a rule uses. */
function featuresOf({
  matches = [],
  filters = [],
  timeouts,
  retry,
  backendRefs = [],
}: HTTPRouteRule): readonly Feature[] {
  const features: Feature[] = [];
  const isRoot = matches.length === 0 || matches.some(isOfRoot);
  for (const filter of filters) {
    if (filter.type === 'URLRewrite' && isRoot && replacesRoot(filter.urlRewrite.path))
      features.push(['rewrite-of-the-root', 'filters']);
    if (filter.type === 'CORS') features.push(['cors', 'filters']);
    if (filter.type !== 'RequestMirror') continue;
    features.push(['mirror', 'filters']);
    const { percent, fraction } = filter.requestMirror;
    if (percent !== undefined || fraction !== undefined) features.push(['share-of-a-mirror', 'filters']);
  }
  const { request, backendRequest } = timeouts ?? {};
  if (isLimit(request) && isLimit(backendRequest))
    features.push(['timeouts', 'timeouts', retry === undefined ? everybody : ['contour', 'traefik']]);
  else if (isLimit(request) || isLimit(backendRequest)) features.push(['timeouts', 'timeouts', ['traefik']]);
  if (retry !== undefined) features.push(['retry', 'retry']);
  if (backendRefs.some(backend => (backend.filters ?? []).some(({ type }) => !isModifier(type))))
    features.push(['filters-of-a-backend', 'backendRefs']);
  features.push(['header-of-rule-and-backend', 'backendRefs', lastWords(filters, backendRefs)]);
  if (
    headersChangedBy([...filters, ...backendRefs.flatMap(backend => backend.filters ?? [])]).includes('host')
  )
    features.push(['host-as-a-header', 'filters']);
  if (backendRefs.length === 0 && !filters.some(({ type }) => type === 'RequestRedirect'))
    features.push(['rule-without-backends', 'matches', filters.length === 0 ? ['contour'] : everybody]);
  if (matches.some(usesExpression)) features.push(['expression-of-a-whole', 'matches']);
  if (matches.some(({ path }) => isDecoded(path?.value ?? '/')))
    features.push(['escape-in-a-path', 'matches']);
  if (pathsWrittenBy(filters).some(isEscapedAgain)) features.push(['replacement-to-the-letter', 'filters']);
  return features;
}

/** Whether a path has an escape other than those of reserved signs, in upper case, which Traefik leaves as they are. */
function isDecoded(path: string): boolean {
  return (path.match(/%../g) ?? []).some(one => !keptEscapes.has(one));
}

/** @see https://www.rfc-editor.org/rfc/rfc3986#section-2.2, and the percent sign */
const keptEscapes: ReadonlySet<string> = new Set(
  [...`:/?#[]@!$&'()*+,;=%`].map(one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`),
);

function pathsWrittenBy(filters: readonly HTTPRouteFilter[]): readonly string[] {
  return filters.flatMap(filter => {
    const path =
      filter.type === 'URLRewrite'
        ? filter.urlRewrite.path
        : filter.type === 'RequestRedirect'
          ? filter.requestRedirect.path
          : undefined;
    if (path === undefined) return [];
    return path.type === 'ReplaceFullPath' ? path.replaceFullPath : path.replacePrefixMatch;
  });
}

/** Whether a path has a sign that Go's net/url escapes in a path. */
function isEscapedAgain(path: string): boolean {
  return /[^\w.~$&+,/:;=@-]/.test(path);
}

function isLimit(timeout: string | undefined): boolean {
  return timeout !== undefined && !/^0+(h|m|s|ms)$/.test(timeout);
}

type Filter = HTTPRouteFilter | GRPCRouteFilter;

/**
 * Implementations that give another last word than Istio about a header that a rule and a backendRef both change. Istio lets a
 * sole backendRef have it, and the rule beside several. Traefik's backendRef changes requests last, and responses first.
 */
function lastWords(
  ofRule: readonly Filter[],
  backendRefs: readonly { readonly filters?: readonly Filter[] }[],
): readonly Implementation[] {
  const changed = headersChangedBy(ofRule);
  const both = backendRefs.flatMap(({ filters = [] }) =>
    headersChangedBy(filters).filter(name => changed.includes(name)),
  );
  if (both.length === 0) return [];
  const isSole = backendRefs.length === 1;
  const atTraefik = both.some(name => name.startsWith('response ') === isSole);
  const atEnvoy: readonly Implementation[] = isSole ? ['envoy-gateway', 'contour'] : [];
  return atTraefik ? [...atEnvoy, 'traefik'] : atEnvoy;
}

/** Names in lower case, those of responses behind `response`. */
function headersChangedBy(filters: readonly Filter[]): readonly string[] {
  return filters.flatMap(filter => {
    const isResponse = filter.type === 'ResponseHeaderModifier';
    if (filter.type !== 'RequestHeaderModifier' && !isResponse) return [];
    const {
      set = [],
      add = [],
      remove = [],
    } = isResponse ? filter.responseHeaderModifier : filter.requestHeaderModifier;
    const names = [...[...set, ...add].map(({ name }) => name), ...remove];
    return names.map(name => `${isResponse ? 'response ' : ''}${name.toLowerCase()}`);
  });
}

function isModifier(type: string): boolean {
  return type === 'RequestHeaderModifier' || type === 'ResponseHeaderModifier';
}

function isOfRoot({ path }: HTTPRouteMatch): boolean {
  return (path?.type ?? 'PathPrefix') === 'PathPrefix' && (path?.value ?? '/') === '/';
}

function replacesRoot(
  path: { readonly type: string; readonly replacePrefixMatch?: string } | undefined,
): boolean {
  return path?.type === 'ReplacePrefixMatch' && (path.replacePrefixMatch ?? '/').replace(/\/$/, '') !== '';
}

function usesExpression({ path, headers = [], queryParams = [] }: HTTPRouteMatch): boolean {
  return [path?.type, ...[...headers, ...queryParams].map(({ type }) => type)].includes('RegularExpression');
}
