import type { AnyResource } from '../2-decode/resource.ts';
import { anew, type Derive } from './derived.ts';
import { landingNamespaces } from './gitops/landing-namespaces.ts';

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
 * Fills in the namespace that every object lands in: the one that a kustomization or Flux gives to its file, else its own, else
 * the one that Argo CD gives to its file, else the default.
 */
export function withNamespaces(
  resources: readonly AnyResource[],
  byDefault: string,
  derive: Derive = anew,
): readonly AnyResource[] {
  const landing = landingNamespaces(resources);
  return resources.map(resource => {
    if (isClusterWide(resource)) return resource;
    const own = resource.metadata.namespace;
    const file = resource.source?.document.file.path ?? '';
    const [given] = landing.overriding.get(file)?.values() ?? [];
    const namespace = given?.namespace ?? own ?? landing.byDefault.get(file) ?? byDefault;
    return derive(resource, namespace, () => ({ ...resource, namespace }));
  });
}

/** Whether an object is in no namespace, so that nothing gives it one. */
export function isClusterWide({ type }: AnyResource): boolean {
  return clusterWide.has(type);
}
