import { Components, joinBy } from './components.ts';
import { type Facts, selectedPods } from './facts.ts';
import { podClasses } from './gateways/gateway-pods.ts';
import type { GatewayServer, ServerProtocol } from './gateways/gateway-server.ts';
import { serverAdmits } from './gateways/gateway-servers.ts';
import { keepsPods } from './gateways/keeps-pods.ts';
import { intersectHosts, isWildcard, namesInCommon } from './hostname.ts';
import { memoised } from './memoised.ts';
import { otherNames } from './other-names.ts';
import { findService, type MeshService } from './registry.ts';
import { coveredServices, servicesUnder, targetOf } from './scopes.ts';
import type { ResolvedVirtualService } from './virtual-services.ts';

/**
 * VirtualServices that convert together or not at all, since what they say of some host is one list, or one takes the place of
 * the other. Those that stay in the cluster in any case, such as what a controller owns, are members, too.
 */
export interface Group {
  /** The older first. */
  readonly members: readonly ResolvedVirtualService[];
}

/** Groups of VirtualServices of one cluster that belong together; every phase that asks for it reads this. */
export interface Groups {
  readonly all: readonly Group[];
  readonly groupOf: (vs: ResolvedVirtualService) => Group;
  readonly claimsOf: (vs: ResolvedVirtualService) => readonly Claim[];
  /** @returns a host that two VirtualServices both claim; undefined where they are together through others, or not at all */
  readonly sharedHost: (a: ResolvedVirtualService, b: ResolvedVirtualService) => string | undefined;
}

/** A list that istiod puts together, and a host in it. Claims on one list meet where their hosts overlap. */
export interface Claim {
  /**
   * `mesh http`, `pods {"istio":"ingressgateway"} 80 http`; requests and connections have lists of their own.
   * `pods {"istio":"ingressgateway"} address` is the address that clients move away from, whatever the port.
   */
  readonly list: string;
  readonly host: string;
  /** `mesh`, or the Istio Gateway by which it takes part in the list. */
  readonly gateway: string;
}

/** @returns whether claims on a list are claims on the address of pods, not on what these do with requests */
export function isAddressList(list: string): boolean {
  return list.endsWith(' address');
}

type Kind = 'http' | 'connections';

/**
 * Finds out what belongs together: by the hosts inside the mesh, and by the hosts at each port of the pods of gateways, which
 * Istio Gateways share. Where the new Gateway has another address, all ports count: clients of a host have one address for all of
 * them. A delegate of a VirtualService has no hosts, and counts as a part of it.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/httproute.go, BuildSidecarOutboundVirtualHosts
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
export function groupsOf(facts: Facts): Groups {
  const { virtualServices } = facts;
  const claimsOf = claimsIn(facts);
  const claims = new Map(virtualServices.map(vs => [vs, claimsOf(vs)]));
  const components = new Components(virtualServices.length);
  const lists = new Map<string, Map<string, number>>();
  for (const [position, vs] of virtualServices.entries()) {
    for (const { list, host } of claims.get(vs) ?? []) {
      const hosts = lists.get(list) ?? new Map<string, number>();
      lists.set(list, hosts);
      joinBy(hosts, host, position, components);
    }
  }
  for (const hosts of lists.values()) joinWildcards(hosts, components);
  const byRoot = new Map<number, ResolvedVirtualService[]>();
  for (const [position, vs] of virtualServices.entries()) {
    const root = components.rootOf(position);
    const members = byRoot.get(root);
    if (members === undefined) byRoot.set(root, [vs]);
    else members.push(vs);
  }
  const all = [...byRoot.values()].map((members): Group => ({ members }));
  const groups = new Map(all.flatMap(group => group.members.map(vs => [vs, group] as const)));
  return {
    all,
    groupOf: vs => groups.get(vs) ?? { members: [vs] },
    claimsOf: vs => claims.get(vs) ?? [],
    sharedHost: (a, b) => commonHost(claims.get(a) ?? [], claims.get(b) ?? []),
  };
}

/**
 * VirtualServices that belong together with others and are not settled with them: what belongs together is decided
 * together all the same.
 *
 * @param candidates those that may be converted at all
 * @returns in the order of their age
 */
export function restOfGroups(
  { groupOf }: Groups,
  members: readonly ResolvedVirtualService[],
  candidates: readonly ResolvedVirtualService[],
): readonly ResolvedVirtualService[] {
  const known = new Set(members);
  const others = candidates.filter(vs => !known.has(vs));
  if (others.length === 0) return [];
  const groups = new Set(members.map(groupOf));
  return others.filter(vs => groups.has(groupOf(vs)));
}

/**
 * A wildcard meets the hosts that it covers; each host looks for the wildcards that cover it.
 *
 * @param hosts one position of each
 */
export function joinWildcards(hosts: ReadonlyMap<string, number>, components: Components): void {
  if (![...hosts.keys()].some(isWildcard)) return;
  for (const [host, position] of hosts) {
    const name = isWildcard(host) ? host.slice(1) : host;
    for (let start = 0; start <= name.length; start += 1) {
      const covering = hosts.get(`*${name.slice(start)}`);
      if (covering !== undefined) components.join(covering, position);
    }
  }
}

function commonHost(a: readonly Claim[], b: readonly Claim[]): string | undefined {
  for (const { list, host } of a) {
    for (const other of b) {
      const common = other.list === list ? intersectHosts(host, other.host) : undefined;
      if (common !== undefined) return common;
    }
  }
  return undefined;
}

function claimsIn(facts: Facts): (vs: ResolvedVirtualService) => readonly Claim[] {
  const pods = podClasses([...facts.istioGateways.values()].map(selectedPods));
  const podsOf = (gateway: string): string => {
    const known = facts.istioGateways.get(gateway);
    return known === undefined ? `gateway ${gateway}` : `pods ${pods(selectedPods(known))}`;
  };
  const moves = memoised((gateway: string): boolean => {
    const [namespace = '', name = ''] = gateway.split('/');
    return !keepsPods(facts, { namespace, name }, targetOf(facts, gateway));
  });
  const names = otherNames(facts.registry, facts.virtualServices);
  return vs => {
    // istiod refuses it.
    if (vs.exportTo.includes('~')) return [];
    const kinds: readonly Kind[] = [
      ...(vs.http.length > 0 ? (['http'] as const) : []),
      ...(vs.tls.length + vs.tcp.length > 0 ? (['connections'] as const) : []),
    ];
    return kinds.flatMap(kind => [
      ...(vs.gateways.includes('mesh') ? meshClaims(facts, vs, kind, names) : []),
      ...gatewayClaims(facts, vs, kind, { podsOf, moves }),
    ]);
  };
}

/**
 * Inside the mesh a host is claimed by whoever names it; a wildcard claims what it may decide.
 *
 * @param names other ones of Services, which go with theirs
 */
function meshClaims(
  facts: Facts,
  vs: ResolvedVirtualService,
  kind: Kind,
  names: ReadonlyMap<string, readonly string[]>,
): readonly Claim[] {
  const list = `mesh ${kind}`;
  const claimsOn = (service: MeshService): readonly Claim[] => [
    ...serviceClaims(list, service),
    ...(kind === 'http' && facts.dataPlanes.seenFrom(service) !== 'ambient'
      ? (names.get(service.host) ?? [])
      : []
    ).map(name => ({
      list,
      host: name,
      gateway: 'mesh',
    })),
  ];
  return vs.hosts.flatMap(host => {
    // A wildcard by itself is none of the overlapping kind: the closest one has a host to itself on sidecars.
    if (isWildcard(host))
      return [
        { list: `${list} wildcard`, host: host.slice(1), gateway: 'mesh' },
        ...(kind === 'http' ? coveredServices(facts, vs, host) : servicesUnder(facts, host)).flatMap(
          claimsOn,
        ),
      ];
    const service = findService(facts.registry, host);
    return service === undefined ? [{ list, host, gateway: 'mesh' }] : claimsOn(service);
  });
}

/** A route for a host of a ServiceEntry is for all of its hosts. */
function serviceClaims(list: string, { kind, host, namespace, name }: MeshService): readonly Claim[] {
  const own = { list, host: isWildcard(host) ? host.slice(1) : host, gateway: 'mesh' };
  if (kind === 'Service') return [own];
  return [own, { list: `${list} of a ServiceEntry`, host: `${namespace}/${name}`, gateway: 'mesh' }];
}

const protocolsOf: Readonly<Record<Kind, readonly ServerProtocol[]>> = {
  http: ['http', 'https'],
  connections: ['tls', 'tcp'],
};

/** Pods of Istio Gateways. */
interface PodsOfGateways {
  /** @returns `pods LABELS`, the same for Istio Gateways that share them */
  readonly podsOf: (gateway: string) => string;
  /** Whether the Gateway that takes the place has an address of its own. */
  readonly moves: (gateway: string) => boolean;
}

function gatewayClaims(
  facts: Facts,
  vs: ResolvedVirtualService,
  kind: Kind,
  { podsOf, moves }: PodsOfGateways,
): readonly Claim[] {
  const claims = new Map<string, Claim>();
  const addresses = new Map<string, Claim>();
  for (const gateway of vs.gateways) {
    if (gateway === 'mesh') continue;
    const pods = podsOf(gateway);
    const add = (list: string, host: string, names = [host]) => {
      claims.set(`${gateway} ${list} ${host}`, { list, host, gateway });
      if (!moves(gateway)) return;
      for (const name of names)
        addresses.set(`${gateway} ${name}`, { list: `${pods} address`, host: name, gateway });
    };
    const servers = facts.istioGateways.get(gateway)?.servers;
    if (servers === undefined) for (const host of namesOf(vs, kind)) add(`${pods} ${kind}`, host);
    for (const server of servers ?? []) {
      if (!protocolsOf[kind].includes(server.protocol) || server.ignoresRoutes) continue;
      const list = `${pods} ${server.listensOn} ${server.protocol}`;
      // A handshake asks for a name, and an entry for some.
      const names = server.passthrough ? namesOf(vs, kind) : vs.hosts;
      const common = commonHosts(server, vs.namespace, names);
      if (kind === 'http' || server.passthrough) for (const host of common) add(list, host);
      // Connections without a name have one list: the first entry for TCP takes all of them, whatever the hosts. Nobody knows
      // which name clients use for the address, unless there is one.
      else if (common.length > 0 && takesConnections(vs, server))
        add(
          list,
          '*',
          common.filter(host => host !== '*'),
        );
    }
  }
  return [...claims.values(), ...addresses.values()];
}

function takesConnections({ tcp }: ResolvedVirtualService, server: GatewayServer): boolean {
  return tcp.some(
    ({ match = [] }) => match.length === 0 || match.some(({ port }) => !port || port === server.port),
  );
}

/** @returns the hosts that a server and names have in common, as far as it admits VirtualServices of a namespace */
export function commonHosts(
  server: GatewayServer,
  namespace: string,
  names: readonly string[],
): readonly string[] {
  return namesInCommon(
    server.hosts.filter(host => serverAdmits(host, namespace)),
    names,
  );
}

/** The hosts of requests, and the names in handshakes. */
function namesOf({ hosts, tls, tcp }: ResolvedVirtualService, kind: Kind): readonly string[] {
  if (kind === 'http') return hosts;
  const names = tls.flatMap(({ match = [] }) =>
    match.flatMap(({ sniHosts = [] }) => sniHosts.map(name => name.toLowerCase())),
  );
  return [...names, ...(tcp.length > 0 ? hosts : [])];
}
