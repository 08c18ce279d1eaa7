import type { AnyResource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { servicesNamed } from '../3-link/gateways/gateway-servers.ts';

/**
 * Whether the Gateway that takes the place of an Istio Gateway uses the same pods: by `--gateway-service`, or since the Gateway of
 * that name in the input names their Service among its addresses.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/gateway_utils.go, extractGatewayServices
 */
export function keepsPods(
  facts: Pick<Facts, 'options' | 'resources' | 'gateways' | 'istioGateways'>,
  { namespace, name }: Pick<AnyResource, 'namespace' | 'name'>,
): boolean {
  if (facts.options.gatewayService !== undefined) return true;
  const key = `${namespace}/${name}`;
  const there = facts.gateways.get(key);
  if (there === undefined) return false;
  const services = servicesNamed(there, facts.resources);
  const ways = facts.istioGateways.get(key)?.ways ?? [];
  return ways.some(({ service }) => services.includes(service));
}
