import { canonicalJson } from '../3-link/canonical.ts';
import { type DestinationRule, findSubset, rootPolicyOf } from '../3-link/subsets/destination-rules.ts';
import type { EffectivePolicy } from '../3-link/subsets/traffic-policy.ts';
import type * as istio from '../istio/index.ts';

/**
 * By what the requests of a route are spread over the pods of a destination: a subset's policy for the port, the subset's,
 * the host's for the port, the host's. A port counts only when the destination names it, and a subset that balances
 * otherwise does not take the hash of the host away.
 *
 * @returns canonical text; undefined when nothing is hashed
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, HashForHTTPDestination
 */
export function routeHash(
  rules: readonly DestinationRule[],
  destination: Pick<istio.Destination, 'subset' | 'port'>,
): string | undefined {
  const root = rootPolicyOf(rules);
  const subset =
    destination.subset === undefined
      ? undefined
      : findSubset(rules, destination.subset)?.subset.trafficPolicy;
  const ofPort = (policy: istio.TrafficPolicy | undefined) =>
    policy?.portLevelSettings?.find(
      ({ port }) => port?.number !== undefined && port.number === destination.port?.number,
    )?.loadBalancer?.consistentHash;
  const hash =
    ofPort(subset) ??
    subset?.loadBalancer?.consistentHash ??
    ofPort(root) ??
    root?.loadBalancer?.consistentHash;
  return hash === undefined ? undefined : canonicalJson(hash);
}

/**
 * @param settings of a cluster, as canonical text
 * @returns the same where the route to the cluster has no hash, so that a hash of the cluster has nothing to go by
 */
export function withoutHash(settings: string): string {
  const policy = JSON.parse(settings) as EffectivePolicy & { readonly routeHash?: string };
  const isHashed = policy.loadBalancer?.consistentHash !== undefined && policy.routeHash === undefined;
  return isHashed ? canonicalJson({ ...policy, routeHash: 'none' }) : settings;
}
