import type { Resource } from '../2-decode/resource.ts';
import type { IstioGateway } from '../3-link/facts.ts';

/** How the Service of the pods of an Istio Gateway is exposed, as far as a Gateway can ask for the same. */
export interface GatewayExposure {
  readonly service: Resource<'core.Service'>;
  /** For the Gateway itself: istiod reads the type of the Service that it makes from there. */
  readonly ofGateway: Readonly<Record<string, string>>;
  /** For `infrastructure`, from where istiod copies them to the Service. */
  readonly ofService: Readonly<Record<string, string>>;
  /** Fields of the Service that nothing stands for. */
  readonly lost: readonly string[];
}

/** Annotations by which clouds and load balancers are told how to expose a Service. */
const ofLoadBalancers =
  /^(service(\.beta)?\.kubernetes\.io|cloud\.google\.com|networking\.gke\.io|metallb\.(io|universe\.tf)|load-balancer\.hetzner\.cloud|oci\.oraclecloud\.com|kube-vip\.io|io\.cilium)\//;

const sourceRanges = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/**
 * @returns undefined where no Service was found in the input, or several
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/deploymentcontroller.go, configureIstioGateway
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
export function exposureOf({ ways }: Pick<IstioGateway, 'ways'>): GatewayExposure | undefined {
  const services = new Set(ways.map(({ service }) => service));
  const [service] = services;
  if (service === undefined || services.size > 1) return undefined;
  const type = typeOf(service);
  return {
    service,
    ofGateway: type === 'LoadBalancer' ? {} : { 'networking.istio.io/service-type': type },
    ofService: annotationsOf(service),
    lost: fieldsOf(service),
  };
}

/**
 * Where several Services lead to the pods of an Istio Gateway, the new one is like none of them.
 *
 * @returns for each that limits its clients, everything that the new Service lacks
 */
export function exposuresLeftOut({
  ways,
}: Pick<IstioGateway, 'ways'>): readonly Pick<GatewayExposure, 'service' | 'lost'>[] {
  const services = [...new Set(ways.map(({ service }) => service))];
  if (services.length < 2) return [];
  const isPublic = services.some(service => typeOf(service) === 'LoadBalancer');
  return services
    .map(service => ({
      service,
      lost: [
        ...(isPublic ? [] : [`type: ${typeOf(service)}`]),
        ...Object.entries(annotationsOf(service)).map(([name, value]) => `${name}: ${value}`),
        ...fieldsOf(service),
      ],
    }))
    .filter(({ lost }) => lost.length > 0);
}

function typeOf({ spec: { type = 'ClusterIP' } }: Resource<'core.Service'>): string {
  return type;
}

function annotationsOf({ metadata, spec }: Resource<'core.Service'>): Readonly<Record<string, string>> {
  const { loadBalancerSourceRanges: ranges = [] } = spec;
  return {
    ...Object.fromEntries(
      Object.entries(metadata.annotations ?? {}).filter(([name]) => ofLoadBalancers.test(name)),
    ),
    ...(ranges.length === 0 ? {} : { [sourceRanges]: ranges.join(',') }),
  };
}

/** Fields that no annotation stands for. A port of the nodes that is written down is one that somebody outside knows. */
function fieldsOf({ spec }: Resource<'core.Service'>): readonly string[] {
  const {
    externalTrafficPolicy,
    internalTrafficPolicy,
    sessionAffinity,
    externalIPs = [],
    ports = [],
  } = spec;
  const { loadBalancerClass, loadBalancerIP } = spec;
  const nodePorts = ports.flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
  return [
    ...(externalTrafficPolicy === 'Local' ? ['externalTrafficPolicy: Local'] : []),
    ...(internalTrafficPolicy === 'Local' ? ['internalTrafficPolicy: Local'] : []),
    ...(sessionAffinity === 'ClientIP' ? ['sessionAffinity: ClientIP'] : []),
    ...(externalIPs.length === 0 ? [] : [`externalIPs: ${externalIPs.join(' and ')}`]),
    ...(loadBalancerClass === undefined ? [] : [`loadBalancerClass: ${loadBalancerClass}`]),
    ...(loadBalancerIP === undefined ? [] : [`loadBalancerIP: ${loadBalancerIP}`]),
    ...(nodePorts.length === 0 ? [] : [`nodePort: ${nodePorts.join(' and ')}`]),
  ];
}
