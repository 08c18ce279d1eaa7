import { placeOf } from '../../2-decode/place-of.ts';
import type { AnyResource } from '../../2-decode/resource.ts';
import { keyOf, type Report } from '../../diagnostics/diagnostic.ts';
import { extensionsOf } from '../policies/extensions.ts';
import type { AlternativeClaims } from './alternative-claims.ts';
import { appliers, groupByIdentity, identityOf } from './identity.ts';

/** Each name once, with the number of its documents: `shop/cart (3 documents), shop/basket`. */
function counted(names: readonly string[]): string {
  const numbers = new Map<string, number>();
  for (const name of names) numbers.set(name, (numbers.get(name) ?? 0) + 1);
  return [...numbers]
    .map(([name, number]) => (number === 1 ? name : `${name} (${number} documents)`))
    .join(', ');
}

/** Says of every VirtualService whose host others claim as well that they are taken for alternatives. */
export function reportAlternativeClaims(
  claims: AlternativeClaims,
  inputs: ReadonlySet<AnyResource>,
  report: Report,
): void {
  for (const [resource, rivals] of claims) {
    if (!inputs.has(resource)) continue;
    const others = counted([...rivals].map(({ namespace, name }) => `${namespace}/${name}`));
    const related = [...rivals]
      .slice(0, 1)
      .map(rival => ({ message: 'one of them', place: keyOf(placeOf(rival, 'metadata', 'name')) }));
    report('host-claimed-elsewhere', placeOf(resource, 'spec', 'hosts'), { others }, related);
  }
}

/** Says of every VirtualService, DestinationRule and Gateway but the first that its name is taken. */
export function reportDuplicates(inputs: readonly AnyResource[], report: Report): void {
  for (const group of groupByIdentity(inputs).values()) {
    const [first, ...others] = group;
    if (first === undefined || !first.type.startsWith('istio.') || isOnlyRead(first)) continue;
    for (const resource of others) {
      const name = `${resource.namespace}/${resource.name}`;
      const related = [{ message: 'the first one', place: keyOf(placeOf(first, 'metadata', 'name')) }];
      report('duplicate-name', placeOf(resource, 'metadata', 'name'), { kind: resource.kind, name }, related);
    }
  }
}

/** Nothing becomes of it, however many documents there are. */
function isOnlyRead(resource: AnyResource): boolean {
  return resource.type === 'istio.Sidecar' || extensionsOf([resource]).length > 0;
}

/**
 * Leaves out what is shown of an object that is itself in the input; only its age, which manifests seldom tell, is taken
 * over.
 */
export function withoutShownInputs(
  inputs: readonly AnyResource[],
  shown: readonly AnyResource[],
): { readonly inputs: readonly AnyResource[]; readonly shown: readonly AnyResource[] } {
  const byIdentity = groupByIdentity(shown);
  const identities = new Set(inputs.map(identityOf));
  // Kustomizations have no names: each is another one, unless its file is an input.
  const files = new Set(inputs.map(({ source }) => source?.document.file.path));
  return {
    inputs: inputs.map(resource => {
      const creationTimestamp = byIdentity.get(identityOf(resource))?.[0]?.metadata.creationTimestamp;
      if (creationTimestamp === undefined || resource.metadata.creationTimestamp !== undefined)
        return resource;
      return { ...resource, metadata: { ...resource.metadata, creationTimestamp } };
    }),
    shown: shown.filter(resource =>
      appliers.has(resource.type)
        ? !files.has(resource.source?.document.file.path)
        : !identities.has(identityOf(resource)),
    ),
  };
}
