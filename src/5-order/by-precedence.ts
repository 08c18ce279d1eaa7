import type { Facts } from '../3-link/facts.ts';
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
  const ranked = plans.map(plan => ({ plan, rank: precedenceOf(facts, plan) }));
  if (ranked.some(({ rank }) => rank === undefined)) return plans;
  return ranked.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0)).map(({ plan }) => plan);
}
