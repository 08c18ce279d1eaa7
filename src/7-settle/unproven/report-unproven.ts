import { placeOf } from '../../2-decode/place-of.ts';
import type { Facts } from '../../3-link/facts.ts';
import type { Output } from '../../6-emit/edit.ts';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import type { Sides } from '../conversion-vantages.ts';
import { gatewayNamespaces } from '../gateway-namespace.ts';
import { leftOutListener } from '../listener-left-out.ts';
import type { ConnectionDifference } from '../prove-connections.ts';
import type { Unit } from '../unit.ts';
import { at, reasonOfSilence } from './comes-to-life.ts';
import { gatewayBehindConnection } from './gateway-behind-route.ts';
import { ofRefusal } from './gateway-takes-no-route.ts';
import { hostOfSeveralConnections } from './host-of-several-objects.ts';
import { ofPodsIn } from './pods-elsewhere.ts';
import { reasonFor } from './reasons.ts';
import { gatewaysPlaceOf, hostsOf, told, type Undeclared } from './unproven.ts';

/**
 * Holds VirtualServices that belong together back for a request that would change its fate. Where one of them says why, the others
 * stay beside it.
 *
 * @param converted the VirtualServices that are converted along with them
 * @param outputs what takes their places
 * @param otherwise holds one of them back where no reason is known, instead of `not-proven`
 */
export function reportUnprovenGroup(
  facts: Facts,
  sides: Sides,
  members: readonly Unit[],
  converted: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
  { vantage, difference }: Undeclared,
  otherwise?: (unit: Unit) => void,
): void {
  const shared = { facts, sides, converted, allOutputs: outputs, vantage, difference };
  const found = members.map(unit => ({
    unit,
    finding: reasonFor({ ...shared, unit, outputs: outputs.get(unit) ?? [] }),
  }));
  const isKnown = found.some(({ finding }) => finding.code !== 'not-proven');
  if (!isKnown && otherwise !== undefined) {
    for (const { unit } of found) otherwise(unit);
    return;
  }
  for (const { unit, finding } of found)
    if (!isKnown || finding.code !== 'not-proven') reportTo(unit, finding);
}

function reportTo({ report }: Unit, { code, place, args, related }: Finding): void {
  report(code, place, args as never, related);
}

/** The same for a connection. */
export function reportUnprovenConnection(
  facts: Facts,
  sides: Sides,
  unit: Unit,
  outputs: readonly Output[],
  difference: ConnectionDifference,
): void {
  reportTo(unit, connectionReason(facts, sides, unit, outputs, difference));
}

function connectionReason(
  facts: Facts,
  sides: Sides,
  unit: Unit,
  outputs: readonly Output[],
  difference: ConnectionDifference,
): Finding {
  const { connection, before, after, beside, comesToLifeAt, podsIn, gateways, lost, unseen } = difference;
  const args = { request: `a connection to ${connection}`, before, after };
  if (podsIn !== undefined) return ofPodsIn(facts, unit, podsIn, args);
  const notServed = gateways === undefined ? undefined : leftOutListener(facts, sides.after, unit);
  if (notServed !== undefined)
    return told('gateway-listener-left-out', gatewaysPlaceOf(unit), { ...notServed, ...args });
  if (beside !== undefined) return told('service-entry-hosts', hostsOf(unit), { ...beside, ...args });
  if (lost !== undefined) return told('waypoint-loses-cluster', hostsOf(unit), { ...lost, ...args });
  const known =
    gatewayBehindConnection(facts, unit, difference) ??
    ofRefusal(facts, sides.after, unit, outputs, undefined, args);
  if (known !== undefined) return known;
  const moved = gatewayNamespaces(sides, gateways);
  if (moved !== undefined)
    return told('gateway-in-another-namespace', gatewaysPlaceOf(unit), { ...moved, ...args });
  if (comesToLifeAt !== undefined) {
    return told('comes-to-life', hostsOf(unit), {
      request: at(args.request, comesToLifeAt.label),
      after,
      ...reasonOfSilence(facts, comesToLifeAt),
    });
  }
  if (unseen !== undefined) {
    const place = gateways === undefined ? hostsOf(unit) : gatewaysPlaceOf(unit);
    return told('subset-not-seen', place, { ...unseen, ...args });
  }
  return (
    hostOfSeveralConnections(facts, unit, difference.meshHost, args) ??
    told('not-proven', placeOf(unit.vs.resource, 'metadata', 'name'), args)
  );
}
