import { findService } from '../../3-link/registry.ts';
import { hostsOf, inWords, isInMesh, type Reason, told, type UnprovenRequest } from './unproven.ts';

/** A waypoint treats the request otherwise, where the VirtualService is converted for sidecars. */
export const waypointDiffers: Reason = unproven => {
  const { unit, vantage } = unproven;
  if (!isInMesh(unproven) || vantage.client !== undefined || !isForSidecars(unproven)) return undefined;
  return told('waypoint-differs', hostsOf(unit), { host: vantage.host, ...inWords(unproven) });
};

/** A sidecar treats the request otherwise, where the VirtualService is converted for a waypoint. */
export const sidecarsDiffer: Reason = unproven => {
  const { unit, vantage } = unproven;
  if (!isInMesh(unproven) || vantage.client === undefined || isForSidecars(unproven)) return undefined;
  return told('sidecars-differ', hostsOf(unit), { host: vantage.host, ...inWords(unproven) });
};

function isForSidecars({ facts: { registry, dataPlanes }, vantage: { host } }: UnprovenRequest): boolean {
  const service = findService(registry, host);
  return service !== undefined && dataPlanes.of(service) === 'sidecar';
}
