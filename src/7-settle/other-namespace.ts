import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import { describeApplier } from '../3-link/gitops/appliers.ts';
import type { Output } from '../6-emit/edit.ts';
import type { Unit } from './unit.ts';

/**
 * Holds back what needs an object in another namespace than the one that a kustomization gives to the file of that object: a route
 * beside a Service elsewhere, one for the clients of a namespace, a grant. It would land in the wrong namespace.
 */
export function holdBackOtherNamespace(
  { landing }: Facts,
  units: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
): void {
  if (landing.size === 0) return;
  for (const unit of units) {
    for (const { resource, home } of outputs.get(unit) ?? []) {
      const given = [...(landing.get(home.document.file.path)?.values() ?? [])];
      const [first] = given;
      if (first === undefined || given.some(({ namespace }) => namespace === resource.namespace)) continue;
      const { kind, namespace, name } = resource;
      unit.report('kustomize-namespace', placeOf(unit.vs.resource, 'metadata', 'name'), {
        object: `${kind} ${namespace}/${name}`,
        by: describeApplier(first.by),
        namespace: first.namespace,
      });
    }
  }
}
