import { listenerBinding } from '../../src/3-link/gateways/gateway-servers.ts';
import { findService } from '../../src/3-link/registry.ts';
import type { GatewayTarget, Scope } from '../../src/3-link/scopes.ts';
import { waypointOf } from '../../src/3-link/waypoints.ts';
import { usedVersions } from '../../src/6-emit/version-services.ts';
import type { SettledUnit } from '../../src/7-settle/settlement.ts';
import type { Deviation } from '../../src/semantics/deviation.ts';
import { virtualHostFor } from '../../src/semantics/gateway.ts';
import { readProxyTables } from '../envoy/proxy-tables.ts';
import type { Cluster } from './cluster.ts';
import type { Side } from './examine.ts';
import { gatewayPlace, type KnownProxy, type Place } from './places.ts';
import type { Converted } from './scenario.ts';

/** Two places that have to treat requests alike, but for what was declared. */
export interface Pair {
  readonly left: Place;
  readonly right: Place;
  readonly deviations: readonly Deviation[];
}

/** Puts the places of both sides together: those of one proxy, sidecars with the waypoint that follows them, gateways. */
export function pairsOf(converted: Converted, before: Side, after: Side): readonly Pair[] {
  const { attach } = converted.scenario.options;
  // istiod does nothing about routes that are attached to waypoints only.
  const mesh = attach === 'waypoint' ? [] : meshPairs(converted, before, after);
  return [...mesh, ...gatewayPairs(converted, before, after)];
}

function meshPairs(converted: Converted, before: Side, after: Side): readonly Pair[] {
  const byLabel = new Map(after.places.map(place => [place.label, place]));
  const atWaypoint = new Map(
    after.places
      .filter(({ proxy }) => proxy.request.kind === 'waypoint')
      .map(place => [`${place.service} ${place.address.port}`, place]),
  );
  return before.places.flatMap(left => {
    const { kind } = left.proxy.request;
    if (kind === 'gateway' || !isLookedAt(converted, kind, left.service)) return [];
    const deviations = meshDeviations(converted, before, left.service);
    const same = byLabel.get(left.label);
    const waypoint = kind === 'sidecar' ? atWaypoint.get(`${left.service} ${left.address.port}`) : undefined;
    // Who converts for a mesh of sidecars may mean to leave them behind.
    const moves =
      waypoint !== undefined &&
      hasWaypoint(converted, left) &&
      isConverted(converted, left) &&
      !hasAudience(converted, left);
    return [
      ...(same === undefined ? [] : [{ left, right: same, deviations }]),
      ...(moves ? [{ left, right: waypoint, deviations: [...deviations, settingsOfPlace] }] : []),
    ];
  });
}

/** A waypoint sees the DestinationRules of its own namespace. */
const settingsOfPlace: Deviation = { aspects: ['trafficPolicy'], takes: () => true };

/** Whether something in the input names a waypoint for a Service; to one that is only supplied no client moves. */
function hasWaypoint({ settlements: [first] }: Converted, { service: host }: Place): boolean {
  const service =
    first === undefined || host === undefined ? undefined : findService(first.facts.registry, host);
  return (
    service !== undefined &&
    first !== undefined &&
    waypointOf(first.facts.waypoints, service).kind === 'found'
  );
}

/** Whether the clients of a host come by sidecars, or by waypoints: `convert` looks from there. */
export function isLookedAt(
  { settlements: [first] }: Converted,
  kind: 'sidecar' | 'waypoint',
  host: string | undefined,
): boolean {
  const service =
    first === undefined || host === undefined ? undefined : findService(first.facts.registry, host);
  const plane = service === undefined ? 'sidecar' : first?.facts.dataPlanes.seenFrom(service);
  return plane === undefined || (plane === 'ambient') === (kind === 'waypoint');
}

/** What was declared of a host inside the mesh, or said of it. */
export function meshDeviations(
  converted: Converted,
  before: Side,
  service: string | undefined,
): readonly Deviation[] {
  return [...deviationsOf(converted, concerns(before, service)), ...saidOf(converted, service)];
}

/** A route that is attached to a ServiceEntry is for all its hosts. */
function concerns({ world }: Side, service: string | undefined): (scope: Scope) => boolean {
  const own = world.registry.byHost.get(service ?? '');
  return scope =>
    scope.kind === 'mesh' &&
    (scope.service.host === service ||
      (own !== undefined &&
        own.kind === 'ServiceEntry' &&
        scope.service.resource?.name === own.name &&
        scope.service.namespace === own.namespace));
}

/** Routes for the clients of some namespaces are for their sidecars only, as is said. */
function hasAudience(converted: Converted, { service, proxy }: Place): boolean {
  return unitsOf(converted)
    .flatMap(({ unit }) => unit.plans.flatMap(plan => plan.scopes))
    .some(
      scope =>
        scope.kind === 'mesh' && scope.service.host === service && scope.audience === proxy.request.namespace,
    );
}

function isConverted(converted: Converted, { service }: Place): boolean {
  return unitsOf(converted).some(
    ({ unit, held }) =>
      !held &&
      unit.plans.length > 0 &&
      unit.scopes.some(scope => scope.kind === 'mesh' && scope.service.host === service),
  );
}

function gatewayPairs(converted: Converted, before: Side, after: Side): readonly Pair[] {
  const targets = new Map(
    unitsOf(converted)
      .filter(({ unit, held }) => !held && unit.plans.length > 0)
      .flatMap(({ unit }) => unit.scopes)
      .flatMap(scope => (scope.kind === 'gateway' ? [[scope.replaced, scope.target] as const] : [])),
  );
  return [...targets].flatMap(([key, target]) => {
    const deviations = [
      ...deviationsOf(converted, scope => scope.kind === 'gateway' && scope.replaced === key),
      ...saidOfPods(converted, key),
    ];
    const partner = after.proxies.find(
      ({ gatewayId }) => gatewayId === `gateway ${target.namespace}/${target.name}`,
    );
    const answer = partner === undefined ? undefined : after.answers[partner.request.id];
    if (partner === undefined || answer === undefined) return [];
    const tables = readProxyTables(answer);
    return (
      before.places
        .filter(place => isSettled(converted, before, place, key))
        // A Gateway that was there before sees to redirects itself.
        .filter(place => target.origin === 'converted' || !redirects(before, place))
        .flatMap(left => {
          const port = partnerPort(after, partner, target, left);
          // What a Gateway that nobody wrote down listens on is a guess.
          const isGuess = isSupplied(converted.after, 'gateway.Gateway', target);
          if (port === undefined && (isGuess || isSupplied(converted.before, 'istio.Gateway', nameOf(key))))
            return [];
          const address = { ...left.address, port: port ?? left.address.port };
          return [{ left, right: gatewayPlace(after.world, partner, tables, address), deviations }];
        })
    );
  });
}

/** Whether what a gateway does with a host is decided by what is converted, and attached to the Gateway of one Istio Gateway. */
function isSettled(converted: Converted, { world }: Side, { proxy, address }: Place, key: string): boolean {
  const { scheme, host, port } = address;
  const configurations = world.gateways.configurations.get(proxy.gatewayId ?? '') ?? [];
  const found = virtualHostFor(configurations, port, scheme, host);
  if (found === undefined) return false;
  const gone = unitsOf(converted).filter(({ unit, held }) => !held && unit.plans.length > 0);
  const nameOfUnit = ({ unit: { vs } }: SettledUnit) => `${vs.namespace}/${vs.name}`;
  const bound = new Set(gone.map(nameOfUnit));
  const beside = new Set(
    gone
      .filter(({ unit }) =>
        unit.scopes.some(
          scope =>
            scope.kind === 'gateway' &&
            scope.replaced === key &&
            scope.gateway !== key &&
            scope.port === port,
        ),
      )
      .map(nameOfUnit),
  );
  const { lists } = found.virtualHost;
  return (
    lists.length > 0 &&
    lists.every(({ list, server }) =>
      (server.gateway === key ? bound : beside).has(`${list.namespace}/${list.name}`),
    )
  );
}

/** The same port, or another that speaks the same. */
function partnerPort(
  { world }: Side,
  { gatewayId }: KnownProxy,
  { namespace, name, sectionName }: GatewayTarget,
  { address }: Place,
): number | undefined {
  const all = world.gateways.proxies.find(({ id }) => id === gatewayId)?.servers ?? [];
  const own =
    sectionName === undefined
      ? all
      : all.filter(({ gateway }) => gateway === listenerBinding({ namespace, name }, sectionName));
  const servers = own.length === 0 ? all : own;
  const ports = servers.filter(({ protocol }) => protocol === address.scheme).map(({ port }) => port);
  return ports.includes(address.port) ? address.port : ports[0];
}

function isSupplied(
  { members }: Cluster,
  type: 'gateway.Gateway' | 'istio.Gateway',
  { namespace, name }: Pick<GatewayTarget, 'namespace' | 'name'>,
): boolean {
  return members.some(
    ({ resource, supplied }) =>
      supplied && resource.type === type && resource.namespace === namespace && resource.name === name,
  );
}

/** @param key `NAMESPACE/NAME` */
function nameOf(key: string): Pick<GatewayTarget, 'namespace' | 'name'> {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}

function redirects({ world }: Side, { proxy, address: { port, scheme } }: Place): boolean {
  const servers = world.gateways.proxies.find(({ id }) => id === proxy.gatewayId)?.servers ?? [];
  return servers.some(server => server.port === port && server.protocol === scheme && server.httpsRedirect);
}

function unitsOf({ settlements }: Converted): readonly SettledUnit[] {
  return settlements.flatMap(({ units }) => units);
}

function deviationsOf(converted: Converted, concerns: (scope: Scope) => boolean): readonly Deviation[] {
  return unitsOf(converted).flatMap(({ unit: { scopes, connections, declarations } }) => {
    const isConcerned = [...scopes, ...connections.flatMap(plan => plan.scopes)].some(concerns);
    return declarations
      .map(({ deviation }) => deviation)
      .filter(({ isAnywhere }) => isConcerned || isAnywhere === true);
  });
}

/** What is said of hosts that no VirtualService names, which our proof does not look at. */
function saidOf({ settlements }: Converted, service: string | undefined): readonly Deviation[] {
  const all = { aspects: 'all', takes: () => true } as const;
  const settings = { aspects: ['trafficPolicy'], takes: () => true } as const;
  return settlements.flatMap(({ facts, units }) =>
    units
      .filter(({ held }) => !held)
      .flatMap(({ unit }) => {
        const versions = new Set(
          usedVersions(facts, unit.vs).flatMap(({ version }) =>
            version.kind === 'existing' && version.service.host === service ? version.service.name : [],
          ),
        );
        return unit.findings.flatMap(({ code, args }): readonly Deviation[] => {
          const said: Readonly<Record<string, string | number>> = args;
          if (code === 'version-policy-added') return versions.has(String(said['service'])) ? [settings] : [];
          if (code !== 'service-entry-hosts' || service === undefined) return [];
          return String(said['hosts']).split(', ').includes(service) ? [all] : [];
        });
      }),
  );
}

/** DestinationRules that choose the old pods of an Istio Gateway set their clusters alone, as is said of them. */
function saidOfPods({ conversion }: Converted, gateway: string): readonly Deviation[] {
  const isSaid = conversion.diagnostics.some(
    ({ code, resource, message }) =>
      code === 'gateway-pods-chosen' && resource?.kind === 'DestinationRule' && message.includes(gateway),
  );
  return isSaid ? [{ aspects: ['trafficPolicy'], takes: () => true }] : [];
}
