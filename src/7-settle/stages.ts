import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, isRoute } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { Output } from '../6-emit/edit.ts';
import { isThere } from '../6-emit/http-routes.ts';
import type { Stage } from '../options.ts';
import { gatewaysOfUnit, neededGateways, type SettledGateway } from './settle-gateways.ts';
import type { Settlement } from './settlement.ts';
import type { Unit } from './unit.ts';

/** The work of a stage. Whatever comes is in one of the first two, whatever goes in one of the last two. */
interface Work {
  /** Services, their DestinationRules, Gateways, grants and policies: nobody asks for them before routes do. */
  readonly addsWhatRoutesNeed: boolean;
  readonly addsRoutes: boolean;
  /** VirtualServices go, and the Istio Gateways that nobody else is bound to. */
  readonly removesVirtualServices: boolean;
  /** Subsets go that no VirtualService names any more. */
  readonly removesSubsets: boolean;
}

const works: Readonly<Record<Stage, Work>> = {
  all: work('needs', 'routes', 'virtual-services', 'subsets'),
  '1': work('needs', 'routes'),
  '1a': work('needs'),
  '1b': work('routes'),
  '2': work('virtual-services', 'subsets'),
  '2a': work('virtual-services'),
  '2b': work('subsets'),
};

function work(...parts: readonly ('needs' | 'routes' | 'virtual-services' | 'subsets')[]): Work {
  return {
    addsWhatRoutesNeed: parts.includes('needs'),
    addsRoutes: parts.includes('routes'),
    removesVirtualServices: parts.includes('virtual-services'),
    removesSubsets: parts.includes('subsets'),
  };
}

/** @returns what is done at a stage */
export function workOf({ stage }: { readonly stage: Stage }): Work {
  return works[stage];
}

/**
 * The objects that a stage adds of those that take the place of others. A stage that removes objects puts everything in their
 * place that is there already.
 */
export function ofStage<Made extends { readonly resource: AnyResource }>(
  options: { readonly stage: Stage },
  made: readonly Made[],
): readonly Made[] {
  const { addsWhatRoutesNeed, addsRoutes } = workOf(options);
  if (addsWhatRoutesNeed === addsRoutes) return made;
  return made.filter(({ resource }) => isRoute(resource) === addsRoutes);
}

/** Settlements with what a stage adds. */
export function settlementsOfStage(
  options: { readonly stage: Stage },
  settlements: readonly Settlement[],
): readonly Settlement[] {
  return settlements.map(settlement => ({
    ...settlement,
    units: settlement.units.map(unit => ({ ...unit, outputs: ofStage(options, unit.outputs) })),
  }));
}

/**
 * Holds back what an earlier stage has not prepared: a route comes only where everything that it needs is in the input, a
 * VirtualService goes only where everything that takes its place is, and subsets go only after the VirtualServices.
 *
 * @param outputs what takes the place of each unit
 */
export function holdBackUnstaged(
  facts: Facts,
  units: readonly Unit[],
  gateways: readonly SettledGateway[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
): void {
  const { stage } = facts.options;
  if (stage === '2b') {
    for (const { vs, report } of units)
      report('stage-two-not-begun', placeOf(vs.resource, 'metadata', 'name'), {});
    return;
  }
  if (stage !== '1b' && !stage.startsWith('2')) return;
  const isAwaited = ({ resource }: Output) => stage !== '1b' || !isRoute(resource);
  const missingGateways = new Map(
    [...neededGateways(facts, gateways, units)].map(([{ namespace, name }, made]) => [
      `${namespace}/${name}`,
      made.filter(isAwaited),
    ]),
  );
  for (const unit of units) {
    const missing = [
      ...gatewaysOfUnit(unit).flatMap(key => missingGateways.get(key) ?? []),
      ...(outputs.get(unit) ?? []).filter(output => isAwaited(output) && !isThere(facts, output.resource)),
    ];
    const [first] = missing;
    if (first === undefined) continue;
    const { kind, namespace, name } = first.resource;
    unit.report('stage-one-missing', placeOf(unit.vs.resource, 'metadata', 'name'), {
      stage,
      earlier: stage === '1b' ? '1a' : '1',
      object: `${kind} ${namespace}/${name}`,
      count: missing.length,
    });
  }
}
