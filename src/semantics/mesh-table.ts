import { isAppliedAtForeignPort, isOutside, isVisible, nameAlone } from '../3-link/foreign-ports.ts';
import { findPort, findService, type MeshService } from '../3-link/registry.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import type { SidecarClient } from '../3-link/sidecars.ts';
import type { Action } from './action.ts';
import { nameInMesh } from './asked-host.ts';
import { findBackend, isSpreadByHash } from './backend.ts';
import { compileRetries } from './compile-entry.ts';
import type { Table } from './decide.ts';
import { appliesHere, type MeshProxy, meshRules } from './mesh.ts';
import type { ChosenDestination } from './outcome.ts';
import { withoutHash } from './route-hash.ts';
import type { World } from './world.ts';

/** Requests that no proxy looks at. */
export function untouched(world: World, caller: MeshProxy, service: MeshService, port: number): Table {
  return { rules: [], fallback: passThrough(world, caller, service, port), httpsRedirect: false };
}

/** A client that does not see a Service has no virtual host for its names, but for what a list is applied to by name. */
export function sees({ mesh }: World, client: SidecarClient, service: MeshService, port: number): boolean {
  return isVisible(mesh.sidecars, client, service, port);
}

/** The rules of a proxy inside the mesh for the requests to one port of a host. */
export function meshTable(world: World, proxy: MeshProxy, service: MeshService, port: number): Table {
  const isKnown = proxy.kind === 'waypoint' || sees(world, proxy, service, port);
  const reading = isKnown ? readingOf(world, service, port) : 'nothing';
  if (reading !== 'requests') {
    const action =
      reading === 'nothing' &&
      proxy.kind === 'sidecar' &&
      (isOutside(service) || reachesSomebody(findService(world.registry, service.host), port))
        ? asAddressed(service, port)
        : passThrough(world, proxy, service, port);
    if (reading === 'nothing' && proxy.kind === 'sidecar') {
      const { httpPorts, mesh } = world;
      const named = isKnown ? service : nameAlone(service);
      const isAsked = isAppliedAtForeignPort(httpPorts, mesh.sidecars, proxy, named, port);
      const rules = meshRules(world, proxy, service, port, isAsked);
      if (rules.some(appliesHere)) return { rules, fallback: undefined, httpsRedirect: false };
    }
    return { rules: [], fallback: reading === 'nothing' ? action : unread(action), httpsRedirect: false };
  }
  const rules = meshRules(world, proxy, service, port);
  const fallback = rules.some(appliesHere) ? undefined : passThrough(world, proxy, service, port);
  return { rules, fallback, httpsRedirect: false };
}

/**
 * How a proxy reads what is sent to a port: a port that is not declared to carry HTTP has a listener for connections, to which
 * no http entry and no rule applies (listener.go, buildSidecarOutboundListener); one that does not exist has none.
 */
function readingOf(
  { registry }: World,
  used: MeshService,
  port: number,
): 'requests' | 'connections' | 'nothing' {
  const service = registry.ofSameHost.has(used.host) ? used : findService(registry, used.host);
  const found = service === undefined ? undefined : findPort(service, port);
  if (found === undefined) return 'nothing';
  return carriesHttp(found.protocol) ? 'requests' : 'connections';
}

/**
 * Whether somebody may be behind the address and port that a client asked for itself: behind the address of a Service only at its
 * ports, behind those of pods and of hosts outside the mesh at any.
 */
function reachesSomebody(service: MeshService | undefined, port: number): boolean {
  if (service === undefined) return false;
  const { kind, resource, externalName, assumed } = service;
  if (assumed) return false;
  if (kind === 'ServiceEntry' || externalName !== undefined) return true;
  const isHeadless = resource?.type === 'core.Service' && resource.spec?.clusterIP === 'None';
  return isHeadless || findPort(service, port) !== undefined;
}

/** Without a listener or a route a sidecar sends on what it is sent, to where it was sent (PassthroughCluster). */
function asAddressed({ host }: MeshService, port: number): Action {
  return toOne(
    {
      backend: 'cluster PassthroughCluster',
      label: `${host}:${port} as it was addressed, past all routes`,
      trafficPolicy: '{}',
    },
    'none',
  );
}

/** All requests go to one destination as they are. */
function toOne(
  destination: Pick<ChosenDestination, 'backend' | 'label' | 'trafficPolicy' | 'nextHop'>,
  retries: string,
): Action {
  return {
    kind: 'forward',
    path: { kind: 'none' },
    destinations: [
      {
        ...destination,
        weight: 1,
        total: 1,
        authority: undefined,
        requestHeaders: {},
        responseHeaders: {},
      },
    ],
    mirrors: [],
    timeout: 0,
    retries,
    cors: '',
    fault: '',
  };
}

/** Connections are passed on as they are: nothing of a request is tried again. */
function unread(action: Action): Action {
  if (action.kind !== 'forward') return action;
  const destinations = action.destinations.map(one => ({
    ...one,
    label: `${one.label} as connections, since the port does not carry HTTP`,
  }));
  return { ...action, destinations, retries: 'none' };
}

/** Without any list the requests go to the Service itself (httproute.go, buildSidecarVirtualHostForService). */
function passThrough(world: World, proxy: MeshProxy, service: MeshService, port: number): Action {
  const caller = { namespace: proxy.namespace, missingStatus: 503 } as const;
  const backend = findBackend(
    world,
    caller,
    { host: service.host, port: { number: port } },
    port,
    nameInMesh(service),
  );
  const { key, label, nextHop } = backend;
  // By itself a waypoint takes the hash of the host and not that of a port (httproute.go, buildSidecarInboundHTTPRouteConfig).
  const isHashed = proxy.kind !== 'waypoint' || isSpreadByHash(world, caller, { host: service.host });
  const trafficPolicy = isHashed ? backend.trafficPolicy : withoutHash(backend.trafficPolicy);
  return toOne({ backend: key, label, trafficPolicy, nextHop }, compileRetries(world.defaultRetries));
}
