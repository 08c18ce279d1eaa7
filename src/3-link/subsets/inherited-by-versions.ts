import type { Resource } from '../../2-decode/resource.ts';
import type { ObjectMeta, Service, ServicePort } from '../../gateway-api/index.ts';

/**
 * Labels of a Service that istiod or Kubernetes reads. A Service for a version inherits no others: a ServiceMonitor that
 * chooses by them would scrape the same pods twice.
 *
 * @see istio.io/istio/pilot/pkg/serviceregistry/ambient/waypoints.go, getUseWaypoint
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
const labels: ReadonlySet<string> = new Set([
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-namespace',
  'istio.io/use-waypoint-canary',
  'istio.io/use-waypoint-canary-namespace',
  'istio.io/ingress-use-waypoint',
  'istio.io/global',
  'istio.io/persistent-session',
  'istio.io/persistent-session-header',
  'service.kubernetes.io/service-proxy-name',
]);

/**
 * Annotations of a Service that istiod or Kubernetes reads, but for those of load balancers: a Service for a version is
 * reached from within the cluster alone.
 *
 * @see istio.io/istio/pilot/pkg/serviceregistry/kube/conversion.go, ConvertService
 */
const annotations: ReadonlySet<string> = new Set([
  'networking.istio.io/exportTo',
  'networking.istio.io/traffic-distribution',
  'istio.io/use-waypoint-canary-weight',
  'alpha.istio.io/canonical-serviceaccounts',
  'alpha.istio.io/kubernetes-serviceaccounts',
  'service.kubernetes.io/topology-mode',
  'service.kubernetes.io/topology-aware-hints',
]);

/**
 * The fate of each field of a Service in one for a version; a field that is missing here does not compile. `inherited`: it
 * decides how clients inside the cluster reach the pods. `own`: the version has its own. `outside`: it is for clients outside
 * the cluster, who keep to the whole Service.
 */
const fates: Readonly<Record<keyof Service, 'inherited' | 'own' | 'outside'>> = {
  internalTrafficPolicy: 'inherited',
  trafficDistribution: 'inherited',
  publishNotReadyAddresses: 'inherited',
  ipFamilies: 'inherited',
  ipFamilyPolicy: 'inherited',
  sessionAffinity: 'inherited',
  sessionAffinityConfig: 'inherited',
  selector: 'own',
  ports: 'own',
  clusterIP: 'own',
  type: 'outside',
  externalName: 'outside',
  externalTrafficPolicy: 'outside',
  externalIPs: 'outside',
  loadBalancerClass: 'outside',
  loadBalancerIP: 'outside',
  loadBalancerSourceRanges: 'outside',
};

const fields = (Object.keys(fates) as (keyof Service)[]).filter(field => fates[field] === 'inherited');

/** Which fields of a port of a Service one for a version has, too; node ports are for clients outside. */
const portFates: Readonly<Record<keyof ServicePort, 'inherited' | 'outside'>> = {
  name: 'inherited',
  protocol: 'inherited',
  appProtocol: 'inherited',
  port: 'inherited',
  targetPort: 'inherited',
  nodePort: 'outside',
};

/** @returns the ports that a Service for a version has from the Service of the subset, with fields that nobody here knows */
export function inheritedPorts(
  service: Resource<'core.Service'> | undefined,
): readonly ServicePort[] | undefined {
  return service?.spec.ports?.map(port => without(port, portFates, 'outside'));
}

/** @returns an object without the fields of one fate; those that have none stay */
export function without<T extends object, F extends string>(
  value: T,
  known: Readonly<Record<keyof T, F>>,
  fate: F,
): T {
  const fateOf = new Map<string, unknown>(Object.entries(known));
  return Object.fromEntries(Object.entries(value).filter(([name]) => fateOf.get(name) !== fate)) as T;
}

/** @returns the labels and annotations that a Service for a version has from the Service of the subset */
export function inheritedMetadata(
  service: Resource<'core.Service'> | undefined,
): Pick<ObjectMeta, 'labels' | 'annotations'> {
  const own = {
    labels: among(service?.metadata.labels, labels),
    annotations: among(service?.metadata.annotations, annotations),
  };
  return {
    ...(own.labels === undefined ? {} : { labels: own.labels }),
    ...(own.annotations === undefined ? {} : { annotations: own.annotations }),
  };
}

function among(
  values: Readonly<Record<string, string>> | undefined,
  names: ReadonlySet<string>,
): Readonly<Record<string, string>> | undefined {
  const found = Object.entries(values ?? {}).filter(([name]) => names.has(name));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** @returns the fields of the spec that a Service for a version has from the Service of the subset */
export function inheritedSpec(service: Resource<'core.Service'> | undefined): Partial<Service> {
  return Object.fromEntries(
    fields.flatMap(field => {
      const value = service?.spec[field];
      return value === undefined ? [] : [[field, value] as const];
    }),
  );
}

/** Whether a label, an annotation or a field of the spec goes over to the Services of versions. */
export function isInherited(part: 'labels' | 'annotations' | 'spec', name: string): boolean {
  if (part === 'labels') return labels.has(name);
  return part === 'annotations' ? annotations.has(name) : fields.some(field => field === name);
}

/** Fields whose value Kubernetes fills in, so that leaving them out says the same. */
const defaults: Readonly<Record<string, unknown>> = {
  internalTrafficPolicy: 'Cluster',
  publishNotReadyAddresses: false,
  sessionAffinity: 'None',
  ipFamilyPolicy: 'SingleStack',
};

/** @returns what two Services that have a part of their pods in common say differently of how these are reached */
export function unlikeIn(one: Resource<'core.Service'>, other: Resource<'core.Service'>): readonly string[] {
  const [a, b] = [inheritedMetadata(one), inheritedMetadata(other)];
  // A route leads past the waypoint of its backend, unless an ingress gateway goes by it.
  const isAtIngress = [a, b].some(({ labels: own }) => own?.['istio.io/ingress-use-waypoint'] === 'true');
  const differing = (part: string, a: object = {}, b: object = {}) => {
    const [left, right] = [
      new Map<string, unknown>(Object.entries(a)),
      new Map<string, unknown>(Object.entries(b)),
    ];
    const textOf = (values: ReadonlyMap<string, unknown>, name: string) =>
      JSON.stringify(values.get(name) ?? defaults[name] ?? '');
    return [...new Set([...left.keys(), ...right.keys()])]
      .filter(name => textOf(left, name) !== textOf(right, name))
      .filter(name => isAtIngress || !name.startsWith('istio.io/use-waypoint'))
      .map(name => `${part}${name}`);
  };
  return [
    ...differing('label ', a.labels, b.labels),
    ...differing('annotation ', a.annotations, b.annotations),
    ...differing('', inheritedSpec(one), inheritedSpec(other)),
  ];
}
