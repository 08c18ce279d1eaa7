import type { Facts } from '../3-link/facts.ts';
import type { Scope } from '../3-link/scopes.ts';
import { agedOf, byAge, isOlder } from '../3-link/virtual-services.ts';
import { visibilityRank } from '../3-link/visibility.ts';
import { proxyNamespaceOf } from '../4-translate/source-match.ts';
import type { RoutePlan } from '../4-translate/virtual-service.ts';

/**
 * How early the list of a plan comes at its waypoint or at the pods of its gateway: one that is exported to some namespaces only
 * comes before all that are public, whatever their age.
 *
 * @returns undefined where the places of the plan do not agree
 */
export function precedenceOf(facts: Facts, { vs, scopes }: RoutePlan): number | undefined {
  const list = { namespace: vs.namespace, exportTo: vs.exportTo, semantics: 'istio' } as const;
  if (vs.exportTo.includes('*')) return visibilityRank(list, vs.namespace);
  const ranks = new Set(scopes.map(scope => visibilityRank(list, proxyNamespaceOf(facts, scope))));
  const [only] = ranks;
  return ranks.size === 1 ? only : undefined;
}

/** @returns the plans in the order in which proxies go through their lists; where places do not agree, by age */
export function byPrecedence(facts: Facts, plans: readonly RoutePlan[]): readonly RoutePlan[] {
  if (plans.length < 2) return plans;
  const gatewayRank = gatewayRanks(facts, plans);
  const ranked = plans.map(plan => ({
    plan,
    rank: precedenceOf(facts, plan),
    gateway: gatewayRank(plan),
  }));
  if (ranked.some(({ rank }) => rank === undefined)) return plans;
  return ranked
    .toSorted((a, b) => a.gateway - b.gateway || (a.rank ?? 0) - (b.rank ?? 0))
    .map(({ plan }) => plan);
}

/** Pods go through the lists of Istio Gateways one Gateway after the other, the older first. */
function gatewayRanks(facts: Facts, plans: readonly RoutePlan[]): (plan: RoutePlan) => number {
  if (!plans.some(({ scopes }) => scopes.some(isBeside))) return () => 0;
  const bound = new Set(plans.flatMap(({ scopes }) => scopes.map(({ gateway }) => gateway)));
  const aged = [...bound].flatMap(key => facts.istioGateways.get(key) ?? []);
  const order = aged
    .map(({ resource }) => agedOf(resource))
    .sort(byAge)
    .map(({ namespace, name }) => `${namespace}/${name}`);
  return ({ scopes }) => Math.min(...scopes.map(({ gateway }) => order.indexOf(gateway)));
}

function isBeside(scope: Scope): boolean {
  return scope.kind === 'gateway' && scope.replaced !== scope.gateway;
}

/** Istio Gateways by which two plans have a list of the same pods. */
export interface BoundApart {
  readonly own: string;
  readonly other: string;
  /** Whether the own one is older; undefined where the manifests do not tell. */
  readonly isOlder: boolean | undefined;
}

/** @returns the Istio Gateways of two plans that meet at one listener and are bound to different ones; else nothing */
export function boundApart(facts: Facts, a: RoutePlan, b: RoutePlan): BoundApart | undefined {
  for (const scope of a.scopes) {
    if (scope.kind !== 'gateway') continue;
    const met = b.scopes.filter(
      other => other.kind === 'gateway' && other.replaced === scope.replaced && other.port === scope.port,
    );
    // Both are bound to the Gateway, whose list is by the age of VirtualServices.
    if (met.length === 0 || met.some(({ gateway }) => gateway === scope.gateway)) continue;
    const other = met[0]?.gateway ?? '';
    const [one, two] = [scope.gateway, other].map(key => facts.istioGateways.get(key)?.resource);
    if (one === undefined || two === undefined) continue;
    return { own: scope.gateway, other, isOlder: isOlder(agedOf(one), agedOf(two)) };
  }
  return undefined;
}
