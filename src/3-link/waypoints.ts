import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import type { Options } from '../options.ts';
import { ownValue } from '../yaml/own-value.ts';
import type { MeshService } from './registry.ts';

/** The Gateway that is the waypoint of a Service, and how that is known. */
export type WaypointOf =
  | {
      readonly kind: 'found';
      readonly waypoint: WaypointRef;
      readonly shown: boolean;
      readonly by: FoundBy;
    }
  /** The label says `none`, or nothing says anything. */
  | { readonly kind: 'none'; readonly optedOut: boolean }
  /** The Gateway that the labels or the option name takes no Service routes. */
  | {
      readonly kind: 'unfit';
      readonly waypoint: WaypointRef;
      readonly reason: Unfitness;
      readonly by: FoundBy;
      readonly gateway: Resource<'gateway.Gateway'>;
    };

/** Why a Gateway is no waypoint of Istio's Envoy for Services. */
export type Unfitness =
  | 'workload'
  | 'none'
  | 'east-west'
  | 'not-a-waypoint'
  /** Takes routes, and none of the objects that istiod translates for Envoy. */
  | 'agentgateway'
  /** A waypoint by its label, of a class that nothing tells about. */
  | 'class-not-known';

/** `created`: by `--create-waypoints`, for Services that have none. */
export type FoundBy = 'label' | 'namespace' | 'only' | 'option' | 'created';

export interface WaypointRef {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The proxy of Gateways of a class. Behind `agentgateway`, `agentgateway-waypoint` and `other` no VirtualService,
 * DestinationRule, Sidecar, AuthorizationPolicy, PeerAuthentication, RequestAuthentication, Telemetry, WasmPlugin or
 * EnvoyFilter applies.
 *
 * @see https://istio.io/latest/docs/ambient/usage/agentgateway/
 */
export type ClassRole =
  | 'gateway'
  | 'waypoint'
  | 'east-west'
  | 'agentgateway'
  | 'agentgateway-waypoint'
  | 'other';

const roles: Readonly<Record<string, ClassRole>> = {
  'istio.io/gateway-controller': 'gateway',
  'istio.io/mesh-controller': 'waypoint',
  'istio.io/eastwest-controller': 'east-west',
  'istio.io/agentgateway-controller': 'agentgateway',
  'istio.io/agentgateway-waypoint-controller': 'agentgateway-waypoint',
  'istio.io/unmanaged-gateway': 'gateway',
};

const wellKnownClasses: Readonly<Record<string, ClassRole>> = {
  istio: 'gateway',
  'istio-remote': 'gateway',
  'istio-waypoint': 'waypoint',
  // Istio's name, and the one of Solo's distribution.
  'istio-east-west': 'east-west',
  'istio-eastwest': 'east-west',
  'istio-agentgateway': 'agentgateway',
  'istio-agentgateway-waypoint': 'agentgateway-waypoint',
};

/**
 * The proxy of Gateways of a class, by its controllerName, else by istiod's own names.
 *
 * @see istio.io/istio/pkg/config/constants/constants.go, GatewayClass names and controllers
 */
export function classRole(className: string, resources: readonly AnyResource[]): ClassRole {
  const known = resources.filter(isType('gateway.GatewayClass')).find(({ name }) => name === className);
  return known === undefined
    ? (ownValue(wellKnownClasses, className) ?? 'other')
    : (ownValue(roles, known.spec.controllerName) ?? 'other');
}

/** Where waypoints are looked for. */
export interface Waypoints {
  /** By namespace. */
  readonly gateways: ReadonlyMap<string, readonly Resource<'gateway.Gateway'>[]>;
  readonly namespaces: ReadonlyMap<string, Resource<'core.Namespace'>>;
  readonly roles: ReadonlyMap<string, ClassRole>;
  /** By class, the traffic that its label says its waypoints are for. */
  readonly classTraffic: ReadonlyMap<string, string>;
  /** For Services that name none. */
  readonly usual: Options['waypoint'];
  readonly creates: boolean;
  /** By namespace, those that labels name and nobody showed us, where they are to be created. */
  readonly missing: ReadonlyMap<string, readonly WaypointRef[]>;
}

export function buildWaypoints(
  resources: readonly AnyResource[],
  { waypoint, createWaypoints }: Pick<Options, 'waypoint' | 'createWaypoints'>,
): Waypoints {
  const gateways = resources.filter(isType('gateway.Gateway'));
  const byNamespace = groupByNamespace(gateways);
  return {
    missing: createWaypoints ? missingWaypoints(resources, byNamespace) : new Map(),
    usual: waypoint,
    creates: createWaypoints,
    gateways: byNamespace,
    namespaces: new Map(
      resources.filter(isType('core.Namespace')).map(namespace => [namespace.name, namespace]),
    ),
    classTraffic: new Map(
      resources.filter(isType('gateway.GatewayClass')).flatMap(({ name, metadata }) => {
        const traffic = metadata.labels?.[waypointFor];
        return traffic === undefined ? [] : [[name, traffic] as const];
      }),
    ),
    roles: new Map(
      gateways.map(({ spec }) => [spec.gatewayClassName, classRole(spec.gatewayClassName, resources)]),
    ),
  };
}

/** A waypoint that is created for the Services that ask for it is there for the others, too, as in a second run. */
function missingWaypoints(
  resources: readonly AnyResource[],
  gateways: Waypoints['gateways'],
): ReadonlyMap<string, readonly WaypointRef[]> {
  const named = new Map<string, WaypointRef>();
  for (const { type, name, namespace, metadata } of resources) {
    if (type !== 'core.Service' && type !== 'istio.ServiceEntry' && type !== 'core.Namespace') continue;
    const waypoint = labelledWaypoint(metadata.labels ?? {}, type === 'core.Namespace' ? name : namespace);
    if (waypoint === undefined || waypoint === 'none') continue;
    const isShown = gateways.get(waypoint.namespace)?.some(gateway => gateway.name === waypoint.name);
    if (isShown !== true) named.set(`${waypoint.namespace}/${waypoint.name}`, waypoint);
  }
  return groupByNamespace([...named.values()]);
}

function groupByNamespace<T extends { readonly namespace: string }>(
  items: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(item.namespace, [...(groups.get(item.namespace) ?? []), item]);
  return groups;
}

/**
 * Finds the waypoint of a Service: by its label, else its Namespace's, else the only waypoint of that namespace that takes
 * Service traffic, else the one of `--waypoint`.
 *
 * @see istio.io/istio/pilot/pkg/serviceregistry/ambient/waypoints.go, fetchWaypointForService
 */
export function waypointOf(
  waypoints: Waypoints,
  service: Pick<MeshService, 'namespace' | 'labels'>,
): WaypointOf {
  const { gateways, namespaces, roles: roleOfClass, usual, creates, missing } = waypoints;
  const own = labelledWaypoint(service.labels, service.namespace);
  if (own === 'none') return { kind: 'none', optedOut: true };
  const ofNamespace = labelledWaypoint(
    namespaces.get(service.namespace)?.metadata.labels ?? {},
    service.namespace,
  );
  const check = (waypoint: WaypointRef, by: FoundBy): WaypointOf => {
    const gateway = gateways.get(waypoint.namespace)?.find(({ name }) => name === waypoint.name);
    const reason = gateway === undefined ? undefined : unfitness(waypoints, gateway);
    if (gateway !== undefined && reason !== undefined)
      return { kind: 'unfit', waypoint, reason, by, gateway };
    return { kind: 'found', waypoint, shown: gateway !== undefined, by };
  };
  if (own !== undefined) return check(own, 'label');
  if (ofNamespace !== undefined && ofNamespace !== 'none') return check(ofNamespace, 'namespace');
  const local = gateways.get(service.namespace) ?? [];
  const candidates = [
    ...local.filter(gateway => unfitness(waypoints, gateway) === undefined),
    ...(missing.get(service.namespace) ?? []),
  ];
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1)
    return check({ namespace: only.namespace, name: only.name }, 'only');
  if (usual !== undefined) return check(parseWaypoint(usual, service.namespace), 'option');
  if (creates) return check(newWaypoint(local, candidates, service), 'created');
  const workloadOnly = local.find(gateway => roleOfClass.get(gateway.spec.gatewayClassName) === 'waypoint');
  if (workloadOnly !== undefined && candidates.length === 0) {
    return check({ namespace: workloadOnly.namespace, name: workloadOnly.name }, 'only');
  }
  return { kind: 'none', optedOut: false };
}

/**
 * The second waypoint of a Service, which takes a share of its connections (Istio 1.32), unless it is shown and applies
 * the same as the first.
 *
 * @see https://istio.io/latest/docs/reference/config/labels/ (istio.io/use-waypoint-canary)
 */
export function unlikeCanary(
  waypoints: Waypoints,
  { labels, namespace }: Pick<MeshService, 'namespace' | 'labels'>,
): WaypointRef | undefined {
  const ofNamespace = waypoints.namespaces.get(namespace)?.metadata.labels ?? {};
  const own = labels[useWaypointCanary] === undefined ? ofNamespace : labels;
  const name = own[useWaypointCanary];
  if (name === undefined || name === '' || name === 'none') return undefined;
  const canary = { namespace: own[`${useWaypointCanary}-namespace`] ?? namespace, name };
  const gateway = waypoints.gateways.get(canary.namespace)?.find(one => one.name === name);
  return gateway !== undefined && unfitness(waypoints, gateway) === undefined ? undefined : canary;
}

const useWaypointCanary = 'istio.io/use-waypoint-canary';

function labelledWaypoint(
  labels: Readonly<Record<string, string>>,
  namespace: string,
): WaypointRef | 'none' | undefined {
  const name = labels['istio.io/use-waypoint'];
  if (name === undefined || name === '') return undefined;
  if (name === 'none') return 'none';
  return { namespace: labels['istio.io/use-waypoint-namespace'] ?? namespace, name };
}

/** By the name that `istioctl waypoint apply` gives it, unless one that is not for Services has it. */
function newWaypoint(
  local: readonly Resource<'gateway.Gateway'>[],
  candidates: readonly { readonly name: string }[],
  { namespace }: Pick<MeshService, 'namespace'>,
): WaypointRef {
  const isFit = candidates.some(({ name }) => name === 'waypoint');
  const isTaken = !isFit && local.some(({ name }) => name === 'waypoint');
  return { namespace, name: isTaken ? 'service-waypoint' : 'waypoint' };
}

/** `NAME` means one in the Service's namespace. */
function parseWaypoint(option: string, namespace: string): WaypointRef {
  const [first, second] = option.split('/');
  return second === undefined ? { namespace, name: option } : { namespace: first ?? '', name: second };
}

const waypointFor = 'istio.io/waypoint-for';

/**
 * A waypoint is for Services unless its label, or that of its class, says otherwise.
 *
 * @see istio.io/istio/pilot/pkg/serviceregistry/ambient/waypoints.go, gatewayToWaypointTransform
 */
function unfitness(
  { roles: roleOfClass, classTraffic }: Waypoints,
  { metadata, spec: { gatewayClassName } }: Resource<'gateway.Gateway'>,
): Unfitness | undefined {
  const role = roleOfClass.get(gatewayClassName) ?? 'other';
  if (role === 'east-west') return 'east-west';
  if (role === 'gateway' || role === 'agentgateway') return 'not-a-waypoint';
  const own = metadata.labels?.[waypointFor];
  const traffic = own ?? classTraffic.get(gatewayClassName) ?? 'service';
  if (traffic === 'workload' || traffic === 'none') return traffic;
  if (role === 'agentgateway-waypoint') return 'agentgateway';
  if (role === 'waypoint') return undefined;
  // A class that nothing tells about may be another vendor's waypoint when it says which traffic it takes.
  return own === undefined && !classTraffic.has(gatewayClassName) ? 'not-a-waypoint' : 'class-not-known';
}
