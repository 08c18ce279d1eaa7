import { ownValue } from '../1-read/own-value.ts';
import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import type { Options } from '../options.ts';
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
      readonly reason: 'workload' | 'none' | 'east-west' | 'not-a-waypoint';
      readonly gateway: Resource<'gateway.Gateway'>;
    };

/** `created`: by `--create-waypoints`, for Services that have none. */
export type FoundBy = 'label' | 'namespace' | 'only' | 'option' | 'created';

export interface WaypointRef {
  readonly namespace: string;
  readonly name: string;
}

export type ClassRole = 'gateway' | 'waypoint' | 'east-west' | 'other';

const roles: Readonly<Record<string, ClassRole>> = {
  'istio.io/gateway-controller': 'gateway',
  'istio.io/mesh-controller': 'waypoint',
  'istio.io/eastwest-controller': 'east-west',
};

const wellKnownClasses: Readonly<Record<string, ClassRole>> = {
  istio: 'gateway',
  'istio-remote': 'gateway',
  'istio-waypoint': 'waypoint',
  'istio-eastwest': 'east-west',
};

/** What Gateways of a class are, by its controllerName, else by istiod's own names. */
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
  /** Of Services that name none. */
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
    roles: new Map(
      gateways.map(({ spec }) => [spec.gatewayClassName, classRole(spec.gatewayClassName, resources)]),
    ),
  };
}

/** What is created for the Services that ask for it is there for the others, too, as it will be in a second run. */
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
  { gateways, namespaces, roles: roleOfClass, usual, creates, missing }: Waypoints,
  service: Pick<MeshService, 'namespace' | 'labels'>,
): WaypointOf {
  const own = labelledWaypoint(service.labels, service.namespace);
  if (own === 'none') return { kind: 'none', optedOut: true };
  const ofNamespace = labelledWaypoint(
    namespaces.get(service.namespace)?.metadata.labels ?? {},
    service.namespace,
  );
  const check = (waypoint: WaypointRef, by: FoundBy): WaypointOf => {
    const gateway = gateways.get(waypoint.namespace)?.find(({ name }) => name === waypoint.name);
    const reason =
      gateway === undefined
        ? undefined
        : unfitness(gateway, roleOfClass.get(gateway.spec.gatewayClassName) ?? 'other');
    if (gateway !== undefined && reason !== undefined) return { kind: 'unfit', waypoint, reason, gateway };
    return { kind: 'found', waypoint, shown: gateway !== undefined, by };
  };
  if (own !== undefined) return check(own, 'label');
  if (ofNamespace !== undefined && ofNamespace !== 'none') return check(ofNamespace, 'namespace');
  const local = gateways.get(service.namespace) ?? [];
  const candidates = [
    ...local.filter(
      gateway => unfitness(gateway, roleOfClass.get(gateway.spec.gatewayClassName) ?? 'other') === undefined,
    ),
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

/** A waypoint is for Services unless its label says otherwise. */
function unfitness(
  gateway: Resource<'gateway.Gateway'>,
  role: ClassRole,
): 'workload' | 'none' | 'east-west' | 'not-a-waypoint' | undefined {
  if (role === 'east-west') return 'east-west';
  if (role === 'gateway') return 'not-a-waypoint';
  const traffic = gateway.metadata.labels?.['istio.io/waypoint-for'] ?? 'service';
  if (traffic === 'workload' || traffic === 'none') return traffic;
  // A class nobody explained may be another vendor's waypoint when it says which traffic it takes.
  return role === 'other' && gateway.metadata.labels?.['istio.io/waypoint-for'] === undefined
    ? 'not-a-waypoint'
    : undefined;
}
