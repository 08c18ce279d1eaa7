import { placeOf } from '../../2-decode/place-of.ts';
import type { Policy } from '../../3-link/policies/policies.ts';
import type { Peer } from '../../3-link/policies/policy-attributes.ts';
import type { Waypoints } from '../../3-link/waypoints.ts';
import { keyOf, type Place } from '../../diagnostics/diagnostic.ts';

/** Where a policy says what it protects. */
export function placeOfSelection(policy: Policy): Place {
  return policy.spec.selector === undefined
    ? keyOf(placeOf(policy, 'metadata', 'name'))
    : placeOf(policy, 'spec', 'selector');
}

/**
 * The sender of requests that went through a waypoint: the service account that istiod gives it.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go, ServiceAccount
 */
export function peerOfWaypoint(
  { gateways }: Waypoints,
  waypoint: { readonly namespace: string; readonly name: string },
): Peer {
  const gateway = gateways.get(waypoint.namespace)?.find(({ name }) => name === waypoint.name);
  const named = gateway?.metadata.annotations?.['gateway.istio.io/service-account'];
  return { namespace: waypoint.namespace, serviceAccount: named ?? waypoint.name };
}

/** A list of names as a sentence has it. */
export function listed(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
