import { placeOf } from '../../2-decode/place-of.ts';
import { hostsOverlap } from '../../3-link/hostname.ts';
import { listed } from '../../3-link/listed.ts';
import { isInMesh, type Reason, told } from './unproven.ts';

/** Gateways on pods that are kept serve a host together, and another order of their routes gives something else. */
export const gatewaysMergeByAge: Reason = unproven => {
  const { facts, unit, vantage } = unproven;
  const { host, address } = vantage;
  if (isInMesh(unproven) || vantage.isOtherOrder !== true) return undefined;
  const serving = (vantage.gateways ?? []).filter(key =>
    facts.istioGateways
      .get(key)
      ?.servers.some(
        ({ protocol, port, hosts }) =>
          protocol === address.scheme &&
          port === address.port &&
          hosts.some(one => hostsOverlap(one.host, host)),
      ),
  );
  const index = unit.vs.gateways.findIndex(gateway => serving.includes(gateway));
  if (serving.length < 2 || index < 0) return undefined;
  return told('gateways-merge-by-age', placeOf(unit.vs.resource, 'spec', 'gateways', index), {
    host,
    port: address.port,
    gateways: listed(serving.toSorted()),
  });
};
