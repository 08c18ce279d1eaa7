import { includesNamespace } from '../3-link/export-to.ts';
import { isExported } from '../3-link/foreign-ports.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { findPort, findService, type MeshService } from '../3-link/registry.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import { httpDestinations } from '../3-link/subsets/destinations.ts';
import type * as istio from '../istio/index.ts';
import type { MeshProxy } from './mesh.ts';
import type { World } from './world.ts';

type Sidecar = Extract<MeshProxy, { readonly kind: 'sidecar' }>;

/**
 * Whether a waypoint in the namespace of a sidecar has the same table for a port of a Service as the sidecar, which is so for most:
 * one list has the host, all see it, and nothing in it depends on the sort of proxy. This asks for each thing in which
 * `meshTable` tells the two apart.
 *
 * @returns false where they may differ
 */
export function isSameAtWaypoint(
  world: World,
  sidecar: Sidecar,
  service: MeshService,
  port: number,
): boolean {
  const { mesh, registry } = world;
  const { namespace } = sidecar;
  // Clients with a Sidecar object, or with Services that are exported to some namespaces, have clusters of their own.
  if (mesh.sidecars.all.length > 0 || world.clusters.ofSidecar(sidecar) !== undefined) return false;
  if (!isExported(service, namespace) || registry.ofSameHost.has(service.host)) return false;
  // At a port that the Service does not have, a list counts at sidecars alone.
  const own = findService(registry, service.host);
  const found = own === undefined ? undefined : findPort(own, port);
  if (found === undefined || !carriesHttp(found.protocol)) return false;
  const [list, ...others] = mesh.byHost.get(service.host) ?? [];
  if (list === undefined || others.length > 0) return false;
  // A waypoint compares them with the Service's name as they are written.
  if (list.capitals !== undefined) return false;
  if (list.namespace !== namespace && list.namespace !== service.namespace) return false;
  if (!includesNamespace(list.exportTo, namespace)) return false;
  if (mesh.wildcards.some(({ hosts }) => hosts.some(host => hostsOverlap(host, service.host)))) return false;
  // Where no entry takes part, a request goes on by itself, and the hash of a port counts at a sidecar alone.
  let isTaken = false;
  for (const { http } of list.entries) {
    const { match = [] } = http;
    if (match.some(({ sourceLabels }) => sourceLabels !== undefined)) return false;
    isTaken ||= match.length === 0 || match.some(isAnywhere);
    if (!httpDestinations(http).every(to => isAlike(world, namespace, to, port))) return false;
  }
  return isTaken;
}

function isAnywhere({ port, gateways, sourceNamespace }: istio.HTTPMatchRequest): boolean {
  return !port && gateways === undefined && !sourceNamespace;
}

/**
 * Whether a destination is the same for both. A sidecar follows an ExternalName, a waypoint does not. A sidecar knows the port of its
 * listener alone, a waypoint all ports.
 */
function isAlike(
  { registry }: World,
  namespace: string,
  { host, port }: istio.Destination,
  listenerPort: number,
): boolean {
  const service = findService(registry, host);
  if (service === undefined || registry.ofSameHost.has(service.host)) return false;
  if (service.externalName !== undefined || !isExported(service, namespace)) return false;
  const [only, ...others] = service.ports;
  return (
    port?.number !== undefined || only === undefined || others.length > 0 || only.number === listenerPort
  );
}
