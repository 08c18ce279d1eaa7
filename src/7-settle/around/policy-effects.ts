import type { Policy } from '../../3-link/policies/policies.ts';
import {
  attributesOf,
  attributesOfRule,
  type Peer,
  principalOf,
  readsRequests,
  takesPeer,
} from '../../3-link/policies/policy-attributes.ts';

/**
 * The effect at ztunnel of a policy that needs more than it can see, or that would see a waypoint.
 *
 * @param waypoint what requests come from
 * @returns as in "ztunnel ..."
 * @see istio.io/istio/pilot/pkg/serviceregistry/ambient/authorization.go, convertAuthorizationPolicy and handleRule
 */
export function effectAtZtunnel(policy: Policy, waypoint: Peer): string {
  if (policy.type === 'istio.RequestAuthentication') return 'ignores it, so no token is checked';
  const { action = 'ALLOW', rules = [] } = policy.spec;
  const reading = rules.filter(readsRequests);
  switch (action) {
    case 'CUSTOM':
      return 'ignores it, so its provider is not asked';
    case 'AUDIT':
      return 'ignores it';
    case 'DENY':
      if (reading.length === 0) return effectOnWaypoint(policy, waypoint);
      return reading.some(rule => !hasRest(rule))
        ? 'ignores what needs HTTP, and denies every connection'
        : 'ignores what needs HTTP, and denies every connection that matches the rest of a rule';
    case 'ALLOW':
      if (reading.length === 0) return effectOnWaypoint(policy, waypoint);
      return reading.length === rules.length
        ? 'drops the rules that need HTTP, so the policy allows no connection'
        : 'drops the rules that need HTTP, so only its other rules allow connections';
  }
}

/** Whether a rule asks for something that ztunnel can tell. */
function hasRest(rule: Parameters<typeof readsRequests>[0]): boolean {
  return attributesOfRule(rule).some(({ aspects }) => !aspects.includes('request'));
}

/** The effect on requests that come from a waypoint, where a policy compares who sends them. */
export function effectOnWaypoint(policy: Policy, waypoint: Peer): string {
  if (policy.type === 'istio.RequestAuthentication') return '';
  const { action = 'ALLOW', rules = [] } = policy.spec;
  const answers = rules.map(rule => takesPeer(rule, waypoint, policy.namespace));
  const taken = answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
  if (taken === undefined) return 'requests through it count as sent from its address';
  if (action === 'DENY')
    return taken
      ? 'requests through it are denied, whoever sends them'
      : 'requests through it are no longer denied, whoever sends them';
  return taken
    ? 'requests through it are allowed, whoever sends them'
    : 'requests through it are refused, whoever sends them';
}

/** The effect at a gateway once a policy no longer applies to it. */
export function effectOfLoss(policy: Policy): string {
  if (policy.type === 'istio.RequestAuthentication') return 'no token is checked';
  switch (policy.spec.action ?? 'ALLOW') {
    case 'ALLOW':
      return 'requests that it does not allow are let through';
    case 'DENY':
      return 'requests that it denies are let through';
    case 'CUSTOM':
      return 'its provider is not asked';
    case 'AUDIT':
      return 'nothing is audited';
  }
}

/** The effect at a gateway once a policy applies to it. */
export function effectOfCapture(policy: Policy): string {
  if (policy.type === 'istio.RequestAuthentication')
    return 'requests with a token that it does not accept are refused';
  switch (policy.spec.action ?? 'ALLOW') {
    case 'ALLOW':
      return 'only requests that it allows are let through';
    case 'DENY':
      return 'requests that it denies are refused';
    case 'CUSTOM':
      return 'its provider is asked';
    case 'AUDIT':
      return 'requests are audited';
  }
}

/** Whether a policy is there to admit a waypoint, and nobody else, to pods. */
export function admitsOnly(policy: Policy, waypoints: readonly Peer[]): boolean {
  if (policy.type !== 'istio.AuthorizationPolicy' || (policy.spec.action ?? 'ALLOW') !== 'ALLOW')
    return false;
  const principals = new Set(waypoints.map(principalOf));
  const accounts = new Set(
    waypoints.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`),
  );
  const { rules = [] } = policy.spec;
  return (
    rules.length > 0 &&
    attributesOf(policy).request.length === 0 &&
    rules.every(
      ({ from = [] }) =>
        from.length > 0 &&
        from.every(({ source: { principals: named = [], serviceAccounts = [] } = {} }) => {
          const full = serviceAccounts.map(name =>
            name.includes('/') ? name : `${policy.namespace}/${name}`,
          );
          return (
            named.length + full.length > 0 &&
            named.every(principal => principals.has(principal)) &&
            full.every(account => accounts.has(account))
          );
        }),
    )
  );
}
