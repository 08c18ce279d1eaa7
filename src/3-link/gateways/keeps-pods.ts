import type { AnyResource } from '../../2-decode/resource.ts';
import type { Facts } from '../facts.ts';
import { servicesNamed } from './gateway-servers.ts';

/**
 * Whether the Gateway that takes the place of an Istio Gateway uses the same pods: by `--gateway-service`, or since the Gateway
 * in the input names their Service among its addresses.
 *
 * @param istioGateway the Istio Gateway
 * @param successor the Gateway, where it has another name
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/gateway_utils.go, extractGatewayServices
 */
export function keepsPods(
  facts: Pick<Facts, 'options' | 'resources' | 'gateways' | 'istioGateways'>,
  istioGateway: Pick<AnyResource, 'namespace' | 'name'>,
  successor = istioGateway,
): boolean {
  if (facts.options.gatewayService !== undefined) return true;
  const there = facts.gateways.get(`${successor.namespace}/${successor.name}`);
  if (there === undefined) return false;
  const services = servicesNamed(there, facts.resources);
  const ways = facts.istioGateways.get(`${istioGateway.namespace}/${istioGateway.name}`)?.ways ?? [];
  return ways.some(({ service }) => services.includes(service));
}
