import type { Random } from '../../random.ts';
import type { Manifest } from './layout.ts';

/** When objects came to be: as manifests say, and as only the cluster knows. */
export interface Aged {
  readonly manifests: readonly Manifest[];
  /** By the key of an object whose manifest does not say. */
  readonly hidden: ReadonlyMap<string, string>;
}

const dated = ['different', 'different', 'different'] as const;

/** The ages of all Istio objects: written and different, written and equal, or known to the cluster alone. */
export function withAges(
  random: Random,
  manifests: readonly Manifest[],
  keyOf: (manifest: Manifest) => string,
): Aged {
  const hidden = new Map<string, string>();
  const way = random.pick([...dated, ...dated, 'equal', 'equal', 'hidden', 'mixed'] as const);
  const aged = manifests.map(manifest => {
    const { kind, metadata } = manifest as { readonly kind: string; readonly metadata: Manifest };
    if (kind !== 'VirtualService' && kind !== 'DestinationRule' && kind !== 'Gateway') return manifest;
    const creationTimestamp = way === 'equal' ? '2024-05-01T00:00:00Z' : randomTime(random);
    if (way === 'hidden' || (way === 'mixed' && random.chance(0.5))) {
      hidden.set(keyOf(manifest), creationTimestamp);
      return manifest;
    }
    return { ...manifest, metadata: { ...metadata, creationTimestamp } };
  });
  return { manifests: aged, hidden };
}

function randomTime(random: Random): string {
  return `2024-0${random.integer(1, 9)}-1${random.integer(0, 9)}T00:00:00Z`;
}
