import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { SettledCluster } from '../6-emit/destination-rules.ts';
import type { SettledUnit, Settlement } from './settlement.ts';

/** Alternatives are settled each in a cluster of its own; what none of them settled stays. */
export function clustersOf(settlements: readonly Settlement[]): readonly SettledCluster[] {
  // An environment may have a VirtualService in another namespace than the one that it was read with.
  const settled = new Set(settlements.flatMap(({ units }) => units.map(({ unit }) => documentOf(unit.vs))));
  return settlements.map(({ facts, units }) => ({
    facts,
    converted: units.filter(({ held }) => !held).map(({ unit }) => unit.vs),
    kept: [
      ...units.filter(({ held }) => held).map(({ unit }) => unit.vs),
      ...facts.virtualServices.filter(vs => !settled.has(documentOf(vs))),
    ],
  }));
}

/** The same with other DestinationRules. A VirtualService that is not converted may be deployed with these, too. */
export function clustersBeside(
  settlements: readonly Settlement[],
  alike: readonly Settlement[],
): readonly SettledCluster[] {
  const converted = new Set(
    settlements.flatMap(({ units }) =>
      units.flatMap(({ unit, held }) => (held ? [] : [documentOf(unit.vs)])),
    ),
  );
  return alike.map(({ facts, units }) => ({
    facts,
    converted: units.map(({ unit }) => unit.vs),
    kept: facts.virtualServices.filter(vs => !converted.has(documentOf(vs))),
  }));
}

function documentOf({ resource }: ResolvedVirtualService): unknown {
  return resource.source ?? resource;
}

/** Requests that were tried count as far as the VirtualServices are converted in the end. */
export function ofConverted(
  tried: readonly Settlement[],
  units: readonly SettledUnit[],
): readonly Settlement[] {
  const converted = new Set(units.flatMap(({ unit, held }) => (held ? [] : [unit.vs.resource])));
  return tried.map(settlement => ({
    ...settlement,
    units: settlement.units.filter(({ unit }) => converted.has(unit.vs.resource)),
  }));
}
