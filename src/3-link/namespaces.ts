import type { AnyResource } from '../2-decode/resource.ts';
import { anew, type Derive } from './derived.ts';
import { appliersOf } from './gitops/appliers.ts';

/** Kinds that live in no namespace, or in one that no proxy sends requests from. */
const clusterWide: ReadonlySet<string> = new Set([
  'core.Namespace',
  'gateway.GatewayClass',
  'apiextensions.CustomResourceDefinition',
  'kustomize.Kustomization',
  'flux.Kustomization',
  'argo.Application',
]);

/**
 * Fills in the namespace that every object lands in: its own, else the one that a kustomization, Flux or Argo CD gives
 * to its file, else the default.
 */
export function withNamespaces(
  resources: readonly AnyResource[],
  byDefault: string,
  derive: Derive = anew,
): readonly AnyResource[] {
  const ofFile = kustomizedNamespaces(resources);
  return resources.map(resource => {
    if (clusterWide.has(resource.type)) return resource;
    const own = resource.metadata.namespace;
    const file = resource.source?.document.file.path;
    const namespace = own ?? (file === undefined ? undefined : ofFile.get(file)) ?? byDefault;
    return derive(resource, namespace, () => ({ ...resource, namespace }));
  });
}

/** The namespaces that kustomizations, Flux and Argo CD give to the files they apply. */
function kustomizedNamespaces(resources: readonly AnyResource[]): ReadonlyMap<string, string> {
  const namespaces = new Map<string, string>();
  const seen = new Set<string>();
  // A kustomization that sets its own namespace speaks for its files before those that include it.
  for (const { namespace, files } of appliersOf(resources)) {
    if (namespace === undefined) continue;
    for (const file of files(seen)) if (!namespaces.has(file)) namespaces.set(file, namespace);
  }
  return namespaces;
}
