import { type AnyResource, nameKey, type Resource } from '../2-decode/resource.ts';
import { gatewayProxies } from '../3-link/gateways/gateway-servers.ts';
import { groupBy, groupByEach } from '../3-link/group-by.ts';
import { lowerCaseHost, resolveGateway } from '../3-link/host.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { rootNamespaceOf } from '../3-link/root-namespace.ts';
import type { GatewayScope } from '../3-link/scopes.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type { Conversion } from '../conversion.ts';
import { shellWord } from '../diagnostics/shell-word.ts';

/** The part of a cut-over that DNS and load balancers have to do with. */
export interface MovingHosts {
  /** The Gateways with addresses of their own, new ones and those that were there, by namespace and name. */
  readonly gateways: readonly { readonly namespace: string; readonly name: string }[];
  /** Comments: which hosts move to them, and which stay at the old pods. */
  readonly notes: readonly string[];
}

/**
 * The hosts whose clients have to be sent to other Gateways. VirtualServices that stay keep their hosts at the old pods, although a
 * wildcard that moves may cover these.
 */
export function movingHosts({ outputs, resources, surroundings, removed }: Conversion): MovingHosts {
  const kept = new Set(
    outputs.flatMap(({ resource }) =>
      resource.type === 'gateway.Gateway' && resource.spec.addresses !== undefined
        ? [`${resource.namespace}/${resource.name}`]
        : [],
    ),
  );
  const moves = outputs.flatMap(({ resource, scopes = [] }) =>
    scopes.flatMap(scope =>
      scope.kind === 'gateway' && !kept.has(`${scope.target.namespace}/${scope.target.name}`)
        ? [{ resource, scope }]
        : [],
    ),
  );
  const made = new Set(
    outputs.flatMap(({ resource: { type, namespace, name } }) =>
      type === 'gateway.Gateway' && !kept.has(`${namespace}/${name}`) ? [`${namespace}/${name}`] : [],
    ),
  );
  // A redirect to https has routes of its own, also for hosts without a VirtualService.
  const attached = outputs.filter(({ resource }) => gatewaysOf(resource).some(gateway => made.has(gateway)));
  const hosts = new Set([...moves, ...attached].flatMap(({ resource }) => hostnamesOf(resource)));
  const ports = new Set(moves.flatMap(({ resource, scope }) => portsOf(resource, scope)));
  const movingFrom = groupByEach(moves, ({ resource, scope }) =>
    hostnamesOf(resource).map(host => `${scope.gateway} ${host}`),
  );
  const left = new Set(moves.map(({ scope }) => scope.gateway));
  const arePodsLeft = podsOf([...resources.map(({ resource }) => resource), ...surroundings], left);
  const staying = resources.flatMap(({ resource, diagnostics }) => {
    if (resource.type !== 'istio.VirtualService' || removed.has(resource)) return [];
    // One without an effect today keeps no client.
    if (diagnostics.some(({ code }) => code === 'nothing-to-attach')) return [];
    const { gateways = [], hosts: written = [] } = resource.spec;
    const own = written.map(lowerCaseHost);
    const outside = gateways
      .filter(gateway => gateway !== 'mesh')
      .map(gateway => resolveGateway(gateway, resource.namespace));
    const isLeft = outside.some(gateway => left.has(gateway));
    const isCovered = (host: string): boolean =>
      outside.length > 0 && [...hosts].some(moving => moving !== host && hostsOverlap(moving, host));
    // VirtualServices that share a host at a gateway convert together, so that one that stays where its host moves from has no effect there.
    const hasEffect = (host: string) => !outside.some(gateway => movingFrom.has(`${gateway} ${host}`));
    // Connections without TLS have no name, and every host says nothing of the address that clients use.
    const kept =
      isLeft && isForPortsAlone(resource)
        ? portsThatStay(resource, outside, resources)
        : own.filter(host => (isLeft && hasEffect(host)) || isCovered(host));
    const pods: readonly (string | undefined)[] = outside.some(arePodsLeft) ? [undefined] : outside;
    // Two Gateways on pods of their own can have one host: clients of the one move, and those of the other stay.
    const same = isLeft ? [] : own.filter(host => hosts.has(host));
    return [
      ...pods.flatMap(ofGateway => kept.map(host => ({ host, pods: ofGateway }))),
      ...outside.flatMap(gateway => same.map(host => ({ host, pods: gateway }))),
    ];
  });
  const named = [...hosts, ...[...ports].map(port => `port ${port}`)];
  const targets = new Map(
    moves.map(({ scope: { target } }) => [`${target.namespace}/${target.name}`, target]),
  );
  return {
    gateways: [...targets.values()].toSorted(
      (a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name),
    ),
    notes: [
      ...noteOf('Hosts that move', named),
      ...[...groupBy(staying, ({ pods }) => pods)]
        .toSorted(([a = ''], [b = '']) => compareText(a, b))
        .flatMap(([pods, own]) =>
          noteOf(
            `Hosts that stay at ${pods === undefined ? 'the old pods' : `the pods of Istio Gateway ${pods}`}`,
            [...new Set(own.map(({ host }) => host))],
          ),
        ),
    ],
  };
}

/** @returns whether an Istio Gateway shares pods with one that clients leave, as far as is known */
function podsOf(resources: readonly AnyResource[], left: ReadonlySet<string>): (gateway: string) => boolean {
  const all = [...new Map(resources.map(resource => [nameKey(resource), resource])).values()];
  const proxies = gatewayProxies(all, { rootNamespace: rootNamespaceOf(all) }).map(
    ({ own, servers }) => new Set([...own, ...servers.map(({ gateway }) => gateway)]),
  );
  const known = new Set(proxies.flatMap(gateways => [...gateways]));
  const isUnknown = [...left].some(gateway => !known.has(gateway));
  const shared = new Set(
    proxies
      .filter(gateways => [...left].some(gateway => gateways.has(gateway)))
      .flatMap(gateways => [...gateways]),
  );
  return gateway => isUnknown || shared.has(gateway) || !known.has(gateway);
}

type VirtualService = Resource<'istio.VirtualService'>;

function isForPortsAlone({ spec: { hosts = [], http = [], tls = [], tcp = [] } }: VirtualService): boolean {
  return tcp.length > 0 && http.length + tls.length === 0 && hosts.every(host => host === '*');
}

/** The ports of the entries of a VirtualService; an entry without one is for each port that its Istio Gateways have for TCP. */
function portsThatStay(
  { spec: { tcp = [] } }: VirtualService,
  gateways: readonly string[],
  resources: Conversion['resources'],
): readonly string[] {
  const named = tcp.flatMap(({ match = [] }) => match.flatMap(({ port }) => port ?? []));
  const all = resources.flatMap(({ resource }) =>
    resource.type === 'istio.Gateway' && gateways.includes(`${resource.namespace}/${resource.name}`)
      ? (resource.spec.servers ?? []).flatMap(({ port }) =>
          port?.protocol?.toUpperCase() === 'TCP' ? (port.number ?? []) : [],
        )
      : [],
  );
  const isForAll = tcp.some(({ match = [] }) => match.length === 0 || match.some(({ port }) => !port));
  return [...new Set(isForAll ? [...named, ...all] : named)].map(port => `port ${port}`);
}

function noteOf(title: string, hosts: readonly string[]): readonly string[] {
  return hosts.length === 0 ? [] : [`# ${title}: ${hosts.toSorted(compareText).map(shellWord).join(', ')}`];
}

/** `NAMESPACE/NAME` of the Gateways that an HTTPRoute is attached to. */
function gatewaysOf(route: AnyResource): readonly string[] {
  if (route.type !== 'gateway.HTTPRoute') return [];
  return (route.spec.parentRefs ?? [])
    .filter(({ kind = 'Gateway' }) => kind === 'Gateway')
    .map(({ namespace = route.namespace, name }) => `${namespace}/${name}`);
}

function hostnamesOf(route: AnyResource): readonly string[] {
  switch (route.type) {
    case 'gateway.HTTPRoute':
    case 'gateway.GRPCRoute':
    case 'gateway.TLSRoute':
      return route.spec.hostnames ?? ['*'];
    default:
      return [];
  }
}

/** Connections without TLS have no name. */
function portsOf(route: AnyResource, { port, servers }: GatewayScope): readonly number[] {
  if (route.type !== 'gateway.TCPRoute') return [];
  return port === undefined ? servers.map(server => server.port) : [port];
}
