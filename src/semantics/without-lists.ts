import type { AnyResource } from '../2-decode/resource.ts';
import { resolveHost } from '../3-link/host.ts';
import type { VirtualService } from '../3-link/virtual-services.ts';
import { clustersOf } from './clusters.ts';
import { indexConnections } from './connection-lists.ts';
import type { World } from './world.ts';

/**
 * A world without some VirtualServices, as proxies inside the mesh see it. Everything else is shared, so that a world costs little.
 */
export function withoutLists(world: World, gone: readonly VirtualService[]): World {
  if (gone.length === 0) return world;
  const leaving = new Set<AnyResource>(gone);
  const isThere = ({ resource }: { readonly resource: unknown }) => !leaving.has(resource as AnyResource);
  const byHost = new Map(world.mesh.byHost);
  for (const { namespace, spec } of gone)
    for (const written of spec.hosts ?? []) {
      const host = resolveHost(written, namespace);
      const left = byHost.get(host)?.filter(isThere) ?? [];
      if (left.length > 0) byHost.set(host, left);
      else byHost.delete(host);
    }
  const mesh = { ...world.mesh, byHost, wildcards: world.mesh.wildcards.filter(isThere) };
  const left = world.connections.filter(isThere);
  const isSame = left.length === world.connections.length;
  const connections = isSame ? world.connections : left;
  return {
    ...world,
    mesh,
    clusters: clustersOf(world.registry, mesh, connections),
    connections,
    connectionIndex: isSame ? world.connectionIndex : indexConnections(connections),
  };
}
