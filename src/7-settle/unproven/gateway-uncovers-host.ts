import { hostsOverlap } from '../../3-link/hostname.ts';
import { uncoveredHosts } from '../uncovered-hosts.ts';
import { gatewaysPlaceOf, inWords, isInMesh, type Reason, told } from './unproven.ts';

/** An Istio Gateway that goes has a host at its pods instead of another one, which stays and gets it. */
export const gatewayUncoversHost: Reason = unproven => {
  const { facts, unit, vantage } = unproven;
  if (isInMesh(unproven)) return undefined;
  const [found] = unit.vs.gateways.flatMap(gateway => {
    const own = facts.istioGateways.get(gateway);
    if (own === undefined) return [];
    return uncoveredHosts(facts, own, new Set([own.resource]))
      .filter(
        ({ gateway: other, host }) => vantage.gateways?.includes(other) && hostsOverlap(host, vantage.host),
      )
      .map(({ gateway: other, host }) => ({ gateway, other, host }));
  });
  if (found === undefined) return undefined;
  return told('gateway-uncovers-host', gatewaysPlaceOf(unit), { ...found, ...inWords(unproven) });
};
