import type { SettledCluster } from '../6-emit/destination-rules.ts';
import type { SettledUnit, Settlement } from './settlement.ts';

/** Alternatives are settled each in a cluster of its own; what none of them settled stays. */
export function clustersOf(settlements: readonly Settlement[]): readonly SettledCluster[] {
  const settled = new Set(settlements.flatMap(({ units }) => units.map(({ unit }) => unit.vs.resource)));
  return settlements.map(({ facts, units }) => ({
    facts,
    converted: units.filter(({ held }) => !held).map(({ unit }) => unit.vs),
    kept: [
      ...units.filter(({ held }) => held).map(({ unit }) => unit.vs),
      ...facts.virtualServices.filter(({ resource }) => !settled.has(resource)),
    ],
  }));
}

/** The same with other DestinationRules. A VirtualService that is not converted may be deployed with these, too. */
export function clustersBeside(
  settlements: readonly Settlement[],
  alike: readonly Settlement[],
): readonly SettledCluster[] {
  const converted = new Set(
    settlements.flatMap(({ units }) => units.flatMap(({ unit, held }) => (held ? [] : [unit.vs.resource]))),
  );
  return alike.map(({ facts, units }) => ({
    facts,
    converted: units.map(({ unit }) => unit.vs),
    kept: facts.virtualServices.filter(({ resource }) => !converted.has(resource)),
  }));
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
