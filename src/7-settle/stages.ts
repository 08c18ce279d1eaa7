import type { Facts } from '../3-link/facts.ts';
import type { Output } from '../6-emit/edit.ts';
import { isThere } from '../6-emit/http-routes.ts';
import { placeOf } from '../diagnostics/diagnostic.ts';
import type { Unit } from './unit.ts';

/**
 * Holds back in the second stage of a conversion what the first has not prepared: a VirtualService goes only where everything
 * that takes its place is in the input, and so in the cluster.
 *
 * @param outputs what takes the place of each unit
 */
export function holdBackUnstaged(
  facts: Facts,
  units: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
): void {
  if (facts.options.stage !== '2') return;
  for (const unit of units) {
    const missing = (outputs.get(unit) ?? []).filter(({ resource }) => !isThere(facts, resource));
    const [first] = missing;
    if (first === undefined) continue;
    const { kind, namespace, name } = first.resource;
    unit.report('stage-one-missing', placeOf(unit.vs.resource, 'metadata', 'name'), {
      object: `${kind} ${namespace}/${name}`,
      count: missing.length,
    });
  }
}
