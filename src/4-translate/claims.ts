import type { Facts } from '../3-link/facts.ts';
import { ownerOf } from '../3-link/ownership.ts';
import type { MeshScope, Scope } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { placeOf } from '../diagnostics/diagnostic.ts';
import type { Translation } from './virtual-service.ts';

/**
 * Leaves out the Services that an older VirtualService has to itself on sidecars. Where the manifests do not tell which
 * is older, both are held back.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/httproute.go, BuildSidecarOutboundVirtualHosts
 */
export function claimedScopes(
  { facts, report }: Translation,
  vs: ResolvedVirtualService,
  scopes: readonly Scope[],
): readonly Scope[] {
  if (facts.options.from === 'ambient') return scopes;
  const lost = new Set<string>();
  for (const scope of scopes) {
    if (scope.kind !== 'mesh' || lost.has(scope.service.host)) continue;
    const { host } = scope.service;
    // What a controller owns stays as it is, which is said elsewhere.
    const rivals = rivalsFor(facts, host).filter(
      rival => rival !== vs && ownerOf(rival.resource) === undefined && meets(vs, rival, scope),
    );
    const place = placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(host)));
    for (const rival of rivals) {
      if (isNarrowed(rival) !== isNarrowed(vs)) {
        report('host-claimed-for-others', place, { host, other: `${rival.namespace}/${rival.name}` });
        continue;
      }
      const older = isOlder(rival, vs);
      const other = `${rival.namespace}/${rival.name}`;
      const related =
        rival.resource.source === undefined
          ? []
          : [{ message: 'the other one', place: placeOf(rival.resource, 'metadata', 'name') }];
      if (older === undefined) report('host-claimed-twice', place, { host, other }, related);
      if (older !== true) continue;
      report('host-owned-by-another', place, { host, other }, related);
      lost.add(host);
    }
  }
  return scopes.filter(scope => scope.kind !== 'mesh' || !lost.has(scope.service.host));
}

/** The VirtualServices that name a Service and have http entries for it. */
function rivalsFor(facts: Facts, host: string): readonly ResolvedVirtualService[] {
  return (facts.meshClaims.get(host) ?? []).filter(({ http }) => http.length > 0);
}

function isNarrowed({ exportTo }: ResolvedVirtualService): boolean {
  return !exportTo.includes('*');
}

/** Whether two VirtualServices for one Service would come to the same route, or have the same clients. */
function meets(vs: ResolvedVirtualService, rival: ResolvedVirtualService, scope: MeshScope): boolean {
  const own = scope.service.namespace;
  if (isNarrowed(vs) && isNarrowed(rival)) return vs.exportTo.some(to => rival.exportTo.includes(to));
  if (isNarrowed(vs)) return vs.exportTo.includes(own);
  if (isNarrowed(rival)) return rival.exportTo.includes(scope.audience ?? own);
  return true;
}

/** @returns whether the first is older, undefined where the manifests do not tell */
export function isOlder(a: ResolvedVirtualService, b: ResolvedVirtualService): boolean | undefined {
  const [x, y] = [a.resource.metadata.creationTimestamp, b.resource.metadata.creationTimestamp];
  if (x === undefined || y === undefined) return undefined;
  // The same second: name and namespace decide (config.go, configCompareByCreationTime).
  if (x === y) return a.name === b.name ? a.namespace < b.namespace : a.name < b.name;
  return x < y;
}
