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
  const { type = 'ClusterIP', loadBalancerSourceRanges: ranges = [], ...rest } = service.spec;
  const annotations = Object.entries(service.metadata.annotations ?? {}).filter(([name]) =>
    ofLoadBalancers.test(name),
  );
  const { externalTrafficPolicy, loadBalancerClass, loadBalancerIP } = rest;
  const lost = Object.entries({
    ...(externalTrafficPolicy === 'Local' ? { externalTrafficPolicy } : {}),
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    ...(loadBalancerIP === undefined ? {} : { loadBalancerIP }),
  });
  return {
    service,
    ofGateway: type === 'LoadBalancer' ? {} : { 'networking.istio.io/service-type': type },
    ofService: {
      ...Object.fromEntries(annotations),
      ...(ranges.length === 0 ? {} : { [sourceRanges]: ranges.join(',') }),
    },
    lost: lost.map(([name, value]) => `${name}: ${value}`),
  };
}
