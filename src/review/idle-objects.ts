import { type AnyResource, isRoute, isType } from '../2-decode/resource.ts';
import { isWildcard } from '../3-link/hostname.ts';
import { resolveVirtualServices } from '../3-link/resolve-virtual-services.ts';
import { type ResourceRef, refOf } from '../diagnostics/resource-ref.ts';
import { meshParentHosts } from '../semantics/route-list.ts';

/**
 * An object that a pull request adds for a host inside the mesh, and the older VirtualService that has the host already: it
 * keeps a VirtualService from having any effect, and a route from having one for clients of other namespaces.
 */
export interface IdleObject {
  readonly object: ResourceRef;
  readonly by: ResourceRef;
  readonly host: string;
}

/**
 * Finds routes and VirtualServices that are beside an older VirtualService for their host, of which a sidecar applies one: a
 * migration of which one half is there. Sidecars in the namespace of a route apply the route, all others what is older.
 *
 * @param before all objects of the base: they are older than what the head adds
 * @param after all objects of the head
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, SelectVirtualServices
 */
export function idleObjects(
  before: readonly AnyResource[],
  after: readonly AnyResource[],
): readonly IdleObject[] {
  const known = new Set(before.map(keyOf));
  const isNew = (resource: AnyResource): boolean => !known.has(keyOf(resource));
  const services = resolveVirtualServices(after).filter(({ gateways }) => gateways.includes('mesh'));
  const older = new Map(
    services
      .filter(({ resource, exportTo }) => !isNew(resource) && exportTo.includes('*'))
      .flatMap(({ resource, hosts }) =>
        hosts.filter(host => !isWildcard(host)).map(host => [host, resource] as const),
      ),
  );
  if (older.size === 0) return [];
  const entries = new Map(
    after
      .filter(isType('istio.ServiceEntry'))
      .map(entry => [`${entry.namespace}/${entry.name}`, entry.spec.hosts ?? []]),
  );
  const entryHosts = (namespace: string, name: string): readonly string[] =>
    entries.get(`${namespace}/${name}`) ?? [];
  const claims = [
    ...services.map(({ resource, hosts }) => ({ resource, hosts })),
    ...after.filter(isRoute).map(resource => ({
      resource,
      hosts: (resource.spec.parentRefs ?? []).flatMap(parent =>
        meshParentHosts(parent, resource.namespace, entryHosts),
      ),
    })),
  ];
  return claims.flatMap(({ resource, hosts }): readonly IdleObject[] => {
    const host = hosts.find(one => older.has(one));
    const by = host === undefined ? undefined : older.get(host);
    // A VirtualService with other hosts besides does something there.
    if (host === undefined || by === undefined || !isNew(resource)) return [];
    return hosts.every(one => older.has(one)) ? [{ object: refOf(resource), by: refOf(by), host }] : [];
  });
}

function keyOf({ type, namespace, name }: AnyResource): string {
  return `${type} ${namespace}/${name}`;
}
