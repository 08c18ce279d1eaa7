import { placeOf } from '../2-decode/place-of.ts';
import { besideOnPods, type Facts, type IstioGateway } from '../3-link/facts.ts';
import type { GatewaysBeside } from '../3-link/gateways/gateways-beside.ts';
import { groupBy } from '../3-link/group-by.ts';
import { type Claim, commonHosts, type Groups, isAddressList } from '../3-link/groups.ts';
import { hostsOverlap, isWildcard } from '../3-link/hostname.ts';
import { listed } from '../3-link/listed.ts';
import { memoised } from '../3-link/memoised.ts';
import { targetOf } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { GroupUnits } from './hold-back-together.ts';
import type { Unit } from './unit.ts';

interface GatewayClaim {
  readonly claim: Claim;
  readonly vs: ResolvedVirtualService;
}

/**
 * Holds back VirtualServices that are one list for a host today, since the pods of their Istio Gateways are the same, and would
 * be apart at Gateways with addresses of their own. With `--gateway-service` the pods stay the same, and the lists are merged again:
 * the proof looks at them in every order. A redirect to https that one Gateway asks for is done for all of them today, and would be
 * one route among the others.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
export function holdBackApart(
  facts: Facts,
  groups: Groups,
  grouped: readonly GroupUnits[],
  besideOf: GatewaysBeside,
): void {
  if (facts.options.gatewayService !== undefined) {
    const boundTo = memoised((gateway: string) =>
      facts.virtualServices.filter(({ gateways }) => gateways.includes(gateway)),
    );
    for (const { units } of grouped) for (const unit of units) holdBackBesideRedirect(facts, unit, boundTo);
    return;
  }
  for (const { units, kept } of grouped) {
    const members = [...units.map(({ vs }) => vs), ...kept];
    if (members.length < 2) continue;
    const bound = members.flatMap(vs =>
      groups
        .claimsOf(vs)
        .filter(({ gateway, list }) => facts.istioGateways.has(gateway) && !isAddressList(list))
        .map((claim): GatewayClaim => ({ claim, vs })),
    );
    const attached = units.flatMap(({ vs }) =>
      besideOf(vs).flatMap(({ beside, claims }) =>
        claims.map((claim): GatewayClaim => ({ claim: { ...claim, gateway: beside }, vs })),
      ),
    );
    const claims = [...bound, ...attached];
    const parted = new Map<ResolvedVirtualService, { readonly claim: Claim; readonly gateways: string }>();
    const byHost = groupBy(claims, ({ claim }) => `${claim.list} ${claim.host}`);
    for (const own of byHost.values()) {
      const covering = [...own, ...wildcardsOver(own, byHost)];
      const gateways = gatewaysApart(facts, own, covering);
      if (gateways === undefined) continue;
      for (const { claim, vs } of covering) if (!parted.has(vs)) parted.set(vs, { claim, gateways });
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

/** The claims of one list whose wildcards cover the host of others: today the closer name has the requests for it. */
function wildcardsOver(
  [first]: readonly GatewayClaim[],
  byHost: ReadonlyMap<string, readonly GatewayClaim[]>,
): readonly GatewayClaim[] {
  if (first === undefined) return [];
  const { list, host } = first.claim;
  const name = isWildcard(host) ? host.slice(1) : host;
  const suffixes = Array.from({ length: name.length }, (_, at) => name.slice(at + 1));
  return (host === '*' ? [] : suffixes).flatMap(suffix => byHost.get(`${list} *${suffix}`) ?? []);
}

/**
 * @param own the claims on a host
 * @param covering these, and the wildcards that cover the host
 * @returns the Gateways, where not every VirtualService that has the host today would have it at each of them
 */
function gatewaysApart(
  facts: Facts,
  own: readonly GatewayClaim[],
  covering: readonly GatewayClaim[],
): string | undefined {
  const targetNameOf = ({ claim }: GatewayClaim) => {
    const { namespace, name } = targetOf(facts, claim.gateway);
    return `${namespace}/${name}`;
  };
  const everybody = new Set(own.map(({ vs }) => vs));
  const byTarget = groupBy(own, targetNameOf);
  const isApart = [...new Set(covering.map(targetNameOf))].some(
    target => new Set((byTarget.get(target) ?? []).map(({ vs }) => vs)).size < everybody.size,
  );
  return isApart ? listed([...new Set(covering.map(({ claim }) => claim.gateway))].sort()) : undefined;
}

/**
 * Holds a VirtualService back whose requests another Gateway on pods that are kept redirects to https, and those that would take
 * this other Gateway along.
 */
function holdBackBesideRedirect(
  facts: Facts,
  { vs, report }: Unit,
  boundTo: (gateway: string) => readonly ResolvedVirtualService[],
): void {
  for (const [index, key] of vs.gateways.entries()) {
    const own = facts.istioGateways.get(key);
    if (own === undefined) continue;
    for (const other of besideOnPods(facts, own)) {
      const otherKey = `${other.resource.namespace}/${other.resource.name}`;
      const found = redirectedOf(() => [vs], own, other) ?? redirectedOf(() => boundTo(otherKey), other, own);
      if (found === undefined) continue;
      report('gateways-merge-by-age', placeOf(vs.resource, 'spec', 'gateways', index), {
        ...found,
        gateways: listed([key, otherKey].sort()),
      });
      return;
    }
  }
}

/** @returns a host that VirtualServices have at one Gateway, and that another one on its pods redirects to https */
function redirectedOf(
  bound: () => readonly ResolvedVirtualService[],
  gateway: IstioGateway,
  redirecting: IstioGateway,
): { readonly host: string; readonly port: number } | undefined {
  for (const server of gateway.servers) {
    if (server.protocol !== 'http' || server.httpsRedirect) continue;
    const redirected = redirecting.servers
      .filter(({ httpsRedirect, listensOn }) => httpsRedirect && listensOn === server.listensOn)
      .flatMap(({ hosts }) => hosts);
    if (redirected.length === 0) continue;
    const host = bound()
      .filter(({ http }) => http.length > 0)
      .flatMap(({ namespace, hosts }) => commonHosts(server, namespace, hosts))
      .find(wanted => redirected.some(one => hostsOverlap(one.host, wanted)));
    if (host !== undefined) return { host, port: server.port };
  }
  return undefined;
}
