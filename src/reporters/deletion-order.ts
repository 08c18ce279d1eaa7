import { type AnyResource, isRoute, nameKey } from '../2-decode/resource.ts';
import { dataPlanesOf } from '../3-link/data-plane.ts';
import { isWildcard } from '../3-link/hostname.ts';
import { once } from '../3-link/memoised.ts';
import { asNewest } from '../3-link/newest.ts';
import { findService } from '../3-link/registry.ts';
import { agedOf, byAge, isDelegate, resolveExportTo } from '../3-link/virtual-services.ts';
import type { Conversion } from '../conversion.ts';
import { missingGateways } from '../semantics/stand-ins.ts';
import { buildWorld, type World } from '../semantics/world.ts';
import type { Arrival } from './arrivals.ts';
import { arrivalsInMesh } from './in-mesh.ts';
import { arrivalsAtOldPods } from './old-pods.ts';
import { changesOnTheWay, type Interval, probesOf, triedOrders } from './tried-orders.ts';

/** VirtualServices in the order in which they are deleted. */
export interface DeletionOrder {
  readonly resources: readonly AnyResource[];
  /** The requests that are treated otherwise on the way, although this order changes the fewest. */
  readonly changes: readonly Interval[];
}

/**
 * VirtualServices in an order in which each can go by itself: whoever is left decides as before, or the routes do. Where hosts are
 * shared, each state on the way is tried out on requests and connections. A delegate goes after all who name it.
 *
 * @param going the VirtualServices
 * @param conversion what it was made of, and the routes that it makes
 * @param usesRunningPods whether the new Gateways are served by the old pods: then Istio Gateways go first
 */
export function inOrderOfDeletion(
  going: readonly AnyResource[],
  conversion: Conversion,
  usesRunningPods: boolean,
): DeletionOrder {
  const sorted = going.toSorted(byPreference);
  const arrivals = sorted.length < 2 ? [] : arrivalsOf(sorted, conversion, usesRunningPods);
  const probes = probesOf(arrivals, sorted);
  const turns = new Map(
    triedOrders(probes, sorted).flatMap(group => {
      const next = group.values();
      return group.map(resource => [resource, next] as const);
    }),
  );
  // Each group keeps its places among the others.
  const resources = sorted.map(resource => turns.get(resource)?.next().value ?? resource);
  return { resources, changes: changesOnTheWay(probes, resources) };
}

/**
 * Where every order is right, one that is right without the routes, too, for most VirtualServices: wildcards before names, those for
 * everybody before those for some namespaces, the younger ones first, and delegates last.
 */
function byPreference(a: AnyResource, b: AnyResource): number {
  const others = ranksOf(b);
  const differences = ranksOf(a).map((rank, index) => rank - (others[index] ?? 0));
  return differences.find(one => one !== 0) ?? byAge(agedOf(b), agedOf(a));
}

/** The first rank decides, the smaller one first. */
function ranksOf(resource: AnyResource): readonly number[] {
  if (resource.type !== 'istio.VirtualService' || isDelegate(resource)) return [1];
  const { exportTo, hosts = [] } = resource.spec;
  const wildcards = hosts.filter(isWildcard).map(({ length }) => length);
  const isForAll = resolveExportTo(exportTo, resource.namespace).includes('*');
  return [0, Math.min(Number.MAX_SAFE_INTEGER, ...wildcards), isForAll ? 0 : 1];
}

/** Where several VirtualServices have a say, with all that is there when the first of them goes. */
function arrivalsOf(
  going: readonly AnyResource[],
  { resources, surroundings, outputs, removed, assumptions }: Conversion,
  usesRunningPods: boolean,
): readonly Arrival[] {
  const gatewaysGone = new Set(
    [...removed].flatMap(({ type, namespace, name }) =>
      type === 'istio.Gateway' ? [`${type} ${namespace}/${name}`] : [],
    ),
  );
  const isGone = ({ type, namespace, name }: { type: string; namespace: string; name: string }) =>
    usesRunningPods && gatewaysGone.has(`${type} ${namespace}/${name}`);
  // Environments have objects of the same name; those that go by it count.
  const today = onceEach([...resources.map(({ resource }) => resource), ...surroundings, ...going]);
  const made = outputs.map(({ resource }) => (isRoute(resource) ? asNewest(resource) : resource));
  const there = onceEach([...today, ...made]).filter(one => !isGone(one));
  const absent = missingGateways(there, (type, key) => usesRunningPods && gatewaysGone.has(`${type} ${key}`));
  const leaving = new Set(going);
  const goes = (resource: AnyResource) => leaving.has(resource);
  const prepared = buildWorld([...there, ...absent], { ...assumptions, otherSide: there });
  return [
    ...arrivalsAtOldPods(prepared, goes),
    ...arrivalsInMesh(
      {
        today: once(() => buildWorld(today, { ...assumptions, otherSide: there, beside: prepared.registry })),
        prepared,
        fromOf: proxiesOf(prepared, there, outputs),
      },
      goes,
    ),
  ];
}

function onceEach(resources: readonly AnyResource[]): readonly AnyResource[] {
  return [...new Map(resources.map(one => [nameKey(one), one])).values()];
}

/** The proxies that apply what is for a host: as the conversion took it, else as labels say. */
function proxiesOf(
  { registry, mesh }: World,
  resources: readonly AnyResource[],
  outputs: Conversion['outputs'],
): (host: string) => ReturnType<ReturnType<typeof dataPlanesOf>['seenFrom']> {
  const planes = dataPlanesOf(resources, mesh.waypoints, undefined);
  const taken = new Map(
    outputs.flatMap(({ scopes = [] }) =>
      scopes.flatMap(scope =>
        scope.kind === 'mesh' ? [[scope.service.host, scope.dataPlane] as const] : [],
      ),
    ),
  );
  return host => {
    const service = findService(registry, host);
    if (service === undefined) return 'sidecar';
    const seen = planes.seenFrom(service);
    return seen === undefined ? seen : (taken.get(host) ?? seen);
  };
}
