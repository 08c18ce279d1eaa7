import type { AnyResource } from '../2-decode/resource.ts';
import { groupBy } from '../3-link/group-by.ts';
import { rulesInAnyNamespace } from '../3-link/subsets/destination-rules.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import type { Output } from '../6-emit/edit.ts';
import type { Settlement } from './settlement.ts';

/**
 * Objects of the input that change together: whoever takes the change of one has to take those of the others. The groups of
 * VirtualServices are those that were settled and proven (3-link/groups.ts); with them go the delegates they name, the
 * DestinationRules of the subsets they use, the Istio Gateways that give way, and who shares one of these or a ReferenceGrant.
 * Alternatives, such as one environment and another, are settled apart: whoever takes one of them need not take the other.
 *
 * @param gateways the Istio Gateways that give way
 * @returns each object that changes in one set at most
 */
export function changedTogether(
  settlements: readonly Settlement[],
  gateways: ReadonlySet<AnyResource>,
): readonly ReadonlySet<AnyResource>[] {
  const leader = new Map<unknown, unknown>();
  const find = (node: unknown): unknown => {
    let found = node;
    for (let next = leader.get(found); next !== undefined && next !== found; next = leader.get(found))
      found = next;
    leader.set(node, found);
    return found;
  };
  const objects = new Set<AnyResource>();
  for (const settlement of settlements) {
    // Equal keys of two settlements are not the same thing; objects are.
    const keys = new Map<string, object>();
    const nodeOf = (key: string) => {
      const known = keys.get(key) ?? {};
      keys.set(key, known);
      return known;
    };
    for (const { resource, shared } of tiesIn(settlement, gateways)) {
      objects.add(resource);
      for (const other of shared) {
        if (typeof other === 'object' && 'kind' in other) objects.add(other);
        leader.set(find(typeof other === 'string' ? nodeOf(other) : other), find(resource));
      }
    }
  }
  return [...groupBy(objects, find).values()].map(members => new Set(members));
}

/** A VirtualService that is converted, and all that it shares with others: objects, groups, and grants by name. */
interface Ties {
  readonly resource: AnyResource;
  readonly shared: readonly (AnyResource | object | string)[];
}

function tiesIn({ facts, groups, units }: Settlement, gateways: ReadonlySet<AnyResource>): readonly Ties[] {
  const hasGrants = units.some(({ outputs }) =>
    outputs.some(({ resource }) => resource.type === 'gateway.ReferenceGrant'),
  );
  return units
    .filter(({ held }) => !held)
    .map(({ unit: { vs }, outputs }) => ({
      resource: vs.resource,
      shared: [
        groups.groupOf(vs),
        ...vs.http.flatMap(({ origin }) => (origin.root === undefined ? [] : [origin.resource])),
        ...vs.gateways
          .map(gateway => facts.istioGateways.get(gateway)?.resource)
          .filter(gateway => gateway !== undefined && gateways.has(gateway))
          .flatMap(gateway => gateway ?? []),
        ...destinationsOf(vs).flatMap(({ host, subset }) =>
          subset ? rulesInAnyNamespace(facts.destinationRules, host) : [],
        ),
        ...(hasGrants ? outputs.flatMap(grantsOf) : []),
      ],
    }));
}

/** A grant is written beside the first route that needs it. */
function grantsOf({ resource }: Output): readonly string[] {
  if (resource.type === 'gateway.ReferenceGrant')
    return resource.spec.from.map(({ namespace }) => `grant ${namespace} ${resource.namespace}`);
  return [...new Set(namespacesIn(resource.spec))].map(
    namespace => `grant ${resource.namespace} ${namespace}`,
  );
}

function namespacesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namespacesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'namespace' && typeof inner === 'string' ? [inner] : namespacesIn(inner),
  );
}
