import type { AnyResource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { DestinationRule } from '../3-link/subsets/destination-rules.ts';
import { type EmptiedRule, emptiedRules } from '../6-emit/destination-rules.ts';
import type { Unit } from './unit.ts';

/** Objects that are no longer there, or no longer whole, once units are converted. */
export interface Changes {
  readonly gone: ReadonlySet<AnyResource>;
  /** DestinationRules that lose subsets, and what is left of them. */
  readonly trimmed: ReadonlyMap<AnyResource, AnyResource>;
}

/**
 * Finds the objects that give way to what units become.
 *
 * @param replaced Istio Gateways that become Gateways; one that a VirtualService which stays is bound to stays, too
 */
export function changesOf(facts: Facts, units: readonly Unit[], replaced: Iterable<AnyResource>): Changes {
  const converted = new Set(units.map(({ vs }) => vs));
  const kept = facts.virtualServices.filter(vs => !converted.has(vs));
  const needed = new Set(kept.flatMap(({ gateways }) => gateways));
  const rules = emptiedRules([{ facts, converted: [...converted], kept }]);
  return {
    gone: new Set<AnyResource>([
      ...[...converted].map(({ resource }) => resource as AnyResource),
      ...rules.filter(({ kind }) => kind === 'removed').map(({ rule }) => rule as AnyResource),
      ...[...replaced].filter(({ namespace, name }) => !needed.has(`${namespace}/${name}`)),
    ]),
    trimmed: new Map<AnyResource, AnyResource>(
      rules.filter(({ kind }) => kind === 'trimmed').map(one => [one.rule, withoutSubsets(one)]),
    ),
  };
}

function withoutSubsets({ rule, gone }: EmptiedRule): DestinationRule {
  const subsets = (rule.spec.subsets ?? []).filter(({ name }) => !gone.includes(name));
  return { ...rule, spec: { ...rule.spec, subsets } };
}
