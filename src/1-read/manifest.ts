import type { Place } from '../diagnostics/diagnostic.ts';
import type { Source, TextRange } from '../yaml/source.ts';
import { fieldOf, type MappingNode, stringOf } from '../yaml/yaml-node.ts';

/** An object as it is written down. */
export interface Manifest {
  readonly source: Source;
  readonly node: MappingNode;
  /** Empty when it is missing. */
  readonly apiVersion: string;
  /** Empty when it is missing. */
  readonly kind: string;
}

/**
 * The name that a manifest gives its object. The namespace is empty where the manifest names none.
 *
 * @returns undefined when it has no kind or no name
 */
export function refOfManifest({ node, kind }: Manifest): NonNullable<Place['resource']> | undefined {
  const metadata = fieldOf(node, 'metadata');
  const name = stringOf(metadata, 'name');
  if (kind === '' || name === undefined || name === '') return undefined;
  return { kind, namespace: stringOf(metadata, 'namespace') ?? '', name };
}

/** @returns whether a manifest's own text has the place in it */
export function holds({ node }: Manifest, range: TextRange): boolean {
  return node.start <= range.start && range.end <= node.end;
}
