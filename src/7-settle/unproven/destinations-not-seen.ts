import { subsetNotSeen } from '../../semantics/backend.ts';
import { gatewayNamespaces, hiddenFromGateway } from '../gateway-namespace.ts';
import { hiddenDestination, hiddenFromWaypoint } from '../sidecar-destination.ts';
import { gatewaysPlaceOf, hostsOf, inWords, isInMesh, type Reason, told } from './unproven.ts';

/** A sidecar has no cluster for a destination. */
export const sidecarDestination: Reason = unproven => {
  const { sides, unit, vantage, difference } = unproven;
  const hidden = hiddenDestination(sides, unit, vantage, difference);
  if (hidden === undefined) return undefined;
  return told('sidecar-destination', hostsOf(unit), { ...hidden, ...inWords(unproven) });
};

/** A waypoint has no cluster for a destination. */
export const waypointDestination: Reason = unproven => {
  const { unit, vantage, difference } = unproven;
  const host = hiddenFromWaypoint(vantage, difference);
  if (host === undefined) return undefined;
  return told('waypoint-destination', hostsOf(unit), { host, ...inWords(unproven) });
};

/** A waypoint has the cluster that somebody else's wildcard needs only because of the VirtualServices that are converted. */
export const waypointLosesCluster: Reason = unproven => {
  const { unit, vantage, difference } = unproven;
  const host = hiddenFromWaypoint(vantage, difference);
  const { rule } = difference.after.decision;
  if (host === undefined || rule === undefined || vantage.moves) return undefined;
  if (hiddenFromWaypoint(vantage, { after: difference.before }) === host) return undefined;
  const { kind, namespace, name } = rule.origin.root?.resource ?? rule.origin.resource;
  if (kind !== 'VirtualService') return undefined;
  return told('waypoint-loses-cluster', hostsOf(unit), {
    host,
    other: `${kind} ${namespace}/${name}`,
    name: vantage.host,
    ...inWords(unproven),
  });
};

/** A waypoint has no cluster for one of several destinations today. */
export const waypointDestinationToday: Reason = unproven => {
  const { unit, vantage, difference } = unproven;
  const host = hiddenFromWaypoint(vantage, { after: difference.before });
  if (host === undefined) return undefined;
  return told('waypoint-destination', hostsOf(unit), { host, ...inWords(unproven) });
};

/** A gateway or a waypoint does not see the subset of one of several destinations today. */
export const subsetOfOneNotSeen: Reason = unproven => {
  const { unit, vantage, difference } = unproven;
  const { outcome } = difference.before;
  if (outcome.kind !== 'forward') return undefined;
  const [subset] = outcome.destinations.flatMap(({ label }) => subsetNotSeen(label) ?? []);
  if (subset === undefined) return undefined;
  const place = isInMesh(unproven) ? hostsOf(unit) : gatewaysPlaceOf(unit);
  return told('subset-not-seen', place, { place: vantage.label, ...subset, ...inWords(unproven) });
};

/** A gateway has no cluster for a destination. */
export const gatewayDestination: Reason = unproven => {
  if (isInMesh(unproven)) return undefined;
  const host = hiddenFromGateway(unproven.difference);
  if (host === undefined) return undefined;
  return told('gateway-destination', gatewaysPlaceOf(unproven.unit), { host, ...inWords(unproven) });
};

/** The pods of the Gateway run in another namespace than those of the Istio Gateway. */
export const gatewayInAnotherNamespace: Reason = unproven => {
  const { sides, unit, vantage } = unproven;
  const moved = gatewayNamespaces(sides, vantage.gateways);
  if (moved === undefined) return undefined;
  return told('gateway-in-another-namespace', gatewaysPlaceOf(unit), { ...moved, ...inWords(unproven) });
};
