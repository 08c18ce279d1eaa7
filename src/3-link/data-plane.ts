import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import type { Options } from '../options.ts';
import type { FieldPath } from '../yaml/source.ts';
import { groupBy } from './group-by.ts';
import { areSelected } from './labels.ts';
import type { MeshService } from './registry.ts';
import { type Waypoints, waypointOf } from './waypoints.ts';

/** The proxies that apply the VirtualServices of a Service: the sidecars of its clients, or its waypoint. */
export type DataPlane = 'sidecar' | 'ambient';

/** A label that tells the data plane, and where it is. */
export interface DataPlaneSign {
  readonly plane: DataPlane;
  readonly resource: AnyResource;
  readonly path: FieldPath;
  /** `istio-injection: enabled`. */
  readonly label: string;
}

/** The data plane, as manifests and options describe it. */
export interface DataPlanes {
  readonly of: (service: ServiceOf) => DataPlane;
  /** @returns from where to look at a Service; undefined from sidecars and from its waypoint, since both have clients of it */
  readonly seenFrom: (service: ServiceOf) => DataPlane | undefined;
  /** @returns what the manifests say of a Service, undefined where they say nothing */
  readonly signOf: (service: ServiceOf) => DataPlaneSign | undefined;
  /** @returns what contradicts `--from` */
  readonly contradiction: (service: ServiceOf) => DataPlaneSign | undefined;
}

type ServiceOf = Pick<MeshService, 'host' | 'namespace' | 'labels' | 'selector'>;

/**
 * Finds out what honours the VirtualServices of each Service: what labels of its pods and of their Namespace say, and the
 * waypoint that it has. `--from` is for what they do not say; sidecars are the usual case.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 * @see https://istio.io/latest/docs/ambient/usage/add-workloads/#ambient-labels
 */
export function dataPlanesOf(
  resources: readonly AnyResource[],
  waypoints: Waypoints,
  from: Options['from'],
): DataPlanes {
  const workloads = groupBy(resources.filter(isType('apps.Workload')), ({ namespace }) => namespace);
  const signs = new Map<string, DataPlaneSign | undefined>();
  const signOf = (service: ServiceOf): DataPlaneSign | undefined => {
    if (signs.has(service.host)) return signs.get(service.host);
    const sign = findSign(service, workloads.get(service.namespace) ?? [], waypoints);
    signs.set(service.host, sign);
    return sign;
  };
  const contradiction = (service: ServiceOf): DataPlaneSign | undefined => {
    const sign = from === undefined ? undefined : signOf(service);
    if (sign === undefined || sign.plane === from) return undefined;
    // Pods with sidecars may be behind a waypoint, too.
    return from === 'ambient' && waypointOf(waypoints, service).kind === 'found' ? undefined : sign;
  };
  const of = (service: ServiceOf): DataPlane => from ?? signOf(service)?.plane ?? 'sidecar';
  // Clients with sidecars follow VirtualServices themselves, also those of Services behind a waypoint.
  const hasSidecars =
    [...waypoints.namespaces.values()].some(namespace => signOfNamespace(namespace)?.plane === 'sidecar') ||
    [...workloads.values()].flat().some(workload => planeOf(signOfPods(workload)) === 'sidecar');
  const seenFrom = (service: ServiceOf): DataPlane | undefined => {
    const plane = of(service);
    return plane === 'ambient' && from === undefined && hasSidecars ? undefined : plane;
  };
  return { of, seenFrom, signOf, contradiction };
}

function findSign(
  service: ServiceOf,
  workloads: readonly Resource<'apps.Workload'>[],
  waypoints: Waypoints,
): DataPlaneSign | undefined {
  const selected = workloads.filter(({ spec }) => isSelected(service, spec.template?.metadata?.labels ?? {}));
  const ofPods = selected.map(signOfPods);
  // Pods that say nothing leave it to their Namespace.
  const sign =
    ofPods.length > 0 && ofPods.every(one => one !== undefined)
      ? ofPods[0]
      : signOfNamespace(waypoints.namespaces.get(service.namespace));
  if (sign === undefined || sign === 'none') return undefined;
  // Without a waypoint no VirtualService is honoured in ambient mode, so that it is left to whoever converts.
  return sign.plane === 'ambient' && waypointOf(waypoints, service).kind !== 'found' ? undefined : sign;
}

function isSelected({ selector = {} }: ServiceOf, labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(selector).length > 0 && areSelected(labels, selector);
}

/** `none`: no sidecar, and no ztunnel. */
function signOfPods(workload: Resource<'apps.Workload'>): DataPlaneSign | 'none' | undefined {
  const labels = workload.spec.template?.metadata?.labels ?? {};
  const path = ['spec', 'template', 'metadata', 'labels'];
  const sign = (plane: DataPlane, key: string): DataPlaneSign => ({
    plane,
    resource: workload,
    path: [...path, key],
    label: `${key}: ${labels[key]}`,
  });
  if (labels[inject] === 'true') return sign('sidecar', inject);
  if (labels[mode] === 'ambient') return sign('ambient', mode);
  return labels[mode] === 'none' ? 'none' : undefined;
}

const inject = 'sidecar.istio.io/inject';
const mode = 'istio.io/dataplane-mode';
const injection = 'istio-injection';
const revision = 'istio.io/rev';

function planeOf(sign: DataPlaneSign | 'none' | undefined): DataPlane | undefined {
  return sign === 'none' ? undefined : sign?.plane;
}

/** @returns what the labels of a Namespace say of its pods, undefined where they say nothing */
export function planeOfNamespace(
  { namespaces }: Pick<Waypoints, 'namespaces'>,
  name: string,
): DataPlane | undefined {
  return signOfNamespace(namespaces.get(name))?.plane;
}

/** Pods that get sidecars are left alone by ztunnel; a revision alone may be that of waypoints. */
function signOfNamespace(namespace: Resource<'core.Namespace'> | undefined): DataPlaneSign | undefined {
  const labels = namespace?.metadata.labels ?? {};
  const sign = (plane: DataPlane, key: string): DataPlaneSign | undefined =>
    namespace && {
      plane,
      resource: namespace,
      path: ['metadata', 'labels', key],
      label: `${key}: ${labels[key]}`,
    };
  if (labels[injection] === 'enabled') return sign('sidecar', injection);
  if (labels[mode] === 'ambient') return sign('ambient', mode);
  return labels[revision] && labels[injection] !== 'disabled' ? sign('sidecar', revision) : undefined;
}
