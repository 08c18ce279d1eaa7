import type { FieldPath, SourceDocument } from '../yaml/source.ts';
import { fieldOf, type MappingNode, stringOf, type YamlNode } from '../yaml/yaml-node.ts';
import type { Manifest } from './manifest.ts';

/**
 * The objects of a document: itself, or the items of a List and of the Lists in it.
 *
 * @param root the document's tree
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#collections
 */
export function manifestsOf(document: SourceDocument, root: YamlNode): readonly Manifest[] {
  return root.kind === 'mapping' ? objectsOf(document, root, [], noType) : [];
}

interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
}

const noType: ObjectType = { apiVersion: '', kind: '' };

/** @param assumed what an item is that does not say so, as in the answer to `kubectl get --raw` */
function objectsOf(
  document: SourceDocument,
  node: MappingNode,
  path: FieldPath,
  assumed: ObjectType,
): readonly Manifest[] {
  const apiVersion = stringOf(node, 'apiVersion') ?? '';
  const kind = stringOf(node, 'kind') ?? '';
  const items = kind.endsWith('List') ? fieldOf(node, 'items') : undefined;
  if (items?.kind === 'sequence') {
    const itemType = kind === 'List' ? noType : { apiVersion, kind: kind.slice(0, -'List'.length) };
    return items.items.flatMap((item, index) =>
      item.kind === 'mapping' ? objectsOf(document, item, [...path, 'items', index], itemType) : [],
    );
  }
  const type = apiVersion === '' && kind === '' ? assumed : { apiVersion, kind };
  // Values of istiod's chart have no kind, and are read for what they say of the mesh.
  if (type.apiVersion === '' && type.kind === '' && !hasMeshSettings(node, 0)) return [];
  return [{ source: { document, path }, node, ...type }];
}

/** In values for a chart that depends on istiod's, too. */
function hasMeshSettings(node: YamlNode, depth: number): boolean {
  if (node.kind !== 'mapping' || depth > 5) return false;
  return node.pairs.some(
    ({ name, value }) =>
      name === 'meshConfig' || name === 'istioNamespace' || hasMeshSettings(value, depth + 1),
  );
}

const kustomizationName = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;

/** Tells whether kustomize reads a file by this path as a kustomization, whose `apiVersion` and `kind` may be left out. */
export function isKustomizationFile(path: string): boolean {
  return kustomizationName.test(path);
}

/** @returns the manifest of a kustomization file, which is told by the file's name */
export function kustomizationOf(document: SourceDocument, root: YamlNode): readonly Manifest[] {
  if (root.kind !== 'mapping') return [];
  return [
    {
      source: { document, path: [] },
      node: root,
      apiVersion: stringOf(root, 'apiVersion') ?? 'kustomize.config.k8s.io/v1beta1',
      kind: stringOf(root, 'kind') ?? 'Kustomization',
    },
  ];
}
