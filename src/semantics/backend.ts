import { canonicalJson } from '../3-link/canonical.ts';
import { isExported } from '../3-link/foreign-ports.ts';
import { contradicts } from '../3-link/labels.ts';
import { findPort, findService, type MeshService } from '../3-link/registry.ts';
import { usedByClient, usedByGateway } from '../3-link/same-host.ts';
import {
  type DestinationRule,
  destinationRulesFor,
  effectivePolicy,
  findSubset,
  isNamedBy,
} from '../3-link/subsets/destination-rules.ts';
import type { EffectivePolicy } from '../3-link/subsets/traffic-policy.ts';
import { selectsNobody } from '../3-link/subsets/versions.ts';
import type * as istio from '../istio/index.ts';
import type { HasCluster } from './has-cluster.ts';
import { nextHop } from './next-hop.ts';
import { routeHash } from './route-hash.ts';
import type { World } from './world.ts';

/** Where a destination leads, in terms that do not depend on what the objects are called. */
export interface Backend {
  /** `empty`: a cluster that nobody stands behind; `missing`: no cluster. */
  readonly state: 'there' | 'empty' | 'missing';
  /** The pods and their port, or what is answered without any: equal keys are the same place. */
  readonly key: string;
  /** For people: `reviews.bookinfo:9080, version=v1`. */
  readonly label: string;
  /** The settings of the cluster, and by what a route spreads requests where that is not what the cluster expects. */
  readonly trafficPolicy: string;
  /** The host that a gateway behind it serves, empty where none does; undefined where that was not asked. */
  readonly nextHop?: string | undefined;
}

/** The client: it decides which DestinationRules count and what a missing cluster answers. */
export interface Caller {
  readonly namespace: string;
  /** The answer of the proxy when the cluster does not exist: 503, or 500 for routes with gateway semantics. */
  readonly missingStatus: 500 | 503;
  /**
   * The sort of proxy. A sidecar knows of each Service only the port that its listener is for, so that a
   * destination without a port means that one, also of a Service that has a single other port (httproute.go,
   * BuildSidecarOutboundVirtualHosts). A waypoint does not follow an ExternalName (listener_waypoint.go,
   * getWaypointDestinationCluster).
   */
  readonly proxy?: 'sidecar' | 'waypoint' | 'gateway';
  /** Whether it has a cluster for a port of a Service, where that depends on who sends there; without it, it has. */
  readonly hasCluster?: HasCluster | undefined;
}

/**
 * Finds the pods behind a destination.
 *
 * @param host what is asked for, which the pods of a gateway have to know
 * @param listenerPort stands in for a port that is not given, unless the Service has only one and the caller sees it
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, GetDestinationCluster
 */
export function findBackend(
  world: World,
  caller: Caller,
  destination: istio.Destination,
  listenerPort: number,
  host?: string,
): Backend {
  const named = findNamed(world, caller, destination.host);
  const alias = followsAlias(caller, named, listenerPort) ? named?.externalName : undefined;
  const service = alias === undefined ? named : findService(world.registry, alias);
  if (service === undefined || service.externalName !== undefined)
    return missing(
      caller,
      destination.host === '' ? 'its backend may not be used' : `${destination.host} does not exist`,
    );
  const sole = knowsPorts(caller, service) ? soleKnownPort(service) : undefined;
  const number = destination.port?.number ?? sole ?? listenerPort;
  if (!isSeen(caller, service, number)) return missing(caller, `${noCluster}${service.host}`);
  const port = findPort(service, number);
  if (port === undefined) {
    // Clients of other namespaces may use an object of this host that has the port.
    const isOthers = world.registry.ofSameHost.has(service.host);
    return missing(
      caller,
      isOthers ? `${noCluster}${service.host}` : `${service.host}:${number} does not exist`,
    );
  }
  const rules = destinationRulesFor(
    world.destinationRules,
    service.host,
    service.namespace,
    caller.namespace,
  );
  const found = destination.subset === undefined ? undefined : findSubset(rules, destination.subset);
  if (destination.subset && found === undefined && !assumesSubsets(world, caller, service, rules)) {
    return missing(caller, `${service.host}${noSubset[0]}${destination.subset}${noSubset[1]}`);
  }
  const assumed = destination.subset ? subsetMark(destination.subset) : {};
  const extra = found === undefined ? assumed : (found.subset.labels ?? {});
  if (isEmpty(world, service, extra)) return empty(labelOf(service, number, extra));
  const { pods, labels } = podsOf(world, service, extra);
  return {
    state: 'there',
    key: canonicalJson([pods, labels, port.targetPort, ...behindEntry(service)]),
    label: labelOf(service, number, extra),
    trafficPolicy: settingsOf(rules, destination, effectivePolicy(rules, found?.subset, number)),
    nextHop: host === undefined ? undefined : (nextHop(world, service, port, host) ?? ''),
  };
}

/**
 * Whether a subset is taken to exist, since no DestinationRule in the input is for its host by name. One that the other side of
 * a comparison has is gone.
 */
function assumesSubsets(
  { otherRules }: World,
  { namespace }: Caller,
  service: MeshService,
  rules: readonly DestinationRule[],
): boolean {
  if (otherRules === undefined || isNamedBy(rules, service.host)) return false;
  const others = destinationRulesFor(otherRules, service.host, service.namespace, namespace);
  return !isNamedBy(others, service.host);
}

const noCluster = 'the proxy has no cluster for ';

/** @returns the host of a destination that exists and that the proxy has no cluster for, by the label of its backend */
export function hostWithoutCluster(label: string): string | undefined {
  const [, host] = label.split(noCluster);
  return host;
}

const noSubset = [' subset ', ' does not exist'] as const;

/** @returns the subset that a proxy does not see, and its host, by the label of its backend */
export function subsetNotSeen(label: string): { readonly host: string; readonly subset: string } | undefined {
  const [status = '', subset] = label.endsWith(noSubset[1])
    ? label.slice(0, -noSubset[1].length).split(noSubset[0])
    : [];
  return subset === undefined ? undefined : { host: status.replace(/^\d+: /, ''), subset };
}

/**
 * Whether a proxy has a cluster for a Service: gateways have none for a Service that is not exported to their namespace. Sidecars
 * and waypoints are asked by `hasCluster`.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, servicesExportedToNamespace
 */
function isSeen({ hasCluster, proxy, namespace }: Caller, service: MeshService, port: number): boolean {
  if (hasCluster !== undefined) return hasCluster(service, port);
  return proxy !== 'gateway' || isExported(service, namespace);
}

/** A waypoint that a Service is not exported to takes the port of the request (listener_waypoint.go, serviceForHostname). */
function knowsPorts({ proxy, namespace }: Caller, service: MeshService): boolean {
  if (proxy === 'sidecar') return false;
  return proxy !== 'waypoint' || isExported(service, namespace);
}

/**
 * Waypoints follow no ExternalName; a sidecar does at the ports that the Service of type ExternalName has itself, since its
 * listener knows no other Services (httproute.go, BuildSidecarOutboundVirtualHosts).
 */
function followsAlias({ proxy }: Caller, named: MeshService | undefined, listenerPort: number): boolean {
  if (proxy !== 'sidecar') return proxy !== 'waypoint';
  return named?.ports.some(({ number }) => number === listenerPort) ?? false;
}

function settingsOf(
  rules: readonly DestinationRule[],
  destination: istio.Destination,
  policy: EffectivePolicy,
): string {
  const hash = routeHash(rules, destination);
  const expected = policy.loadBalancer?.consistentHash;
  const differs = hash !== (expected === undefined ? undefined : canonicalJson(expected));
  return canonicalJson(differs ? { ...policy, routeHash: hash ?? 'none' } : policy);
}

/** Whether the requests to a destination are spread by a hash, so that retries may go to the pod that failed. */
export function isSpreadByHash(world: World, caller: Caller, destination: istio.Destination): boolean {
  return hashSeenBy(world, caller, destination) !== undefined;
}

/** @returns the hash that istiod writes into a route for a destination, whether there is a cluster or not */
export function hashSeenBy(world: World, caller: Caller, destination: istio.Destination): string | undefined {
  if (world.destinationRules.byHost.size === 0) return undefined;
  const service = findService(world.registry, destination.host);
  if (service === undefined) return undefined;
  const rules = destinationRulesFor(
    world.destinationRules,
    service.host,
    service.namespace,
    caller.namespace,
  );
  return routeHash(rules, destination);
}

const subsetLabel = '(subset)';

/** Stands for the labels of a subset whose DestinationRule nobody showed us. */
export function subsetMark(subset: string): Readonly<Record<string, string>> {
  return { [subsetLabel]: subset };
}

/** The object that a proxy uses for a host. A destination has to name the host as it is: one that a wildcard ServiceEntry covers has no cluster of its own. */
function findNamed({ registry }: World, { proxy, namespace }: Caller, host: string): MeshService | undefined {
  const found = findService(registry, host);
  if (found === undefined || found.host !== host) return undefined;
  return proxy === 'gateway'
    ? usedByGateway(registry, namespace, found)
    : usedByClient(registry, namespace, found)[0];
}

function soleKnownPort(service: MeshService): number | undefined {
  return service.ports.length === 1 ? service.ports[0]?.number : undefined;
}

/** Whether the key of a backend says that there is no cluster for it. */
export function isMissing(key: string): boolean {
  return key.startsWith('missing');
}

function missing({ missingStatus }: Caller, what: string): Backend {
  return {
    state: 'missing',
    key: `missing ${missingStatus}`,
    label: `${missingStatus}: ${what}`,
    trafficPolicy: '{}',
  };
}

/**
 * Envoy answers for a cluster without endpoints as it does where there is no cluster, and neither tries again nor mirrors.
 *
 * @see envoy/source/common/router/router.cc, sendNoHealthyUpstreamResponse
 */
function empty(where: string): Backend {
  return {
    state: 'empty',
    key: 'missing 503',
    label: `503: ${where} has no pods`,
    trafficPolicy: '{}',
  };
}

function isEmpty({ emptyServices }: World, service: MeshService, labels: Labels): boolean {
  if (service.kind !== 'Service') return false;
  if (contradicts(service.selector, labels)) return true;
  return selectsNobody(service) && emptyServices.has(`${service.namespace}/${service.name}`);
}

type Labels = Readonly<Record<string, string>>;

function podsOf(
  world: World,
  service: MeshService,
  extra: Labels,
): { readonly pods: string; readonly labels: Labels } {
  const version = world.assumedVersions.get(`${service.namespace}/${service.name}`);
  if (version !== undefined && service.assumed) {
    const root = findService(world.registry, version.host);
    if (root !== undefined) return podsOf(world, root, { ...version.labels, ...extra });
  }
  if (service.selector === undefined || Object.keys(service.selector).length === 0) {
    return { pods: service.host, labels: extra };
  }
  return { pods: service.namespace, labels: { ...service.selector, ...extra } };
}

/** A ServiceEntry says itself who is behind it. */
export function behindEntry({ resource }: MeshService): readonly BehindEntry[] {
  if (resource?.type !== 'istio.ServiceEntry') return [];
  const { resolution = 'NONE', location = 'MESH_EXTERNAL', endpoints, workloadSelector } = resource.spec;
  return [
    {
      resolution,
      location,
      ...(endpoints === undefined ? {} : { endpoints }),
      ...(workloadSelector === undefined ? {} : { workloadSelector }),
    },
  ];
}

/** The fields of a ServiceEntry by which a proxy finds its endpoints and talks to them. */
export type BehindEntry = Pick<
  istio.ServiceEntry,
  'resolution' | 'location' | 'endpoints' | 'workloadSelector'
>;

function labelOf(service: MeshService, port: number, labels: Labels): string {
  const name = service.kind === 'Service' ? `${service.name}.${service.namespace}` : service.host;
  return [
    `${name}:${port}`,
    ...Object.entries(labels).map(([key, value]) =>
      key === subsetLabel ? `subset ${value}` : `${key}=${value}`,
    ),
  ].join(', ');
}
