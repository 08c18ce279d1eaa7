import { type AnyResource, isType } from '../2-decode/resource.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import { otherNames } from '../3-link/other-names.ts';
import { findService } from '../3-link/registry.ts';
import { resolveVirtualServices } from '../3-link/resolve-virtual-services.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import { leadsToGateway } from '../semantics/next-hop.ts';
import type { Touched } from '../semantics/places.ts';
import type { World } from '../semantics/world.ts';

/**
 * The hosts that can differ between two sides of which few VirtualServices differ: those that these have. It is undefined where
 * everything has to be asked: where there is not much, and where anything else differs, since a Service, a DestinationRule,
 * a Sidecar or a Gateway changes what becomes of hosts that it does not name.
 *
 * @param sides the objects of each; those of a text that both have are the same ones
 * @param many so many objects of both sides are much
 */
export function changedReach(
  sides: readonly [readonly AnyResource[], readonly AnyResource[]],
  worlds: readonly [World, World],
  many: number,
): Touched | undefined {
  const [before, after] = sides;
  if (before.length + after.length < many) return undefined;
  const changed = [...notIn(before, after), ...notIn(after, before)];
  const services = changed.filter(isType('istio.VirtualService'));
  if (services.length < changed.length) return undefined;
  // Entries of a delegate are part of others, and a VirtualService with a delegate holds parts of it.
  const isWhole = services.every(
    ({ spec }) =>
      (spec.hosts ?? []).length > 0 && (spec.http ?? []).every(({ delegate }) => delegate === undefined),
  );
  if (!isWhole) return undefined;
  const resolved = resolveVirtualServices(services);
  const isBound = resolved.some(({ gateways }) => gateways.some(gateway => gateway !== 'mesh'));
  // Those who send to the pods of a gateway depend on what it serves.
  if (isBound && sides.some((side, index) => sendsToGateways(side, worlds[index === 0 ? 0 : 1])))
    return undefined;
  const destinations = new Set(resolved.flatMap(vs => destinationsOf(vs).map(({ host }) => host)));
  const borrowers = [...destinations].flatMap(host =>
    worlds.flatMap(({ clusters }) => [...clusters.borrowersOf(host)]),
  );
  const hostsOf = (isOfThese: (gateway: string) => boolean): ReadonlySet<string> =>
    new Set(resolved.filter(vs => vs.gateways.some(isOfThese)).flatMap(({ hosts }) => hosts));
  // Sidecars give names to Services that VirtualServices have for hosts of their own.
  const named = worlds.flatMap(({ registry, mesh }) =>
    [...otherNames(registry, resolved).keys()].filter(host => mesh.byHost.has(host)),
  );
  return {
    meshHosts: new Set([...hostsOf(gateway => gateway === 'mesh'), ...borrowers, ...named]),
    gatewayHosts: hostsOf(gateway => gateway !== 'mesh'),
    // A host is asked wherever it is served, so that it is known from where nothing changes.
    gateways: new Set(worlds.flatMap(gatewaysIn)),
  };
}

function gatewaysIn({ gateways: { proxies } }: World): readonly string[] {
  return proxies.flatMap(({ servers }) =>
    servers.map(({ resource: { namespace, name } }) => `${namespace}/${name}`),
  );
}

function sendsToGateways(side: readonly AnyResource[], world: World): boolean {
  if (world.gatewayPods.size === 0) return false;
  const hosts = new Set(
    resolveVirtualServices(side).flatMap(vs => destinationsOf(vs).map(({ host }) => host)),
  );
  return [...hosts].some(host => {
    const service = findService(world.registry, host);
    const alias = service?.externalName;
    const behind = alias === undefined ? service : findService(world.registry, alias);
    return behind !== undefined && leadsToGateway(world, behind);
  });
}

/** The objects of one side that the other does not have alike. */
function notIn(side: readonly AnyResource[], other: readonly AnyResource[]): readonly AnyResource[] {
  const known = new Set(other);
  const own = side.filter(resource => !known.has(resource));
  if (own.length === 0) return [];
  const mine = new Set(side);
  const texts = new Set(other.filter(resource => !mine.has(resource)).map(textOf));
  return own.filter(resource => !texts.has(textOf(resource)));
}

function textOf(resource: AnyResource): string {
  const { source: _source, ...object } = resource;
  return canonicalJson(object);
}
