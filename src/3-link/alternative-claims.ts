import type { AnyResource, Resource } from '../2-decode/resource.ts';
import { isType } from '../2-decode/resource.ts';
import { resolveHost } from './host.ts';
import { kustomizationsByFile, kustomizationsOf } from './kustomizations.ts';

/** VirtualServices that claim a host of the mesh which others, in files of their own, claim as well. */
export type AlternativeClaims = ReadonlyMap<AnyResource, ReadonlySet<AnyResource>>;

/**
 * Finds VirtualServices that cannot all be meant to apply: on sidecars the first for a host has it to itself. In one
 * file, or listed by one kustomization, they are applied together all the same; in files that nothing ties together they
 * are taken for alternatives. So they are when neither tells its age.
 */
export function alternativeClaims(resources: readonly AnyResource[]): AlternativeClaims {
  const listedBy = kustomizationsByFile(kustomizationsOf(resources));
  const byHost = new Map<string, Resource<'istio.VirtualService'>[]>();
  for (const vs of resources.filter(isType('istio.VirtualService'))) {
    const { gateways = [], hosts = [], http = [] } = vs.spec;
    if (http.length === 0 || (gateways.length > 0 && !gateways.includes('mesh'))) continue;
    for (const host of new Set(hosts.map(name => resolveHost(name, vs.namespace)))) {
      const known = byHost.get(host);
      if (known === undefined) byHost.set(host, [vs]);
      else known.push(vs);
    }
  }
  const claims = new Map<AnyResource, Set<AnyResource>>();
  for (const group of byHost.values()) {
    if (group.length < 2) continue;
    for (const vs of group) {
      for (const rival of group) {
        // Of one name, a cluster has only one anyway.
        const isSame = rival.namespace === vs.namespace && rival.name === vs.name;
        if (isSame || areTied(vs, rival, listedBy) || (hasAge(vs) && hasAge(rival))) continue;
        const known = claims.get(vs);
        if (known === undefined) claims.set(vs, new Set([rival]));
        else known.add(rival);
      }
    }
  }
  return claims;
}

function hasAge({ metadata }: AnyResource): boolean {
  return metadata.creationTimestamp !== undefined;
}

/** Whether two objects are applied together: in one file, or through one kustomization. */
function areTied(a: AnyResource, b: AnyResource, listedBy: (file: string) => ReadonlySet<string>): boolean {
  const [file, other] = [a.source?.document.file.path ?? '', b.source?.document.file.path ?? ''];
  if (file === other) return true;
  const theirs = listedBy(other);
  return [...listedBy(file)].some(folder => theirs.has(folder));
}
