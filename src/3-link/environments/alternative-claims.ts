import type { AnyResource, Resource } from '../../2-decode/resource.ts';
import { isType } from '../../2-decode/resource.ts';
import type * as istio from '../../istio/index.ts';
import { folderOf, kustomizationsByFile, kustomizationsOf } from '../gitops/kustomizations.ts';
import { resolveGateway, resolveHost } from '../host.ts';

/** VirtualServices that claim a host which others, in files or folders of their own, claim as well. */
export type AlternativeClaims = ReadonlyMap<AnyResource, ReadonlySet<AnyResource>>;

/**
 * Finds VirtualServices that cannot all be meant to apply: on sidecars the first for a host has it to itself. In one
 * file, or listed by one kustomization, they are applied together all the same; in files that nothing ties together they
 * are taken for alternatives. So they are when neither tells its age. At gateways, where several may share a host, only
 * those of different folders are that match all requests: of these the older one has every request to itself.
 *
 * @param claimsOf gives the hosts that a VirtualService has to itself
 */
export function alternativeClaims(
  resources: readonly AnyResource[],
  claimsOf: (vs: Resource<'istio.VirtualService'>) => ReadonlySet<string> = aloneClaims,
): AlternativeClaims {
  const listedBy = kustomizationsByFile(kustomizationsOf(resources));
  const byHost = new Map<string, Resource<'istio.VirtualService'>[]>();
  for (const vs of resources.filter(isType('istio.VirtualService'))) {
    for (const key of claimsOf(vs)) {
      const known = byHost.get(key);
      if (known === undefined) byHost.set(key, [vs]);
      else known.push(vs);
    }
  }
  const claims = new Map<AnyResource, Set<AnyResource>>();
  for (const [key, group] of byHost) {
    if (group.length < 2 || areAllTied(group, listedBy) || group.every(hasAge)) continue;
    for (const vs of group) {
      for (const rival of group) {
        // A cluster has only one object of one name anyway.
        const isSame = rival.namespace === vs.namespace && rival.name === vs.name;
        if (isSame || areTied(vs, rival, listedBy) || (hasAge(vs) && hasAge(rival))) continue;
        if (!key.startsWith(mesh) && folderOf(pathOf(vs)) === folderOf(pathOf(rival))) continue;
        const known = claims.get(vs);
        if (known === undefined) claims.set(vs, new Set([rival]));
        else known.add(rival);
      }
    }
  }
  return claims;
}

const mesh = 'mesh ';

/** The hosts of the mesh that a VirtualService has http entries for, and those of gateways that it has to itself. */
export function aloneClaims({ namespace, spec }: Resource<'istio.VirtualService'>): ReadonlySet<string> {
  const { gateways = [], hosts = [], http = [] } = spec;
  if (http.length === 0) return new Set();
  const isBound = gateways.length === 0 || gateways.includes('mesh');
  const inMesh = isBound ? hosts.map(host => `${mesh}${resolveHost(host, namespace)}`) : [];
  if (!http.some(matchesAll)) return new Set(inMesh);
  const names = gateways.filter(name => name !== 'mesh').map(name => resolveGateway(name, namespace));
  return new Set([...inMesh, ...names.flatMap(name => hosts.map(host => `${name} ${host.toLowerCase()}`))]);
}

function matchesAll({ match = [] }: istio.HTTPRoute): boolean {
  return (
    match.length === 0 ||
    match.some(
      ({ uri, ...more }) => Object.keys(more).length === 0 && (uri === undefined || uri.prefix === '/'),
    )
  );
}

function pathOf({ source }: AnyResource): string {
  return source?.document.file.path ?? '';
}

function hasAge({ metadata }: AnyResource): boolean {
  return metadata.creationTimestamp !== undefined;
}

/** Whether each two of some objects are tied: most claim a host in one file, or under one kustomization. */
function areAllTied(group: readonly AnyResource[], listedBy: (file: string) => ReadonlySet<string>): boolean {
  const [first = '', ...others] = new Set(group.map(pathOf));
  if (others.length === 0) return true;
  return [...listedBy(first)].some(folder => others.every(path => listedBy(path).has(folder)));
}

/** Whether two objects are applied together: in one file, or through one kustomization. */
function areTied(a: AnyResource, b: AnyResource, listedBy: (file: string) => ReadonlySet<string>): boolean {
  const [file, other] = [pathOf(a), pathOf(b)];
  if (file === other) return true;
  const theirs = listedBy(other);
  return [...listedBy(file)].some(folder => theirs.has(folder));
}
