import type { AnyResource } from '../2-decode/resource.ts';
import { isType } from '../2-decode/resource.ts';

/** Kinds that live in no namespace. */
const clusterWide: ReadonlySet<string> = new Set([
  'core.Namespace',
  'gateway.GatewayClass',
  'apiextensions.CustomResourceDefinition',
  'kustomize.Kustomization',
]);

/**
 * Fills in the namespace that every object lands in: its own, else the `namespace` of the kustomization that lists its
 * file, else the default.
 */
export function withNamespaces(resources: readonly AnyResource[], byDefault: string): readonly AnyResource[] {
  const ofFile = kustomizedNamespaces(resources);
  return resources.map(resource => {
    if (clusterWide.has(resource.type)) return resource;
    const own = resource.metadata.namespace;
    const file = resource.source?.document.file.path;
    const namespace = own ?? (file === undefined ? undefined : ofFile.get(file)) ?? byDefault;
    return { ...resource, namespace };
  });
}

/** The namespaces that kustomizations give to the files they list, also through kustomizations they list. */
function kustomizedNamespaces(resources: readonly AnyResource[]): ReadonlyMap<string, string> {
  const kustomizations = new Map(
    resources.filter(isType('kustomize.Kustomization')).flatMap(kustomization => {
      const path = kustomization.source?.document.file.path;
      return path === undefined ? [] : [[folderOf(path), kustomization.spec] as const];
    }),
  );
  const namespaces = new Map<string, string>();
  const visit = (folder: string, inherited: string | undefined, visited: readonly string[]): void => {
    const spec = kustomizations.get(folder);
    if (spec === undefined || visited.includes(folder)) return;
    const namespace = inherited ?? spec.namespace;
    for (const item of [...(spec.resources ?? []), ...(spec.bases ?? []), ...(spec.components ?? [])]) {
      const path = resolvePath(folder, item);
      if (kustomizations.has(path)) visit(path, namespace, [...visited, folder]);
      else if (namespace !== undefined && !namespaces.has(path)) namespaces.set(path, namespace);
    }
  };
  // A kustomization that sets its own namespace speaks for its files before those that include it.
  for (const [folder, spec] of kustomizations) if (spec.namespace !== undefined) visit(folder, undefined, []);
  return namespaces;
}

/** @returns the folder a path lies in; empty for the working folder */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Follows a relative path from a folder; `.` and `..` are resolved. */
export function resolvePath(folder: string, relative: string): string {
  const parts: string[] = relative.startsWith('/') ? [] : folder.split('/').filter(part => part !== '');
  for (const part of relative.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
