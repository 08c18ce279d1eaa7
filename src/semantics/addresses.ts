import { canonicalJson } from '../3-link/canonical.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import type { GatewayProxy } from '../3-link/gateways/gateway-servers.ts';
import { hostsOverlap, isSubsetOfHost, namesInCommon } from '../3-link/hostname.ts';
import { areSelected } from '../3-link/labels.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type { GatewayMapping } from '../options.ts';
import type { World } from './world.ts';

/** Hosts that other pods serve than before, so that clients find them at another address. */
export interface AddressMove {
  readonly hosts: readonly string[];
  /** For people: `the pods with istio=ingressgateway`, `the Deployment of Gateway shop/public`. */
  readonly before: string;
  readonly after: string;
  /** The gateway after the move. */
  readonly gateway: { readonly namespace: string; readonly name: string };
  /** Ports of the hosts at the address before that the one after does not have for them, nor any other: who moves loses these. */
  readonly lacks: readonly number[];
}

/**
 * Finds the hosts that move from the pods of one gateway to those of another. istiod makes a Deployment and a Service of its own
 * for each Gateway of the Gateway API, unless its `spec.addresses` names the Service of other pods. Clients have one address for
 * all ports of a host: where no address after has all of them, each is told with the ports that it lacks.
 *
 * @param gatewayMap the Gateways that are told to take the place of others have ports of their own
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
 */
export function addressMoves(
  before: World,
  after: World,
  gatewayMap: readonly GatewayMapping[],
): readonly AddressMove[] {
  const [left, right] = [serving(before), serving(after)];
  const mapped = new Set(gatewayMap.map(({ to }) => `${to.namespace}/${to.name}`));
  const moves = new Map<string, { move: AddressMove; hosts: Set<string> }>();
  for (const old of left) {
    for (const host of old.hosts) {
      const wanted = portsFor(old, host);
      const lacking = (there: Serving): readonly number[] => {
        const { namespace, name } = nameOf(there.proxy);
        const isOpen = isStandIn(old.proxy) || isStandIn(there.proxy) || mapped.has(`${namespace}/${name}`);
        const ports = portsAt(there, host);
        return isOpen ? [] : wanted.filter(port => !ports.has(port)).toSorted((a, b) => a - b);
      };
      const now = right.filter(one => one.hosts.some(other => hostsOverlap(other, host)));
      const staying = now.filter(one => arePods(old.pods, one.pods));
      const others = now.filter(one => !staying.includes(one));
      const whole = others.find(one => lacking(one).length === 0);
      // Where one of them is at the same pods, clients go on finding it.
      const isThere = staying.length > 0 && (whole !== undefined || others.length === 0);
      if (isThere || staying.some(one => lacking(one).length === 0)) continue;
      // Pods that served the host all along are nothing that clients move to.
      const isNew = (there: Serving) =>
        !left.some(
          one => arePods(one.pods, there.pods) && one.hosts.some(other => hostsOverlap(other, host)),
        );
      const parted = others.filter(isNew);
      const next = whole === undefined && parted.length > 0 ? parted : [whole ?? others[0]];
      for (const there of next) {
        if (there === undefined || (isStandIn(old.proxy) && isStandIn(there.proxy))) continue;
        const lacks = lacking(there);
        const key = `${old.pods.label} -> ${there.pods.label} ${lacks.join()}`;
        const known = moves.get(key);
        if (known === undefined)
          moves.set(key, {
            hosts: new Set([host]),
            move: {
              hosts: [],
              before: old.pods.label,
              after: there.pods.label,
              gateway: nameOf(there.proxy),
              lacks,
            },
          });
        else known.hosts.add(host);
      }
    }
  }
  return [...moves.values()].map(({ move, hosts }) => ({ ...move, hosts: [...hosts].sort(compareText) }));
}

/** Pods that serve hosts: those that a selector finds, or those of a Deployment that istiod makes. */
interface Pods {
  readonly label: string;
  readonly selectors: readonly Labels[];
  readonly deployment: string | undefined;
}

type Labels = Readonly<Record<string, string>>;

interface Serving {
  readonly proxy: GatewayProxy;
  readonly pods: Pods;
  /** Those that lists are for. */
  readonly hosts: readonly string[];
  /** Hosts, those of redirects to https as well, and the ports by which clients come. */
  readonly ports: readonly { readonly host: string; readonly ports: readonly number[] }[];
}

function serving(world: World): readonly Serving[] {
  return world.gateways.proxies.map(proxy => {
    const ofRequests = (world.gateways.configurations.get(proxy.id) ?? []).flatMap(
      ({ virtualHosts, ports }) =>
        [...virtualHosts].map(([host, { lists }]) => ({ host, ports, isRouted: lists.length > 0 })),
    );
    const ofConnections = proxy.servers.flatMap(server =>
      namesAt(world, server).map(host => ({ host, ports: server.protocol === 'tls' ? [server.port] : [] })),
    );
    const routed = ofRequests.filter(({ isRouted }) => isRouted);
    return {
      proxy,
      pods: podsOf(proxy),
      hosts: [...new Set([...routed, ...ofConnections].map(({ host }) => host))],
      ports: [...ofRequests, ...ofConnections],
    };
  });
}

/** The names by which clients ask for connections; those without TLS have none, and the hosts say where they go. */
function namesAt(
  { connections }: World,
  { protocol, gateway, passthrough, hosts }: GatewayServer,
): readonly string[] {
  if (protocol !== 'tls' && protocol !== 'tcp') return [];
  const bound = connections.filter(({ bindings }) => bindings.includes(gateway));
  const names = bound.flatMap(list =>
    passthrough
      ? list.tls.flatMap(({ entry: { match = [] } }) => match.flatMap(({ sniHosts = [] }) => sniHosts))
      : list.hosts,
  );
  return namesInCommon(hosts, names);
}

/** The ports by which clients come for all that a host stands for. */
function portsFor({ ports }: Serving, host: string): readonly number[] {
  return [
    ...new Set(ports.flatMap(({ host: other, ports: own }) => (isSubsetOfHost(host, other) ? own : []))),
  ];
}

/** The ports by which clients come for some of it. */
function portsAt({ ports }: Serving, host: string): ReadonlySet<number> {
  return new Set(ports.flatMap(({ host: other, ports: own }) => (hostsOverlap(other, host) ? own : [])));
}

/** The label that istiod sets on the pods of a Gateway's Deployment. */
const gatewayName = 'gateway.networking.k8s.io/gateway-name';

function podsOf({ servers, ways, own }: GatewayProxy): Pods {
  const isOwn = ({ resource: { namespace, name } }: GatewayServer) => own.has(`${namespace}/${name}`);
  const gateway = (servers.find(isOwn) ?? servers[0])?.resource;
  if (gateway === undefined) return { label: 'no pods', selectors: [], deployment: undefined };
  const selectors = ways.map(({ service }) => service.spec.selector ?? {});
  if (gateway.type === 'istio.Gateway') {
    const selector = gateway.spec.selector ?? {};
    const deployed = selector[gatewayName];
    return {
      label: `the pods with ${pairs(selector)}`,
      selectors: [selector],
      deployment: deployed,
    };
  }
  const name = `${gateway.namespace}/${gateway.name}`;
  if (selectors.length > 0)
    return { label: `the pods with ${pairs(selectors[0] ?? {})}`, selectors, deployment: undefined };
  const named = (gateway.spec.addresses ?? []).flatMap(({ type, value }) =>
    type === 'Hostname' ? [value] : [],
  );
  return named.length > 0
    ? {
        label: `the pods of Service ${named.join(', ')}`,
        selectors: [],
        deployment: `service ${named.join()}`,
      }
    : { label: `the Deployment of Gateway ${name}`, selectors: [], deployment: gateway.name };
}

function pairs(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** A Service that selects by more labels than an Istio Gateway finds some of its pods. */
function arePods(a: Pods, b: Pods): boolean {
  if (a.deployment !== undefined && a.deployment === b.deployment) return true;
  return a.selectors.some(one =>
    b.selectors.some(
      other => includes(one, other) || includes(other, one) || canonicalJson(one) === canonicalJson(other),
    ),
  );
}

function includes(labels: Labels, part: Labels): boolean {
  return Object.keys(part).length > 0 && areSelected(labels, part);
}

function isStandIn({ servers }: GatewayProxy): boolean {
  return servers.every(({ resource }) => resource.source === undefined);
}

function nameOf({ servers }: GatewayProxy): AddressMove['gateway'] {
  const { namespace = '', name = '' } = servers[0]?.resource ?? {};
  return { namespace, name };
}
