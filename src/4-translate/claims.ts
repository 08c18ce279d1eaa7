import { canonicalJson } from '../3-link/canonical.ts';
import type { Facts } from '../3-link/facts.ts';
import { ownerOf } from '../3-link/ownership.ts';
import type { MeshScope, Scope } from '../3-link/scopes.ts';
import { byAge, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { isHiddenFromSome } from '../3-link/who-sees.ts';
import { placeOf, type Related } from '../diagnostics/diagnostic.ts';
import type { Translation } from './virtual-service.ts';

/**
 * Leaves out the Services that an older VirtualService has to itself on sidecars, for every client that sees the younger one.
 * Where it has some of the clients only, or the manifests do not tell which is older, both are held back.
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
      const args = { host, other: `${rival.namespace}/${rival.name}` };
      if (isNarrowed(rival) !== isNarrowed(vs)) {
        report('host-claimed-for-others', place, args);
        continue;
      }
      const older = isOlder(rival, vs);
      const isSame = older === undefined && saySame(rival, vs);
      const related = relatedTo(rival);
      if (older === undefined && !isSame) report('host-claimed-twice', place, args, related);
      const isFirst = isSame ? byAge(rival, vs) < 0 : older === true;
      if (!isFirst) continue;
      if (isHiddenFromSome(facts, rival, vs, scope.port?.number)) {
        report('host-claimed-for-others', place, args);
        continue;
      }
      report(isSame ? 'same-rules-twice' : 'host-owned-by-another', place, args, related);
      lost.add(host);
    }
  }
  return scopes.filter(scope => scope.kind !== 'mesh' || !lost.has(scope.service.host));
}

/** Where another VirtualService stands. */
export function relatedTo({ resource }: ResolvedVirtualService): readonly Related[] {
  return resource.source === undefined
    ? []
    : [{ message: 'the other one', place: placeOf(resource, 'metadata', 'name') }];
}

/** The VirtualServices that name a Service and have http entries for it. */
function rivalsFor(facts: Facts, host: string): readonly ResolvedVirtualService[] {
  return (facts.meshClaims.get(host) ?? []).filter(({ http }) => http.length > 0);
}

/** Whether a VirtualService is exported to some namespaces only. */
export function isNarrowed({ exportTo }: ResolvedVirtualService): boolean {
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

/** Whether two VirtualServices have the same entries for the same clients, so that it does not matter which comes first. */
export function saySame(a: ResolvedVirtualService, b: ResolvedVirtualService): boolean {
  const said = ({ http, tls, tcp, exportTo }: ResolvedVirtualService) =>
    canonicalJson([http.map(entry => entry.http), tls, tcp, [...exportTo].sort()]);
  return said(a) === said(b);
}

/** @returns whether the first is older, undefined where the manifests do not tell */
export function isOlder(a: ResolvedVirtualService, b: ResolvedVirtualService): boolean | undefined {
  const [x, y] = [a.resource.metadata.creationTimestamp, b.resource.metadata.creationTimestamp];
  if (x === undefined || y === undefined) return undefined;
  // The same second: name and namespace decide (config.go, configCompareByCreationTime).
  if (x === y) return a.name === b.name ? a.namespace < b.namespace : a.name < b.name;
  return x < y;
}
