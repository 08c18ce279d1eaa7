import type { Facts } from '../3-link/facts.ts';
import { groupBy } from '../3-link/group-by.ts';
import type { Claim, Groups } from '../3-link/groups.ts';
import { targetOf } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { placeOf } from '../diagnostics/diagnostic.ts';
import type { Company } from './hold-back-together.ts';

interface GatewayClaim {
  readonly claim: Claim;
  readonly vs: ResolvedVirtualService;
}

/**
 * Holds back VirtualServices that are one list for a host today, since the pods of their Istio Gateways are the same, and would
 * be apart at Gateways with addresses of their own. With `--gateway-service` the pods stay the same.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
export function holdBackApart(facts: Facts, groups: Groups, companies: readonly Company[]): void {
  if (facts.options.gatewayService !== undefined) return;
  for (const { units, kept } of companies) {
    const members = [...units.map(({ vs }) => vs), ...kept];
    if (members.length < 2) continue;
    const claims = members.flatMap(vs =>
      groups
        .claimsOf(vs)
        .filter(({ gateway }) => facts.istioGateways.has(gateway))
        .map((claim): GatewayClaim => ({ claim, vs })),
    );
    const parted = new Map<ResolvedVirtualService, { readonly claim: Claim; readonly gateways: string }>();
    for (const shared of groupBy(claims, ({ claim }) => `${claim.list} ${claim.host}`).values()) {
      const gateways = gatewaysApart(facts, shared);
      if (gateways === undefined) continue;
      for (const { claim, vs } of shared) if (!parted.has(vs)) parted.set(vs, { claim, gateways });
    }
    for (const { vs, report } of units) {
      const found = parted.get(vs);
      if (found === undefined) continue;
      const { claim, gateways } = found;
      const index = Math.max(0, vs.gateways.indexOf(claim.gateway));
      const port = facts.istioGateways
        .get(claim.gateway)
        ?.servers.find(server => claim.list.includes(` ${server.listensOn} `))?.port;
      report('gateways-share-a-host', placeOf(vs.resource, 'spec', 'gateways', index), {
        host: claim.host,
        port: port ?? '',
        gateways,
      });
    }
  }
}

/** @returns the Gateways, where not every VirtualService of the list would be at each of them */
function gatewaysApart(facts: Facts, shared: readonly GatewayClaim[]): string | undefined {
  const byTarget = groupBy(shared, ({ claim }) => {
    const { namespace, name } = targetOf(facts, claim.gateway);
    return `${namespace}/${name}`;
  });
  const everybody = new Set(shared.map(({ vs }) => vs));
  const isApart = [...byTarget.values()].some(own => new Set(own.map(({ vs }) => vs)).size < everybody.size);
  return isApart ? [...new Set(shared.map(({ claim }) => claim.gateway))].sort().join(' and ') : undefined;
}
