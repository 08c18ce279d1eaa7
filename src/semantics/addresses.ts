import { canonicalJson } from '../3-link/canonical.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import type { GatewayProxy } from '../3-link/gateways/gateway-servers.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { areSelected } from '../3-link/labels.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type { World } from './world.ts';

/** Hosts that other pods serve than before, so that clients find them at another address. */
export interface AddressMove {
  readonly hosts: readonly string[];
  /** For people: `the pods with istio=ingressgateway`, `the Deployment of Gateway shop/public`. */
  readonly before: string;
  readonly after: string;
  /** The gateway after the move. */
  readonly gateway: { readonly namespace: string; readonly name: string };
}

/**
 * Finds the hosts that move from the pods of one gateway to those of another. istiod makes a Deployment and a Service of its own
 * for each Gateway of the Gateway API, unless its `spec.addresses` names the Service of other pods.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
 */
export function addressMoves(before: World, after: World): readonly AddressMove[] {
  const [left, right] = [serving(before), serving(after)];
  const moves = new Map<string, { move: AddressMove; hosts: Set<string> }>();
  for (const { proxy: old, pods, hosts } of left) {
    for (const host of hosts) {
      const now = right.filter(one => one.hosts.some(other => hostsOverlap(other, host)));
      const [next] = now;
      // Where one of them is at the same pods, clients go on finding it.
      if (next === undefined || now.some(one => arePods(pods, one.pods))) continue;
      if (isStandIn(old) && isStandIn(next.proxy)) continue;
      const key = `${pods.label} -> ${next.pods.label}`;
      const known = moves.get(key);
      if (known === undefined)
        moves.set(key, {
          hosts: new Set([host]),
          move: { hosts: [], before: pods.label, after: next.pods.label, gateway: nameOf(next.proxy) },
        });
      else known.hosts.add(host);
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
  readonly hosts: readonly string[];
}

function serving(world: World): readonly Serving[] {
  const bound = new Set(world.connections.flatMap(({ bindings }) => bindings));
  return world.gateways.proxies.map(proxy => {
    const ofRequests = (world.gateways.configurations.get(proxy.id) ?? []).flatMap(({ virtualHosts }) =>
      [...virtualHosts].flatMap(([host, { lists }]) => (lists.length === 0 ? [] : [host])),
    );
    const ofConnections = proxy.servers
      .filter(({ protocol, gateway }) => (protocol === 'tls' || protocol === 'tcp') && bound.has(gateway))
      .flatMap(({ hosts }) => hosts.map(({ host }) => host));
    return { proxy, pods: podsOf(proxy), hosts: [...new Set([...ofRequests, ...ofConnections])] };
  });
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
