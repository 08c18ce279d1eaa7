import { type AnyResource, isRoute } from '../2-decode/resource.ts';
import type * as gateway from '../gateway-api/index.ts';

type Rule = gateway.HTTPRouteRule | gateway.GRPCRouteRule | gateway.Layer4RouteRule;

function mirrorsOf(rule: Rule): readonly gateway.BackendObjectReference[] {
  const filters = 'filters' in rule ? (rule.filters ?? []) : [];
  return filters.flatMap(filter =>
    filter.type === 'RequestMirror' ? [filter.requestMirror.backendRef] : [],
  );
}

/** @returns what the rules of a route send requests to, mirrors included; nothing for other objects */
export function backendsOf(resource: AnyResource): readonly gateway.BackendObjectReference[] {
  if (!isRoute(resource)) return [];
  const rules: readonly Rule[] = resource.spec.rules ?? [];
  return rules.flatMap((rule): readonly gateway.BackendObjectReference[] => [
    ...(rule.backendRefs ?? []),
    ...mirrorsOf(rule),
  ]);
}
