import { Components, joinBy } from '../components.ts';
import type { Facts, IstioGateway } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import { type Claim, commonHosts, type Group, type Groups, joinWildcards } from '../groups.ts';
import { memoised } from '../memoised.ts';
import { targetOf } from '../scopes.ts';
import type { ResolvedVirtualService } from '../virtual-services.ts';
import type { GatewayServer } from './gateway-server.ts';
import { keepsPods } from './keeps-pods.ts';

/** An Istio Gateway on the pods of one that a VirtualService is bound to, which serves the same hosts at the same port. */
export interface GatewayBeside {
  /** `NAMESPACE/NAME` of the Istio Gateway that the VirtualService is bound to. */
  readonly bound: string;
  /** The other one. */
  readonly beside: string;
  readonly port: number;
  /** The servers of the other one at the port. */
  readonly servers: readonly GatewayServer[];
  /** The claims of the VirtualService that the other one serves as well, as if it were bound to it. */
  readonly claims: readonly Claim[];
}

/** @returns the Istio Gateways on whose pods istiod merges the entries of a VirtualService without binding it to them */
export type GatewaysBeside = (vs: ResolvedVirtualService) => readonly GatewayBeside[];

/** More Istio Gateways than this are no longer the parents of one route. */
const mostGateways = 8;

/**
 * Finds Istio Gateways whose lists istiod merges: they select the same pods, listen at the same port without TLS, and
 * VirtualServices have hosts there that overlap. The Gateways that take their places have addresses of their own. Each of them
 * answers like the pods when the routes of all these VirtualServices are attached to it.
 *
 * A server that redirects to https, a Gateway that is not made from an Istio Gateway, and one that keeps the pods are left out.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
export function gatewaysBeside(facts: Facts, groups: Groups): GatewaysBeside {
  if (facts.options.gatewayService !== undefined) return () => [];
  const listsOf = memoised((group: Group) => mergedLists(facts, groups, group));
  return memoised((vs: ResolvedVirtualService) => {
    const group = groups.groupOf(vs);
    if (group.members.length < 2 || vs.http.length === 0) return [];
    const claims = groups.claimsOf(vs);
    return listsOf(group).flatMap(list => besideIn(vs, claims, list));
  });
}

/** Claims on one list whose hosts overlap, and the Istio Gateways by which they take part. */
interface MergedList {
  readonly claims: ReadonlySet<Claim>;
  readonly servers: ReadonlyMap<string, readonly GatewayServer[]>;
}

function mergedLists(facts: Facts, { claimsOf }: Groups, { members }: Group): readonly MergedList[] {
  const claims = members.flatMap(claimsOf).filter(({ list }) => list.endsWith(' http'));
  const apart = [...groupBy(claims, ({ list }) => list).values()].filter(
    own => new Set(own.map(({ gateway }) => gateway)).size > 1,
  );
  return apart.flatMap(overlapping).flatMap(own => mergedList(facts, own) ?? []);
}

/** Takes the claims on a list apart, by hosts that overlap. */
function overlapping(claims: readonly Claim[]): readonly (readonly Claim[])[] {
  const components = new Components(claims.length);
  const hosts = new Map<string, number>();
  for (const [position, { host }] of claims.entries()) joinBy(hosts, host, position, components);
  joinWildcards(hosts, components);
  const positions = new Map(claims.map((claim, position) => [claim, position]));
  return [...groupBy(claims, claim => components.rootOf(positions.get(claim) ?? 0)).values()];
}

function mergedList(facts: Facts, claims: readonly Claim[]): MergedList | undefined {
  const [first] = claims;
  const gateways = [...new Set(claims.map(({ gateway }) => gateway))];
  if (first === undefined || gateways.length < 2 || gateways.length > mostGateways) return undefined;
  const servers = new Map(
    gateways.flatMap(key => {
      const gateway = facts.istioGateways.get(key);
      const own = gateway === undefined ? [] : serversOf(gateway, first.list);
      return gateway !== undefined && own.length > 0 && becomesOne(facts, gateway, key)
        ? [[key, own] as const]
        : [];
    }),
  );
  const all = [...servers.values()].flat();
  const isOnePort = new Set(all.map(({ port }) => port)).size === 1;
  if (servers.size < 2 || !isOnePort || all.some(({ httpsRedirect }) => httpsRedirect)) return undefined;
  return { claims: new Set(claims), servers };
}

function serversOf({ servers }: IstioGateway, list: string): readonly GatewayServer[] {
  return servers.filter(
    ({ protocol, listensOn, ignoresRoutes }) =>
      protocol === 'http' && !ignoresRoutes && list.endsWith(` ${listensOn} http`),
  );
}

/** Whether a Gateway with an address of its own takes the place of an Istio Gateway. */
function becomesOne(facts: Facts, { resource }: IstioGateway, key: string): boolean {
  if (facts.controllers.platformGateways.has(key)) return false;
  const target = targetOf(facts, key);
  return target.origin === 'converted' && !keepsPods(facts, resource, target);
}

function besideIn(
  vs: ResolvedVirtualService,
  claims: readonly Claim[],
  { claims: merged, servers }: MergedList,
): readonly GatewayBeside[] {
  const own = claims.filter(claim => merged.has(claim) && servers.has(claim.gateway));
  const [first] = own;
  if (first === undefined) return [];
  return [...servers].flatMap(([beside, theirs]): readonly GatewayBeside[] => {
    const [server] = theirs;
    if (server === undefined || vs.gateways.includes(beside)) return [];
    const served = new Set(theirs.flatMap(one => commonHosts(one, vs.namespace, vs.hosts)));
    const serving = own.filter(({ host }) => served.has(host));
    // A route has all hosts of its VirtualService: the other Gateway must not serve a host that this one does not.
    const hosts = new Set(serving.map(({ host }) => host));
    if (serving.length === 0 || [...served].some(host => !hosts.has(host))) return [];
    return [{ bound: first.gateway, beside, port: server.port, servers: theirs, claims: serving }];
  });
}
