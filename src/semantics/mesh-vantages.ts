import { planeOfNamespace } from '../3-link/data-plane.ts';
import { hostOutside, isOutside, isVisible } from '../3-link/foreign-ports.ts';
import { isWildcard } from '../3-link/hostname.ts';
import { findPort, findService, type MeshService } from '../3-link/registry.ts';
import { usedByClient } from '../3-link/same-host.ts';
import type { SidecarClient } from '../3-link/sidecars.ts';
import { isNameOf, nameInMesh, withoutPort } from './asked-host.ts';
import type { Table } from './decide.ts';
import { type MeshProxy, waypointInUse } from './mesh.ts';
import {
  clientLabels,
  clientNamespaces,
  foreignPortsOf,
  type Labels,
  listsFor,
  namedPortsOf,
  noPorts,
  portsOf,
} from './mesh-clients.ts';
import { meshTable, sees, untouched } from './mesh-table.ts';
import { isSameAtWaypoint } from './same-at-waypoint.ts';
import type { Vantage } from './vantage.ts';
import type { World } from './world.ts';

type MeshProxyKind = MeshProxy['kind'];

/** A host that only lists of sidecars are for. */
function outsideOf(worlds: readonly World[], host: string, sides: MeshSides): MeshService | undefined {
  if (sides.before !== 'sidecar' || isWildcard(host)) return undefined;
  const [list] = worlds.flatMap(({ mesh }) => mesh.byHost.get(host) ?? []);
  return list === undefined ? undefined : hostOutside(host, list.namespace);
}

/** The proxies of the two sides that are compared inside the mesh. */
export interface MeshSides {
  readonly before: MeshProxyKind;
  /** Each is compared with the one before. */
  readonly after: readonly MeshProxyKind[];
  /** The side on which there is no waypoint, so that requests go on as they are. */
  readonly without?: 'before' | 'after';
  /** Where the waypoint of the side after runs, if it may be elsewhere. */
  readonly later?: string;
}

/**
 * Looks at one host inside the mesh from everywhere it can look different: every port that carries HTTP, every namespace
 * and every set of client labels that some list asks for.
 */
export function meshVantages(
  before: World,
  after: World,
  host: string,
  sides: MeshSides,
  waypointNamespace?: string,
): readonly Vantage[] {
  const isImagined = waypointNamespace === undefined;
  const [old, now] = [findService(before.registry, host), findService(after.registry, host)];
  const service = old ?? now ?? outsideOf([before, after], host, sides);
  if (service === undefined) return [];
  const lists = [...listsFor(before, service), ...listsFor(after, service)];
  // A port that only the side after has is a new one; one that carries HTTP on one side only is the same port.
  const common = now === undefined || now === old ? [] : portsOf(now, lists);
  const foreign = sides.before === 'sidecar' ? foreignPortsOf([before, after], service, lists) : [];
  const alike = [before, after].flatMap(({ registry }) => registry.ofSameHost.get(service.host) ?? []);
  const ports = new Set([
    ...portsOf(service, lists),
    ...alike.flatMap(one => portsOf(one, lists)),
    ...common.filter(port => findPort(service, port) !== undefined),
    ...foreign.map(({ number }) => number),
  ]);
  const portsByName = sides.before === 'sidecar' ? namedPortsOf([before, after], service, lists) : noPorts;
  const namespaces =
    sides.before === 'sidecar'
      ? clientNamespaces(
          [before, after],
          service,
          lists,
          foreign.flatMap(({ of }) => of),
          alike,
        )
      : [waypointNamespace ?? service.namespace];
  const usedBy = ({ registry, mesh }: World, client: SidecarClient, port: number) =>
    alike.length === 0 || sides.before === 'waypoint'
      ? [service]
      : usedByClient(registry, client.namespace, service, one => isVisible(mesh.sidecars, client, one, port));
  const proxy = (kind: MeshProxyKind, namespace: string, labels: Labels): MeshProxy =>
    kind === 'sidecar'
      ? { kind, namespace, labels }
      : { kind, namespace: waypointNamespace ?? service.namespace };
  const ambientSide = (namespace: string) =>
    sides.before === 'sidecar' ? sideInAmbientMode(before, after, namespace) : undefined;
  const tableOn = (side: Side, world: World, caller: MeshProxy, used: MeshService, port: number) => {
    if (caller.kind === 'sidecar' && ambientSide(caller.namespace) === side)
      return ambientTable(world, caller, used, port);
    return sides.without === side
      ? untouched(world, caller, used, port)
      : meshTable(world, caller, used, port);
  };
  const labelsOfClients = clientLabels([before, after], lists, sides.before);
  const clients = [...new Set([...ports, ...portsByName])].flatMap(port =>
    namespaces.flatMap(namespace =>
      labelsOfClients
        .flatMap(labels => usedBy(before, { namespace, labels }, port).map(used => ({ labels, used })))
        .map(({ labels, used }) => ({
          labels,
          used,
          isKnown: sides.before === 'waypoint' || sees(before, { namespace, labels }, used, port),
        }))
        .filter(({ isKnown }) => (isKnown ? ports : portsByName).has(port))
        .map(({ labels, used, isKnown }) => ({
          port,
          namespace,
          labels,
          used,
          isKnown,
          table: tableOn('before', before, proxy(sides.before, namespace, labels), used, port),
        })),
    ),
  );
  const atSidecars = new Map<(typeof clients)[number], Table>();
  return sides.after.flatMap(kind =>
    clients.flatMap((client): readonly Vantage[] => {
      const { port, namespace, labels, used, isKnown, table } = client;
      // A client that calls a name alone, or another object of that host, does not move to a waypoint with clients of the Service.
      const isOfService = isKnown && used.namespace === service.namespace && !isOutside(service);
      if (!isOfService && kind !== sides.before) return [];
      const caller = proxy(kind, namespace, labels);
      const later = usedBy(after, { namespace, labels }, port);
      const now = later.find(one => one.namespace === used.namespace) ?? later[0] ?? used;
      const atSidecar = kind === 'waypoint' ? atSidecars.get(client) : undefined;
      const decider =
        kind === 'waypoint' && sides.later !== undefined ? { ...caller, namespace: sides.later } : caller;
      const isSame =
        atSidecar !== undefined &&
        decider.namespace === namespace &&
        ambientSide(namespace) === undefined &&
        isSameAtWaypoint(after, { kind: 'sidecar', namespace, labels }, now, port);
      const tableAfter = isSame ? atSidecar : tableOn('after', after, decider, now, port);
      if (kind === 'sidecar') atSidecars.set(client, tableAfter);
      // For a name that no list is applied to there is no request to try.
      if (!isKnown && table.rules.length + tableAfter.rules.length === 0) return [];
      return [
        {
          label: `${labelOf(sides.before, kind, namespace, service, labels)}${changeOf(sides.without, ambientSide(namespace))}`,
          host: service.host,
          address: { scheme: 'http', host: nameInMesh(service), port },
          isName: authority => isNameOf(service, withoutPort(authority)),
          client: sides.before === 'sidecar' ? namespace : undefined,
          moves: kind !== sides.before,
          ...(kind !== sides.before && isImagined && { isImagined }),
          before: table,
          after: tableAfter,
        },
      ];
    }),
  );
}

type Side = 'before' | 'after';

/** The side on which the labels of a Namespace put its clients in ambient mode, where they have sidecars on the other one. */
function sideInAmbientMode(before: World, after: World, namespace: string): Side | undefined {
  const [old, now] = [before, after].map(({ mesh }) => planeOfNamespace(mesh.waypoints, namespace));
  if (old === undefined || now === undefined || old === now) return undefined;
  return now === 'ambient' ? 'after' : 'before';
}

/** Clients in ambient mode leave it to the waypoint of the Service, if it has one. */
function ambientTable(world: World, caller: MeshProxy, service: MeshService, port: number): Table {
  const home = waypointInUse(world, service);
  return home === undefined
    ? untouched(world, caller, service, port)
    : meshTable(world, { kind: 'waypoint', namespace: home }, service, port);
}

function changeOf(without: Side | undefined, ambient: Side | undefined): string {
  if (without !== undefined) return without === 'after' ? ', then no waypoint' : ', before no waypoint';
  if (ambient === undefined) return '';
  return ambient === 'after' ? ', then in ambient mode' : ', before in ambient mode';
}

function labelOf(
  before: MeshProxyKind,
  after: MeshProxyKind,
  namespace: string,
  service: MeshService,
  labels: Labels,
): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const own = pairs.length === 0 ? '' : ` with ${pairs.join(' and ')}`;
  const place = (kind: MeshProxyKind) =>
    kind === 'sidecar' ? `sidecar in ${namespace}${own}` : `waypoint of ${service.name}.${service.namespace}`;
  return before === after ? place(after) : `${place(before)}, then ${place(after)}`;
}
