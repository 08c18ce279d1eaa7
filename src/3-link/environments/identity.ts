import { isSecret } from '../../2-decode/neighbour.ts';
import type { AnyResource } from '../../2-decode/resource.ts';

/** An object that applies alternatives is none itself: whichever cluster it is for, its patches count. */
export const appliers: ReadonlySet<string> = new Set([
  'kustomize.Kustomization',
  'flux.Kustomization',
  'argo.Application',
]);

export function pathOf({ source }: AnyResource): string {
  return source?.document.file.path ?? '';
}

export function identityOf({ type, apiVersion, kind, namespace, name }: AnyResource): string {
  const other = type === 'other.Object' ? `${apiVersion.split('/')[0]} ${kind} ` : '';
  return `${type} ${other}${namespace}/${name}`;
}

export function groupByIdentity(
  resources: readonly AnyResource[],
): ReadonlyMap<string, readonly AnyResource[]> {
  const groups = new Map<string, AnyResource[]>();
  for (const resource of resources) {
    // The Secrets of all environments count: one is only looked for by its name.
    if (appliers.has(resource.type) || isSecret(resource)) continue;
    const identity = identityOf(resource);
    const known = groups.get(identity);
    if (known === undefined) groups.set(identity, [resource]);
    else known.push(resource);
  }
  return groups;
}
