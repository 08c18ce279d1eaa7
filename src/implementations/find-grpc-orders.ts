import type { GRPCRoute, GRPCRouteMatch } from '../gateway-api/grpc-route.ts';
import type { FieldPath } from '../yaml/source.ts';
import type { Implementation } from './deviations.ts';

/**
 * Pairs of matches that Traefik asks in another order than the specification, where a request may be for both.
 *
 * @returns the paths of the later matches, from the root of the route
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcrouterule
 */
export function grpcOrdersOf(
  { rules = [] }: GRPCRoute,
  wanted: readonly Implementation[],
): readonly FieldPath[] {
  if (!wanted.includes('traefik')) return [];
  const placed = rules.flatMap(({ matches = [{}] }, rule) =>
    matches.map((match, index) => ({ match, rule, path: ['spec', 'rules', rule, 'matches', index] })),
  );
  return placed.flatMap(({ match, rule, path }, index) => {
    const isTurned = placed
      .slice(0, index)
      .some(
        earlier =>
          earlier.rule !== rule && mayOverlap(earlier.match, match) && !keepsOrder(earlier.match, match),
      );
    return isTurned ? [path] : [];
  });
}

function keepsOrder(first: GRPCRouteMatch, second: GRPCRouteMatch): boolean {
  const promised = compareParts(first, second) || 1;
  return Math.sign(ruleText(first).length - ruleText(second).length) === Math.sign(promised);
}

/** Letters of the service, then of the method, then the number of headers. */
function compareParts(first: GRPCRouteMatch, second: GRPCRouteMatch): number {
  const [a, b] = [first, second].map(({ method = {}, headers = [] }) => [
    method.service?.length ?? 0,
    method.method?.length ?? 0,
    headers.length,
  ]);
  return a?.map((part, index) => part - (b?.[index] ?? 0)).find(difference => difference !== 0) ?? 0;
}

/** The rule that Traefik writes: its length is the priority (traefik/pkg/provider/kubernetes/gateway/grpcroute.go). */
function ruleText({ method, headers = [] }: GRPCRouteMatch): string {
  const isExact = (method?.type ?? 'Exact') === 'Exact';
  const [service, name] = [method?.service, method?.method].map(value => {
    if (!value) return '[^/]+';
    return isExact ? value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&') : value;
  });
  const ofMethod =
    method === undefined ? 'PathPrefix("/")' : `PathRegexp(${JSON.stringify(`/${service}/${name}`)})`;
  const ofHeaders = headers.map(({ type, name: header, value }) => {
    const matcher = type === 'RegularExpression' ? 'HeaderRegexp' : 'Header';
    return `${matcher}(${JSON.stringify(header)},${JSON.stringify(value)})`;
  });
  return [ofMethod, ...ofHeaders].join(' && ');
}

function mayOverlap(first: GRPCRouteMatch, second: GRPCRouteMatch): boolean {
  const [a, b] = [first.method, second.method];
  const isExact = [a, b].every(method => (method?.type ?? 'Exact') === 'Exact');
  if (!isExact) return true;
  return !isOther(a?.service, b?.service) && !isOther(a?.method, b?.method);
}

function isOther(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
