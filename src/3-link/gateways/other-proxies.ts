import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import type { Options } from '../../options.ts';
import { classRole } from '../waypoints.ts';

/**
 * @param gateway where routes attach
 * @param profile of another implementation than Istio: its Gateways have classes of their own
 * @returns the code of a Gateway that is served by another proxy than the Envoy of istiod, or may be; undefined for one of istiod
 */
export function codeOfOtherProxy(
  gateway: Resource<'gateway.Gateway'>,
  resources: readonly AnyResource[],
  profile: Options['profile'],
): 'gateway-of-another-proxy' | 'gateway-class-not-known' | undefined {
  const { gatewayClassName } = gateway.spec;
  const role = classRole(gatewayClassName, resources);
  if (role === 'agentgateway' || role === 'agentgateway-waypoint') return 'gateway-of-another-proxy';
  if (role !== 'other' || profile !== 'istio') return undefined;
  const isShown = resources
    .filter(isType('gateway.GatewayClass'))
    .some(({ name }) => name === gatewayClassName);
  return isShown ? 'gateway-of-another-proxy' : 'gateway-class-not-known';
}
