import { placeOf } from '../../2-decode/place-of.ts';
import { includesNamespace } from '../../3-link/export-to.ts';
import { isSubsetOfHost } from '../../3-link/hostname.ts';
import { isNarrowed } from '../../4-translate/claims.ts';
import { isInMesh, type Reason, told } from './unproven.ts';

/**
 * A VirtualService for some namespaces stays, and has the host to itself for their sidecars, whatever it does with requests. A route
 * is for all clients.
 *
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, computeWildcardHostVirtualServiceIndex
 */
export const claimedForOthers: Reason = unproven => {
  const { facts, unit, converted, vantage } = unproven;
  const { client, host } = vantage;
  if (!isInMesh(unproven) || client === undefined) return undefined;
  const gone = new Set(converted.map(({ vs }) => vs));
  const claimed = unit.vs.hosts.filter(own => isSubsetOfHost(host, own));
  for (const other of facts.virtualServices) {
    if (other === unit.vs || gone.has(other) || !other.gateways.includes('mesh')) continue;
    if (isNarrowed(other) === isNarrowed(unit.vs) || !includesNamespace(other.exportTo, client)) continue;
    const shared = claimed.find(own => other.hosts.includes(own));
    if (shared === undefined) continue;
    const place = placeOf(unit.vs.resource, 'spec', 'hosts', unit.vs.hosts.indexOf(shared));
    return told(
      'host-claimed-for-others',
      place,
      { host: shared, other: `${other.namespace}/${other.name}` },
      other.resource.source === undefined
        ? []
        : [{ message: 'the other one', place: placeOf(other.resource, 'metadata', 'name') }],
    );
  }
  return undefined;
};
