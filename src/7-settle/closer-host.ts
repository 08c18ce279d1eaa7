import { besideOnPods, type Facts } from '../3-link/facts.ts';
import type { Vantage } from '../semantics/vantage.ts';
import type { Unit } from './unit.ts';

/** A host that another Istio Gateway on the same pods takes from a wildcard. */
export interface CloserHost {
  readonly host: string;
  readonly port: number;
  /** The Istio Gateway that has it, by `NAMESPACE/NAME`. */
  readonly other: string;
}

/**
 * Finds out whether requests over TLS for a host go to another Istio Gateway on the same pods, since a server of that has the
 * host by its name and the VirtualService's own Gateway does not: the name in the handshake decides between servers. The other
 * one may be a Gateway of the VirtualService, too, with other TLS settings.
 *
 * @returns undefined where no other Gateway has the host
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, createGatewayHTTPFilterChainOpts
 */
export function closerHost(
  facts: Facts,
  { vs }: Unit,
  { host, gateways, address }: Pick<Vantage, 'host' | 'gateways' | 'address'>,
): CloserHost | undefined {
  if (gateways === undefined || address?.scheme !== 'https') return undefined;
  const has = (key: string) =>
    facts.istioGateways
      .get(key)
      ?.servers.find(({ protocol, hosts }) => protocol === 'https' && hosts.some(own => own.host === host));
  // A Gateway of its own that has the name is no reason for requests at that Gateway.
  const without = vs.gateways.filter(key => has(key) === undefined);
  if (!gateways.some(key => without.includes(key))) return undefined;
  for (const key of without) {
    const gateway = facts.istioGateways.get(key);
    const rivals = gateway === undefined ? [] : besideOnPods(facts, gateway);
    for (const { resource } of rivals) {
      const other = `${resource.namespace}/${resource.name}`;
      const server = has(other);
      if (server !== undefined) return { host, port: server.port, other };
    }
  }
  return undefined;
}
