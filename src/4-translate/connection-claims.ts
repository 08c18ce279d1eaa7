import { placeOf } from '../2-decode/place-of.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import { saidBy } from '../3-link/claim-classes.ts';
import type { Facts } from '../3-link/facts.ts';
import { ownerOf } from '../3-link/gitops/ownership.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { memoised } from '../3-link/memoised.ts';
import type { MeshScope, Scope } from '../3-link/scopes.ts';
import { byAge, isOlder, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { standingOf } from '../3-link/visibility.ts';
import { haveCommonClients, isHiddenFromSome } from '../3-link/who-sees.ts';
import type * as istio from '../istio/index.ts';
import { claimants, commonClients, isNarrowed, nameWithOthers } from './claims.ts';
import { connectionScopes, isAtWaypoint, isIn, isNameOf, isSet } from './connection-scopes.ts';
import type { ConnectionClaims, Translation } from './translation.ts';

/** Gathers what each VirtualService takes; one that a controller rewrites has no say. */
export function connectionClaims(facts: Facts): ConnectionClaims {
  const speaking = facts.virtualServices.filter(
    ({ tls, tcp, resource }) => tls.length + tcp.length > 0 && ownerOf(resource) === undefined,
  );
  return {
    byKey: groupByEach(speaking, vs => claimsOf(facts, vs).keys()),
    saidBy: memoised(saidBy),
  };
}

/**
 * Finds the connections that an older VirtualService takes. Where the manifests do not tell which is older, that is
 * reported, and holds back.
 *
 * @returns their keys (connectionKey)
 * @see istio.io/istio/pilot/pkg/networking/core/tls.go, buildSidecarOutboundTCPTLSFilterChainOpts
 */
export function lostConnections(
  { facts, report, connections }: Translation,
  vs: ResolvedVirtualService,
): ReadonlySet<string> {
  const own = claimsOf(facts, vs);
  const lost = new Set<string>();
  const keysOf = new Map<ResolvedVirtualService, string[]>();
  for (const key of own.keys()) {
    for (const rival of connections.byKey.get(key) ?? []) {
      if (rival === vs) continue;
      const shared = keysOf.get(rival);
      if (shared === undefined) keysOf.set(rival, [key]);
      else shared.push(key);
    }
  }
  // The relations of the others to this one at each host: each of them is told once.
  const told = new Map<string, Map<Claim, ResolvedVirtualService[]>>();
  for (const [rival, keys] of [...keysOf].sort(([a], [b]) => byAge(a, b))) {
    const said = new Set<string>();
    for (const key of keys) {
      const claim = own.get(key);
      if (claim === undefined) continue;
      const { host, scope } = claim;
      const code = claimOf(facts, connections, vs, rival, scope);
      if (code === undefined) continue;
      if (code === 'connections-owned-by-another' || code === 'same-rules-twice') lost.add(key);
      if (said.has(host)) continue;
      said.add(host);
      const ofHost = told.get(host) ?? new Map<Claim, ResolvedVirtualService[]>();
      told.set(host, ofHost);
      const others = ofHost.get(code);
      if (others === undefined) ofHost.set(code, [rival]);
      else others.push(rival);
    }
  }
  for (const [host, ofHost] of told) {
    const place = placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(host)));
    for (const [code, others] of ofHost) {
      const [first] = others;
      if (first === undefined) continue;
      const other = nameWithOthers(first, others.length - 1);
      report(
        code,
        place,
        { host, other },
        claimants(vs, first, () => others),
      );
    }
  }
  return lost;
}

type Claim =
  | 'connections-owned-by-another'
  | 'same-rules-twice'
  | 'host-claimed-twice'
  | 'host-claimed-for-others';

/**
 * How a VirtualService stands to another that takes the same connections. A VirtualService that is exported to some namespaces
 * only comes first for those who see it (virtualservice.go, SelectVirtualServices); inside the mesh these are some of the
 * clients.
 *
 * @returns undefined where it comes first
 */
function claimOf(
  facts: Facts,
  claims: ConnectionClaims,
  vs: ResolvedVirtualService,
  rival: ResolvedVirtualService,
  scope: Scope,
): Claim | undefined {
  const isForSidecars = scope.kind === 'mesh' && scope.dataPlane === 'sidecar';
  if (isForSidecars && !haveCommonClients(vs, rival)) return undefined;
  if (isNarrowed(vs) !== isNarrowed(rival)) {
    if (isForSidecars) return 'host-claimed-for-others';
    return isNarrowed(rival) ? 'connections-owned-by-another' : undefined;
  }
  const standing = standingOf(vs, rival, isForSidecars ? commonClients(vs, rival) : []);
  if (standing === 'varies') return 'host-claimed-for-others';
  if (standing === 'first') return undefined;
  const older = standing === 'last' || isOlder(rival, vs);
  const isSame = older === undefined && claims.saidBy(rival) === claims.saidBy(vs);
  if (older === undefined && !isSame) return 'host-claimed-twice';
  if (isSame ? byAge(rival, vs) > 0 : older === false) return undefined;
  if (isForSidecars && isHiddenFromSome(facts, rival, vs, scope.port?.number))
    return 'host-claimed-for-others';
  return isSame ? 'same-rules-twice' : 'connections-owned-by-another';
}

/** Claimed connections, and where; the host is the one to name for it. */
interface TakenConnections {
  readonly host: string;
  readonly scope: Scope;
}

/**
 * The connections that a VirtualService claims, and the host to name for it: a whole port, or a name in the handshakes of one.
 */
function claimsOf(facts: Facts, vs: ResolvedVirtualService): ReadonlyMap<string, TakenConnections> {
  const claims = new Map<string, TakenConnections>();
  for (const { scope, passesNames } of connectionScopes(facts, vs)) {
    const host = scope.kind === 'mesh' ? scope.service.host : (vs.hosts[0] ?? '');
    if (isAtWaypoint(scope)) {
      // One entry takes them all.
      if (vs.tls.some(entry => namesService(entry, scope)) || vs.tcp.some(entry => takesAll(entry, scope)))
        claims.set(connectionKey(scope, undefined), { host, scope });
      continue;
    }
    if (!passesNames && vs.tcp.some(entry => takesAll(entry, scope)))
      claims.set(connectionKey(scope, undefined), { host, scope });
    if (!passesNames) continue;
    const names = vs.tls.flatMap(({ match = [] }) =>
      match.filter(one => isIn(one, scope)).flatMap(({ sniHosts = [] }) => sniHosts),
    );
    for (const name of names) claims.set(connectionKey(scope, name), { host, scope });
  }
  return claims;
}

function takesAll({ match = [] }: istio.TCPRoute, scope: Scope): boolean {
  return match.length === 0 || match.some(one => isIn(one, scope));
}

/** Whether a waypoint takes an entry for the connections to a Service: its one name is that of the Service. */
function namesService({ match = [] }: istio.TLSRoute, scope: MeshScope): boolean {
  return match.some(
    one =>
      isNameOf(one, scope.service.host) &&
      isIn(one, scope) &&
      !isSet(one.sourceLabels) &&
      !isSet(one.sourceNamespace),
  );
}

/** The connections of a scope: a port as a whole, or one name in the handshakes at it. */
export function connectionKey(scope: Scope, name: string | undefined): string {
  const where =
    scope.kind === 'mesh'
      ? `mesh ${scope.service.host} ${scope.port?.number ?? ''}`
      : `${scope.gateway} ${scope.port ?? ''} ${canonicalJson(scope.servers.map(({ index }) => index))}`;
  return name === undefined ? where : `${where} ${name.toLowerCase()}`;
}
