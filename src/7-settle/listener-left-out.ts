import type { Facts } from '../3-link/facts.ts';
import { conflictOf } from '../3-link/gateways/merge-servers.ts';
import type { World } from '../semantics/world.ts';
import { scopesOfUnit, type Unit } from './unit.ts';

/** A listener of a new Gateway that istiod leaves out, since an older Istio Gateway on the same pods has what it is for. */
export interface LeftOutListener {
  /** The Istio Gateway that stays, by `NAMESPACE/NAME`. */
  readonly other: string;
  /** `host shop.example.com`, or `protocol TCP`. */
  readonly what: string;
  readonly port: number;
  readonly service: string;
}

/**
 * With `--gateway-service` new Gateways are served by the running pods, beside the Istio Gateways that stay. istiod serves the
 * older of two servers behind TLS with one host, and of two protocols at one port.
 *
 * @returns undefined where every listener of the new Gateways is served
 * @see istio.io/istio/pilot/pkg/model/gateway.go, mergeGateways
 */
export function leftOutListener(facts: Facts, { gateways }: World, unit: Unit): LeftOutListener | undefined {
  const { gatewayService } = facts.options;
  if (gatewayService === undefined) return undefined;
  for (const scope of scopesOfUnit(unit)) {
    if (scope.kind !== 'gateway' || scope.target.origin !== 'converted') continue;
    const key = `${scope.target.namespace}/${scope.target.name}`;
    const staying = gateways.proxies
      .filter(({ own }) => own.has(key))
      .flatMap(({ servers }) => servers.filter(({ resource }) => resource.type === 'istio.Gateway'));
    for (const server of facts.istioGateways.get(scope.replaced)?.servers ?? [])
      for (const other of staying) {
        const what = conflictOf(other, server);
        if (what !== undefined)
          return { other: other.gateway, what, port: server.port, service: gatewayService };
      }
  }
  return undefined;
}
