import type { GatewayProxy } from '../3-link/gateway-servers.ts';
import { hostsOverlap, isWildcard } from '../3-link/hostname.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type { GatewayMapping } from '../options.ts';
import type { RouteConfiguration } from './gateway.ts';
import { gatewayVantages, meshVantages, type Vantage } from './vantages.ts';
import type { World } from './world.ts';

/**
 * Every place from which two worlds can look different: all hosts inside the mesh that either side names, from sidecars
 * and from waypoints, and all hosts at gateways.
 *
 * @param host also looked at at every gateway, for it may be one that a wildcard covers
 */
export function worldVantages(
  before: World,
  after: World,
  gatewayMap: readonly GatewayMapping[],
  host?: string,
): readonly Vantage[] {
  const mesh = meshHosts(before, after).flatMap(host => [
    ...meshVantages(before, after, host, { before: 'sidecar', after: 'sidecar' }),
    ...meshVantages(before, after, host, { before: 'waypoint', after: 'waypoint' }),
  ]);
  return [
    ...mesh,
    ...pairGateways(before, after, gatewayMap, host).flatMap(pair => gatewayVantages(before, after, pair)),
  ];
}

/** Hosts that lists name, and the Services that their wildcards cover. */
function meshHosts(before: World, after: World): readonly string[] {
  const hosts = new Set<string>();
  for (const { mesh, registry } of [before, after]) {
    for (const host of mesh.byHost.keys()) hosts.add(host);
    const wildcards = mesh.wildcards.flatMap(list => list.hosts.filter(isWildcard));
    if (wildcards.length === 0) continue;
    for (const host of registry.byHost.keys()) {
      if (wildcards.some(wildcard => hostsOverlap(wildcard, host))) hosts.add(host);
    }
  }
  return [...hosts].sort(compareText);
}

/** A gateway, by what objects bind to, and its route configurations. */
interface Door {
  readonly key: string;
  readonly label: string;
  readonly proxy: GatewayProxy;
  readonly configurations: readonly RouteConfiguration[];
  readonly hosts: ReadonlySet<string>;
}

/** Gateways are compared with those of the same name, with those that a mapping names, or with those that serve most of their hosts. */
function pairGateways(
  before: World,
  after: World,
  gatewayMap: readonly GatewayMapping[],
  host: string | undefined,
): readonly Parameters<typeof gatewayVantages>[2][] {
  const [left, right] = [doorsOf(before), doorsOf(after)];
  const pairs: (readonly [Door | undefined, Door | undefined])[] = [];
  const taken = new Set<Door>();
  for (const door of left) {
    const mapping = gatewayMap.find(({ from }) => `${from.namespace}/${from.name}` === door.key);
    const wanted = mapping === undefined ? door.key : `${mapping.to.namespace}/${mapping.to.name}`;
    const partner = right.find(({ key }) => key === wanted) ?? mostAlike(door, right);
    if (partner !== undefined) taken.add(partner);
    pairs.push([door, partner]);
  }
  for (const door of right) if (!taken.has(door)) pairs.push([undefined, door]);
  return pairs.map(([a, b]) => pairOf(a, b, host));
}

function doorsOf({ gateways }: World): readonly Door[] {
  return gateways.proxies.flatMap(proxy => {
    const configurations = gateways.configurations.get(proxy.id) ?? [];
    const keys = new Set(proxy.servers.map(({ resource }) => `${resource.namespace}/${resource.name}`));
    return [...keys].flatMap(key => {
      const hosts = new Set(
        configurations.flatMap(({ virtualHosts }) =>
          [...virtualHosts].flatMap(([host, { lists }]) =>
            lists.some(({ server }) => `${server.resource.namespace}/${server.resource.name}` === key)
              ? [host]
              : [],
          ),
        ),
      );
      return hosts.size === 0 ? [] : [{ key, label: `gateway ${key}`, proxy, configurations, hosts }];
    });
  });
}

function mostAlike(door: Door, candidates: readonly Door[]): Door | undefined {
  const scored = candidates.map(candidate => ({
    candidate,
    shared: [...door.hosts].filter(host => candidate.hosts.has(host)).length,
  }));
  const best = scored.filter(({ shared }) => shared > 0).sort((a, b) => b.shared - a.shared)[0];
  return best?.candidate;
}

function pairOf(
  before: Door | undefined,
  after: Door | undefined,
  host: string | undefined,
): Parameters<typeof gatewayVantages>[2] {
  const hosts = [
    ...new Set([...(before?.hosts ?? []), ...(after?.hosts ?? []), ...(host === undefined ? [] : [host])]),
  ].sort(compareText);
  const schemes = ['http', 'https'] as const;
  const entrances = schemes.flatMap(scheme => {
    const [mine, theirs] = [portsOf(before, scheme), portsOf(after, scheme)];
    // What a gateway that nobody showed us listens on is not known: only what the other side serves counts.
    if (isStandIn(before) && theirs.length === 0) return [];
    const ports = mine.length > 0 ? mine : theirs;
    return ports.map(port => ({
      scheme,
      before: port,
      after: theirs.includes(port) ? port : (theirs[0] ?? port),
    }));
  });
  const label =
    before?.label === after?.label
      ? (before?.label ?? '')
      : [before?.label ?? 'no gateway', after?.label ?? 'no gateway'].join(', then ');
  return {
    label,
    binding: undefined,
    before: before?.configurations ?? [],
    after: after?.configurations ?? [],
    hosts,
    entrances,
  };
}

function portsOf(door: Door | undefined, scheme: 'http' | 'https'): readonly number[] {
  return [
    ...new Set((door?.configurations ?? []).filter(found => found.scheme === scheme).map(({ port }) => port)),
  ];
}

function isStandIn(door: Door | undefined): boolean {
  return door?.proxy.servers.every(({ resource }) => resource.source === undefined) ?? false;
}
