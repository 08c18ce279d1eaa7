import { placeOf } from '../2-decode/place-of.ts';
import { allAsOlder, allIn, portsOf, type Rivals, rivalsIn } from '../3-link/claim-classes.ts';
import { isSubsetOfHost } from '../3-link/hostname.ts';
import type { MeshScope, Scope } from '../3-link/scopes.ts';
import { byAge, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { standingOf } from '../3-link/visibility.ts';
import { isHiddenFromSome } from '../3-link/who-sees.ts';
import type { Related } from '../diagnostics/diagnostic.ts';
import type { Translation } from './translation.ts';

/**
 * Leaves out the ports of Services that an older VirtualService has to itself on sidecars, for every client that sees the younger
 * one. Where it has some of the clients only, or the manifests do not tell which is older, both are held back.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/httproute.go, BuildSidecarOutboundVirtualHosts
 */
export function claimedScopes(
  { facts, report }: Translation,
  vs: ResolvedVirtualService,
  scopes: readonly Scope[],
): readonly Scope[] {
  const own = portsOf(vs);
  const lost = new Set<Scope>();
  const reported = new Set<string>();
  const isNew = (key: string): boolean => reported.size < reported.add(key).size;
  for (const scope of scopes) {
    // A waypoint asks one after the other.
    if (scope.kind !== 'mesh' || scope.dataPlane === 'ambient' || !areFor(own, scope)) continue;
    const { host } = scope.service;
    const claimed = claimedBy(vs, host);
    if ((facts.meshClaims.get(claimed) ?? []).every(one => one === vs)) continue;
    const told = new Map<ClaimCode, Rivals[]>();
    const note = (code: ClaimCode, rivals: Rivals): void => {
      if (rivals.count > 0) told.set(code, [...(told.get(code) ?? []), rivals]);
    };
    for (const rivals of facts.claimClassesOf(claimed)) {
      const [one] = rivals.members;
      if (one === undefined || !meets(vs, one, scope) || !areFor(rivals.ports, scope)) continue;
      if (isNarrowed(one) !== isNarrowed(vs)) {
        note('host-claimed-for-others', allIn(rivals, vs));
        continue;
      }
      const standing = standingOf(vs, one, commonClients(vs, one, scope.audience));
      if (standing === 'first') continue;
      if (standing === 'varies') {
        note('host-claimed-for-others', allIn(rivals, vs));
        continue;
      }
      const { older, unknown, same } = standing === 'last' ? allAsOlder(rivals, vs) : rivalsIn(rivals, vs);
      note('host-claimed-twice', unknown);
      if (older.count + same.count === 0) continue;
      const isHidden = isHiddenFromSome(facts, one, vs, scope.port?.number);
      note(isHidden ? 'host-claimed-for-others' : 'host-owned-by-another', older);
      note(isHidden ? 'host-claimed-for-others' : 'same-rules-twice', same);
      if (!isHidden) lost.add(scope);
    }
    const place = placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(host)));
    for (const [code, all] of told) {
      const [first] = all.flatMap(rivals => rivals.first() ?? []).toSorted(byAge);
      // Ports of one Service are told of once.
      if (first === undefined || !isNew(`${code} ${host} ${first.namespace}/${first.name}`)) continue;
      const count = all.reduce((sum, rivals) => sum + rivals.count, 0);
      const args = { host, other: nameWithOthers(first, count - 1) };
      const related = claimants(vs, first, () => all.flatMap(rivals => rivals.list()));
      report(code, place, args, related);
    }
  }
  return scopes.filter(scope => !lost.has(scope));
}

/** The host by which a VirtualService has a Service: its name, or the closest wildcard, which others may have as well. */
function claimedBy({ hosts }: ResolvedVirtualService, host: string): string {
  if (hosts.includes(host)) return host;
  const [closest] = hosts
    .filter(candidate => isSubsetOfHost(host, candidate))
    .toSorted((a, b) => b.length - a.length);
  return closest ?? host;
}

/** Where another VirtualService stands. */
export function relatedTo({ resource }: ResolvedVirtualService): readonly Related[] {
  return resource.source === undefined
    ? []
    : [{ message: 'the other one', place: placeOf(resource, 'metadata', 'name') }];
}

type ClaimCode =
  | 'host-claimed-for-others'
  | 'host-claimed-twice'
  | 'host-owned-by-another'
  | 'same-rules-twice';

/** @returns what messages call several VirtualServices: the name of one, and how many others there are */
export function nameWithOthers({ namespace, name }: ResolvedVirtualService, others: number): string {
  const more = others === 0 ? '' : ` and ${others} ${others === 1 ? 'other' : 'others'}`;
  return `${namespace}/${name}${more}`;
}

/**
 * The places of those that claim a host beside a VirtualService. All of them are told once, with the one that comes
 * first; the others point to that one.
 */
export function claimants(
  vs: ResolvedVirtualService,
  first: ResolvedVirtualService,
  all: () => readonly ResolvedVirtualService[],
): readonly Related[] {
  return (byAge(vs, first) < 0 ? all() : [first]).flatMap(relatedTo);
}

/** Whether entries for some ports, or for all of them, are for the port of a scope. */
function areFor(ports: ReadonlySet<number> | undefined, { port }: MeshScope): boolean {
  return ports === undefined || port === undefined || ports.has(port.number);
}

/** Whether a VirtualService is exported to some namespaces only. */
export function isNarrowed({ exportTo }: ResolvedVirtualService): boolean {
  return !exportTo.includes('*');
}

/** The namespaces that two VirtualServices for some namespaces are both exported to; none where everybody sees one of them. */
export function commonClients(
  vs: ResolvedVirtualService,
  rival: ResolvedVirtualService,
  audience?: string,
): readonly string[] {
  const common = vs.exportTo.filter(to => to !== '~' && rival.exportTo.includes(to));
  return isNarrowed(vs) && isNarrowed(rival)
    ? common.filter(to => audience === undefined || to === audience)
    : [];
}

/** Whether two VirtualServices for one Service would come to the same route, or have the same clients. */
function meets(vs: ResolvedVirtualService, rival: ResolvedVirtualService, scope: MeshScope): boolean {
  const own = scope.service.namespace;
  if (isNarrowed(vs) && isNarrowed(rival)) return vs.exportTo.some(to => rival.exportTo.includes(to));
  if (isNarrowed(vs)) return vs.exportTo.includes(own);
  if (isNarrowed(rival)) return rival.exportTo.includes(scope.audience ?? own);
  return true;
}
