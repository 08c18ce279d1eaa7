import { placeOf } from '../../2-decode/place-of.ts';
import { hostsOverlap } from '../../3-link/hostname.ts';
import { listed } from '../shared-gateway-hosts.ts';
import { isInMesh, type Reason, told } from './unproven.ts';

/** Gateways on pods that are kept serve a host together, and another order of their routes gives something else. */
export const gatewaysMergeByAge: Reason = unproven => {
  const { unit, converted, vantage } = unproven;
  if (isInMesh(unproven) || vantage.isOtherOrder !== true) return undefined;
  const here = new Set(vantage.gateways);
  const gateways = converted
    .filter(({ vs }) => vs.hosts.some(host => hostsOverlap(host, vantage.host)))
    .flatMap(({ vs }) => vs.gateways.filter(gateway => here.has(gateway)));
  const distinct = [...new Set(gateways)].sort();
  if (distinct.length < 2) return undefined;
  const index = unit.vs.gateways.findIndex(gateway => distinct.includes(gateway));
  if (index < 0) return undefined;
  return told('gateways-merge-by-age', placeOf(unit.vs.resource, 'spec', 'gateways', index), {
    host: vantage.host,
    port: vantage.address.port,
    gateways: listed(distinct),
  });
};
