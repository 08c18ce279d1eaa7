import { type AnyResource, type AnyRoute, isRoute, isType, type Resource } from '../2-decode/resource.ts';
import type { Facts, IstioGateway } from '../3-link/facts.ts';
import { groupBy } from '../3-link/group-by.ts';
import { serviceHost } from '../3-link/host.ts';
import { asNewest } from '../3-link/newest.ts';
import type { GatewayTarget, Scope } from '../3-link/scopes.ts';
import type { ConnectionPlan } from '../4-translate/connection-plans.ts';
import { translateServers } from '../4-translate/server.ts';
import type { RoutePlan } from '../4-translate/virtual-service.ts';
import type { Output } from '../6-emit/edit.ts';
import { usedVersions } from '../6-emit/version-services.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { GatewayMapping } from '../options.ts';
import { subsetMark } from '../semantics/backend.ts';
import {
  type Entrance,
  gatewayStandIn,
  istioStandIn,
  type Passage,
  passingListener,
  passingStandIn,
  standInListeners,
  usualEntrances,
} from '../semantics/stand-ins.ts';
import { type AssumedVersion, buildWorld, type World } from '../semantics/world.ts';
import type { Changes } from './changes.ts';

/** The cluster as it is, and as it would be. */
export interface Sides {
  readonly before: World;
  readonly after: World;
  /** The Gateway that each Istio Gateway of the plans becomes, as far as the world afterwards has it by another name. */
  readonly gatewayMap: readonly GatewayMapping[];
  /** Whether a Gateway stands in for one that was not found in the input. */
  readonly isStandIn: (gateway: AnyResource) => boolean;
}

/**
 * Puts the two sides together: after, the routes and what goes with them stand in for the VirtualServices and
 * DestinationRules that are converted.
 *
 * @param connections what is converted beside the plans for HTTP
 * @param changes objects that give way, and those that lose a part
 */
export function buildSides(
  facts: Facts,
  plans: readonly RoutePlan[],
  connections: readonly ConnectionPlan[],
  outputs: readonly Output[],
  { gone, trimmed }: Changes,
): Sides {
  const entrances = entrancesOf(facts, plans);
  const scopes = [...plans, ...connections].flatMap(plan => plan.scopes);
  const made = outputs.filter(({ resource }) => resource.type === 'gateway.Gateway');
  const known = new Set([...facts.gateways.keys(), ...made.map(({ resource }) => keyOf(resource))]);
  const stand = standIns(facts, scopes, known, entrances, unseenPassages(facts, connections));
  const assumptions = {
    defaultPort: facts.options.defaultPort,
    trustedProxies: facts.options.trustedProxies,
    rootNamespace: facts.rootNamespace,
    podsNamespace: facts.options.gatewayService?.split('/')[0],
    versions: assumedVersions(facts, plans),
    empty: emptyServices(facts, [...plans, ...connections]),
    // --default-port stands in for what nobody showed us, subsets included.
    ...(facts.options.defaultPort !== undefined && { otherSide: [] }),
    profile: facts.options.profile,
    isPort80Elsewhere: facts.isPort80Elsewhere,
    beside: facts.registry,
  };
  // Lists that stay may be for the same host, and there the older one decides.
  const routes = outputs.map(output => {
    const made = withKnownParents(facts, output, key => known.has(key));
    return isRoute(made) ? asNewest(made) : made;
  });
  const kept = facts.resources.flatMap(resource =>
    gone.has(resource) ? [] : [trimmed.get(resource) ?? resource],
  );
  const standing = new Set<AnyResource>([...stand.before, ...stand.after]);
  const keptVirtualServices = facts.virtualServices.filter(({ resource }) => !gone.has(resource));
  return {
    before: buildWorld(
      [...facts.resources, ...stand.before],
      { ...assumptions, absent: newServices(facts, outputs) },
      facts.virtualServices,
    ),
    after: buildWorld([...kept, ...stand.after, ...routes], assumptions, keptVirtualServices),
    gatewayMap: gatewayMapOf(scopes, known),
    isStandIn: gateway => standing.has(gateway),
  };
}

/** The Services that are made for versions, by their full names: nobody sends requests there before. */
function newServices({ registry }: Facts, outputs: readonly Output[]): ReadonlySet<string> {
  const made = outputs.map(({ resource }) => resource).filter(isType('core.Service'));
  return new Set(made.map(serviceHost).filter(host => !registry.byHost.has(host)));
}

function gatewayMapOf(scopes: readonly Scope[], known: ReadonlySet<string>): readonly GatewayMapping[] {
  const mappings = new Map<string, GatewayMapping>();
  for (const scope of scopes) {
    if (scope.kind !== 'gateway' || mappings.has(scope.replaced)) continue;
    const [namespace = '', name = ''] = scope.replaced.split('/');
    const { target } = scope;
    const { sectionName } = target;
    const to = known.has(keyOf(target))
      ? { namespace: target.namespace, name: target.name, ...(sectionName && { sectionName }) }
      : { namespace: target.namespace, name: standInNameOf(target) };
    mappings.set(scope.replaced, { from: { namespace, name }, to });
  }
  return [...mappings.values()];
}

function keyOf({ namespace, name }: Pick<AnyResource, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

function assumedVersions(facts: Facts, plans: readonly RoutePlan[]): ReadonlyMap<string, AssumedVersion> {
  const versions = new Map<string, AssumedVersion>();
  for (const vs of new Set(plans.map(plan => plan.vs))) {
    for (const { host, subset, version } of usedVersions(facts, vs)) {
      if (version.kind !== 'assumed') continue;
      versions.set(`${version.root.namespace}/${version.name}`, {
        host,
        labels: version.found?.subset.labels ?? subsetMark(subset),
      });
    }
  }
  return versions;
}

/** The Services of subsets that no pod is behind. */
function emptyServices(
  facts: Facts,
  plans: readonly Pick<RoutePlan | ConnectionPlan, 'vs'>[],
): ReadonlySet<string> {
  const used = [...new Set(plans.map(({ vs }) => vs))].flatMap(vs => usedVersions(facts, vs));
  return new Set(
    used.flatMap(({ version }) =>
      version.kind === 'empty' ? [`${version.root.namespace}/${version.name}`] : [],
    ),
  );
}

/** Gateways that nobody showed us, as far as the conversion counts on them. */
function standIns(
  facts: Facts,
  scopes: readonly Scope[],
  shown: ReadonlySet<string>,
  entrances: ReadonlyMap<string, readonly Entrance[]>,
  passages: readonly UnseenPassage[],
): { readonly before: readonly AnyResource[]; readonly after: readonly AnyResource[] } {
  const before = new Map<string, Resource<'istio.Gateway'>>();
  const after = new Map<string, Resource<'gateway.Gateway'>>();
  const seen = new Set<string>();
  for (const scope of scopes) {
    if (scope.kind !== 'gateway') continue;
    const ports = entrances.get(scope.replaced) ?? [];
    const istio = facts.istioGateways.get(scope.replaced);
    if (istio === undefined && !before.has(scope.replaced))
      before.set(scope.replaced, istioStandIn(scope.replaced, ports));
    const { namespace, name } = scope.target;
    const key = `${namespace}/${name}`;
    const standInName = standInNameOf(scope.target);
    const standInKey = `${namespace}/${standInName}`;
    // Every scope of an Istio Gateway would ask for the same listeners.
    if (shown.has(key) || seen.has(`${scope.replaced} ${standInKey}`)) continue;
    seen.add(`${scope.replaced} ${standInKey}`);
    const listeners =
      (istio === undefined ? undefined : listenersLike(facts, istio)) ?? standInListeners(ports);
    const known = after.get(standInKey)?.spec.listeners ?? [];
    after.set(
      standInKey,
      gatewayStandIn(namespace, standInName, distinctListeners([...known, ...listeners])),
    );
  }
  for (const [gateway, own] of groupBy(passages, one => one.gateway))
    before.set(
      `connections of ${gateway}`,
      passingStandIn(
        gateway,
        own.map(({ passage }) => passage),
      ),
    );
  for (const { target, passage } of passages) {
    const { namespace, name } = target;
    if (shown.has(`${namespace}/${name}`)) continue;
    const standInKey = `${namespace}/${standInNameOf(target)}`;
    const known = after.get(standInKey)?.spec.listeners ?? [];
    const listeners = distinctListeners([...known, passingListener(passage)]);
    after.set(standInKey, gatewayStandIn(namespace, standInNameOf(target), listeners));
  }
  return { before: [...before.values()], after: [...after.values()] };
}

/** A port at which an Istio Gateway that nobody showed us passes connections on, and the Gateway that does so afterwards. */
interface UnseenPassage {
  readonly gateway: string;
  readonly target: GatewayTarget;
  readonly passage: Passage;
}

/** @returns where plans count on Istio Gateways that nobody showed us; without a port, the usual one stands for it */
function unseenPassages(facts: Facts, plans: readonly ConnectionPlan[]): readonly UnseenPassage[] {
  return plans.flatMap(({ kind, scopes, backendRefs }) =>
    scopes.flatMap((scope): readonly UnseenPassage[] => {
      if (scope.kind !== 'gateway' || facts.istioGateways.has(scope.gateway)) return [];
      const usual = kind === 'tls' ? 443 : (backendRefs[0]?.port ?? 80);
      const passage = { port: scope.port ?? usual, protocol: kind === 'tls' ? 'TLS' : 'TCP' } as const;
      return [{ gateway: scope.gateway, target: scope.target, passage }];
    }),
  );
}

/** The name of a Gateway, or of its replacement, among the objects of the other side: `NAMESPACE/NAME`. */
export function proxyKeysOf(target: GatewayTarget): readonly string[] {
  return [target.name, standInNameOf(target)].map(name => `${target.namespace}/${name}`);
}

/** A Gateway that nobody showed us is taken to serve what the Istio Gateway serves that it stands in for. */
function listenersLike(
  facts: Facts,
  { resource, servers }: IstioGateway,
): readonly gateway.Listener[] | undefined {
  const secrets = { gatewayNamespace: resource.namespace, podsNamespace: undefined };
  const listeners = translateServers(
    resource,
    servers,
    facts.options,
    secrets,
    () => [],
    () => undefined,
  );
  return listeners?.map(({ listener }) => ({
    ...listener,
    allowedRoutes: { namespaces: { from: 'All' } },
  }));
}

function distinctListeners(listeners: readonly gateway.Listener[]): readonly gateway.Listener[] {
  return [
    ...new Map(
      listeners.map(listener => [
        `${listener.port} ${listener.protocol} ${listener.hostname ?? ''}`,
        listener,
      ]),
    ).values(),
  ];
}

/** Each listener that is named of a Gateway that is not found in the input counts as an entrance of its own. */
function standInNameOf({ name, sectionName }: Pick<GatewayTarget, 'name' | 'sectionName'>): string {
  return sectionName === undefined ? name : `${name}#${sectionName}`;
}

/** The ports of Istio Gateways; of one that nobody showed us those that are named, or the usual two. */
function entrancesOf(facts: Facts, plans: readonly RoutePlan[]): ReadonlyMap<string, readonly Entrance[]> {
  const entrances = new Map<string, Map<string, Entrance>>();
  const add = (gatewayName: string, port: number, scheme: 'http' | 'https') => {
    const known = entrances.get(gatewayName) ?? new Map<string, Entrance>();
    entrances.set(gatewayName, known.set(`${port}/${scheme}`, { port, scheme }));
  };
  for (const scope of plans.flatMap(({ scopes }) => scopes)) {
    if (scope.kind !== 'gateway') continue;
    const servers = facts.istioGateways.get(scope.replaced)?.servers ?? [];
    for (const { port, protocol } of servers)
      if (protocol === 'http' || protocol === 'https') add(scope.replaced, port, protocol);
    if (servers.length > 0) continue;
    if (scope.port !== undefined) add(scope.replaced, scope.port, scope.scheme ?? 'http');
    else
      for (const { port, scheme } of shownEntrances(facts, scope.target)) add(scope.replaced, port, scheme);
  }
  return new Map([...entrances].map(([key, ports]) => [key, [...ports.values()]]));
}

/** An Istio Gateway that nobody showed us is taken to have the ports of the Gateway that stands in for it. */
function shownEntrances(facts: Facts, { namespace, name, sectionName }: GatewayTarget): readonly Entrance[] {
  const listeners = facts.gateways.get(`${namespace}/${name}`)?.spec.listeners ?? [];
  const entrances = listeners
    .filter(listener => sectionName === undefined || listener.name === sectionName)
    .flatMap(({ port, protocol }): readonly Entrance[] => {
      if (protocol === 'HTTP') return [{ port, scheme: 'http' }];
      return protocol === 'HTTPS' ? [{ port, scheme: 'https' }] : [];
    });
  return entrances.length === 0 ? usualEntrances : entrances;
}

/**
 * A listener of a Gateway that nobody showed us is taken to be the right one; and a route that is only attached to
 * waypoints counts as attached to their Services, as implementations that act on the Gateway see it.
 */
function withKnownParents(
  facts: Facts,
  { resource, scopes = [] }: Output,
  isKnown: (gateway: string) => boolean,
): AnyResource {
  if (!isRoute(resource)) return resource;
  const parents = resource.spec.parentRefs ?? [];
  const isMesh = parents.every(({ group, kind }) => kind !== undefined && group !== undefined);
  if (isMesh && facts.options.attach === 'waypoint') {
    const services = scopes.flatMap(scope =>
      scope.kind === 'mesh'
        ? [
            {
              ...(scope.service.kind === 'Service'
                ? { group: '', kind: 'Service' }
                : { group: 'networking.istio.io', kind: 'ServiceEntry' }),
              name: scope.service.name,
              namespace: scope.service.namespace,
              ...(scope.port === undefined ? {} : { port: scope.port.number }),
            },
          ]
        : [],
    );
    return withParents(resource, services);
  }
  const isUnknown = ({ kind = 'Gateway', namespace = resource.namespace, name }: gateway.ParentReference) =>
    kind === 'Gateway' && !isKnown(`${namespace}/${name}`);
  if (!parents.some(isUnknown)) return resource;
  return withParents(
    resource,
    parents.map(parent => {
      if (!isUnknown(parent)) return parent;
      const { sectionName, ...rest } = parent;
      return { ...rest, name: standInNameOf({ name: parent.name, ...(sectionName && { sectionName }) }) };
    }),
  );
}

function withParents(route: AnyRoute, parentRefs: readonly gateway.ParentReference[]): AnyResource {
  return { ...route, spec: { ...route.spec, parentRefs } } as AnyResource;
}
