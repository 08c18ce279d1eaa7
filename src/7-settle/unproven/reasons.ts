import { placeOf } from '../../2-decode/place-of.ts';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import { closerHost } from '../closer-host.ts';
import { leftOutListener } from '../listener-left-out.ts';
import { overlappingHostnames } from '../overlapping-hostnames.ts';
import { claimedForOthers } from './claimed-for-others.ts';
import { comesToLife } from './comes-to-life.ts';
import {
  gatewayDestination,
  gatewayInAnotherNamespace,
  sidecarDestination,
  subsetOfOneNotSeen,
  waypointDestination,
  waypointDestinationToday,
  waypointLosesCluster,
} from './destinations-not-seen.ts';
import { gatewayBehindRoute } from './gateway-behind-route.ts';
import { gatewayTakesNoRoute } from './gateway-takes-no-route.ts';
import { gatewayUncoversHost } from './gateway-uncovers-host.ts';
import { gatewaysBecomeOne } from './gateways-become-one.ts';
import { gatewaysMergeByAge } from './gateways-merge-by-age.ts';
import { hostLeftOut, serviceEntryHosts } from './host-left-out.ts';
import { hostOfSeveralObjects } from './host-of-several-objects.ts';
import { sidecarsDiffer, waypointDiffers } from './other-data-plane.ts';
import { podsElsewhere } from './pods-elsewhere.ts';
import { gatewayHasARoute, hostHasARoute } from './routes-of-others.ts';
import {
  gatewaysPlaceOf,
  hostsOf,
  inWords,
  isInMesh,
  type Reason,
  told,
  type UnprovenRequest,
} from './unproven.ts';

/** Two VirtualServices have a host at a gateway by different hosts. */
const hostnamesOverlap: Reason = unproven => {
  const { allOutputs, unit, vantage, difference } = unproven;
  const overlap = overlappingHostnames(allOutputs, vantage, difference);
  if (overlap === undefined) return undefined;
  return told('hostnames-overlap', hostsOf(unit), { ...overlap, ...inWords(unproven) });
};

/** Another Istio Gateway on the same pods has the host by its name. */
const gatewayCloserHost: Reason = unproven => {
  const closer = closerHost(unproven.facts, unproven.unit, unproven.vantage);
  if (closer === undefined) return undefined;
  return told('gateway-closer-host', gatewaysPlaceOf(unproven.unit), { ...closer, ...inWords(unproven) });
};

/** An older Istio Gateway stays on the pods of the new Gateway, and has the host or the port. */
const gatewayListenerLeftOut: Reason = unproven => {
  const { facts, sides, unit } = unproven;
  const found = isInMesh(unproven) ? undefined : leftOutListener(facts, sides.after, unit);
  if (found === undefined) return undefined;
  return told('gateway-listener-left-out', gatewaysPlaceOf(unit), { ...found, ...inWords(unproven) });
};

/** The reasons that are known, asked one after the other: those that tell more come first. */
const reasons: readonly Reason[] = [
  podsElsewhere,
  gatewayBehindRoute,
  serviceEntryHosts,
  hostLeftOut,
  waypointDiffers,
  sidecarsDiffer,
  gatewaysMergeByAge,
  hostnamesOverlap,
  gatewaysBecomeOne,
  hostHasARoute,
  gatewayTakesNoRoute,
  gatewayHasARoute,
  hostOfSeveralObjects,
  gatewayListenerLeftOut,
  gatewayCloserHost,
  gatewayUncoversHost,
  waypointLosesCluster,
  waypointDestination,
  sidecarDestination,
  gatewayDestination,
  gatewayInAnotherNamespace,
  claimedForOthers,
  comesToLife,
  waypointDestinationToday,
  subsetOfOneNotSeen,
];

/**
 * @returns why a VirtualService is held back for a request that would change its fate; any difference without a known reason is a
 * fault of the conversion
 */
export function reasonFor(unproven: UnprovenRequest): Finding {
  for (const reason of reasons) {
    const found = reason(unproven);
    if (found !== undefined) return found;
  }
  const { resource } = unproven.unit.vs;
  return told('not-proven', placeOf(resource, 'metadata', 'name'), inWords(unproven));
}
