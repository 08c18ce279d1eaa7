import type { AnyResource } from '../../2-decode/resource.ts';
import { type ClusterNamespaces, namespacesOf } from '../facts.ts';
import type { Variant } from './variants.ts';

/** A part of a variant, with all namespaces of it. */
export interface PartOfVariant extends Omit<Variant, 'readAs'> {
  /** The variant among all of them. */
  readonly number: number;
  readonly namespaces: ClusterNamespaces;
}

/**
 * Cuts variants down to some of their objects.
 *
 * @returns a function from objects, in the order of the whole, to the variants that have any of them
 */
export function variantsWithin(
  variants: readonly Variant[],
): (some: readonly AnyResource[]) => readonly PartOfVariant[] {
  const present = new Map<AnyResource, number[]>();
  const left = new Map<AnyResource, number[]>();
  for (const [number, { resources, alternatives }] of variants.entries()) {
    for (const resource of resources) note(present, resource, number);
    for (const resource of alternatives) note(left, resource, number);
  }
  const namespaces = variants.map(({ resources }) => namespacesOf(resources));
  return some => {
    const parts = new Map<number, { resources: AnyResource[]; alternatives: AnyResource[] }>();
    const partOf = (number: number) => {
      const known = parts.get(number) ?? { resources: [], alternatives: [] };
      parts.set(number, known);
      return known;
    };
    for (const resource of some) {
      for (const number of present.get(resource) ?? []) partOf(number).resources.push(resource);
      for (const number of left.get(resource) ?? []) partOf(number).alternatives.push(resource);
    }
    return [...parts]
      .sort(([one], [other]) => one - other)
      .filter(([, { resources }]) => resources.length > 0)
      .map(([number, part]) => ({
        ...part,
        number,
        members: new Set(part.resources.filter(resource => variants[number]?.members.has(resource))),
        namespaces: namespaces[number] ?? namespacesOf([]),
      }));
  };
}

function note(known: Map<AnyResource, number[]>, resource: AnyResource, number: number): void {
  const numbers = known.get(resource);
  if (numbers === undefined) known.set(resource, [number]);
  else numbers.push(number);
}
