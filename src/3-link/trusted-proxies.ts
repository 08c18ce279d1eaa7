import { mappingIn } from '../2-decode/helm-values.ts';
import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import { ownValue } from '../yaml/own-value.ts';
import { selectSamePods } from './gateways/gateway-pods.ts';
import type { GatewayServer } from './gateways/gateway-server.ts';
import type { GatewayProxy } from './gateways/gateway-servers.ts';
import { isSubsetOfHost } from './hostname.ts';
import { areSelected } from './labels.ts';
import { meshConfigs, settingAt } from './mesh-config.ts';

/** By it, pods change what MeshConfig says of their proxies (defaultConfig). */
export const proxyConfigAnnotation = 'proxy.istio.io/config';

/** How many proxies in front of a gateway are trusted, and the annotation of its pods that says so. */
export interface TrustedProxies {
  readonly count: number;
  readonly annotation?: string;
}

/**
 * Finds out how many proxies in front of a gateway Envoy trusts: what the annotation of its pods says, else MeshConfig.
 *
 * @param given by the flag, which takes precedence
 * @returns undefined where nothing tells
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/network-topologies/
 */
export function trustedProxies(
  gateway: Resource<'istio.Gateway'> | Resource<'gateway.Gateway'>,
  resources: readonly AnyResource[],
  given?: number,
): TrustedProxies | undefined {
  const annotations =
    gateway.type === 'gateway.Gateway'
      ? [gateway.spec.infrastructure?.annotations]
      : podAnnotations(gateway.spec.selector ?? {}, resources);
  const annotated = annotations
    .flatMap(all => ownValue(all, proxyConfigAnnotation) ?? [])
    .flatMap(annotation => {
      const count = countIn(mappingIn(annotation));
      return count === undefined ? [] : [{ count, annotation }];
    });
  if (given !== undefined) {
    const same = annotated.find(({ count }) => count === given);
    return same ?? { count: given };
  }
  const [first] = annotated;
  if (first !== undefined) return annotated.every(({ count }) => count === first.count) ? first : undefined;
  const counts = meshConfigs(resources).flatMap(({ config }) => {
    const count = countIn(settingAt(config, 'defaultConfig'));
    return count === undefined ? [] : [count];
  });
  const [count] = counts;
  return count !== undefined && counts.every(other => other === count) ? { count } : undefined;
}

/**
 * @returns the annotation by which the pods of an Istio Gateway change what MeshConfig says of their proxies: trusted proxies, client
 * certificates in headers, the PROXY protocol; undefined where workloads of the input say different things
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig
 */
export function proxyConfigOfPods(
  gateway: Resource<'istio.Gateway'>,
  resources: readonly AnyResource[],
): string | undefined {
  const all = podAnnotations(gateway.spec.selector ?? {}, resources).map(
    annotations => ownValue(annotations, proxyConfigAnnotation) ?? '',
  );
  const [first] = all;
  return first !== undefined && first !== '' && all.every(other => other === first) ? first : undefined;
}

function podAnnotations(
  selector: Readonly<Record<string, string>>,
  resources: readonly AnyResource[],
): readonly (Readonly<Record<string, string>> | undefined)[] {
  if (Object.keys(selector).length === 0) return [];
  return resources
    .filter(isType('apps.Workload'))
    .map(({ spec }) => spec.template?.metadata)
    .filter(pods => areSelected(pods?.labels, selector))
    .map(pods => pods?.annotations);
}

function countIn(proxyConfig: unknown): number | undefined {
  const count = settingAt(proxyConfig, 'gatewayTopology', 'numTrustedProxies');
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : undefined;
}

/**
 * Whose word counts for the scheme of a request. Envoy sets X-Forwarded-Proto to the scheme of the listener, unless a trusted
 * proxy sends it; :scheme and redirects of HTTP/1.1 requests follow X-Forwarded-Proto.
 *
 * `listener`: that of the listener. `proxy`: a proxy in front may say another. `unknown`: it may be either, since a host that
 * only plain HTTP servers have may stand behind a load balancer that ends TLS.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-proto
 */
export type SchemeFrom = 'listener' | 'proxy' | 'unknown';

/**
 * @param trusted how many proxies are trusted; undefined where nobody knows
 * @param servers all those of the pods
 * @param host that is asked for over plain HTTP
 */
export function schemeAtPlainHttp(
  trusted: number | undefined,
  servers: readonly Pick<GatewayServer, 'protocol' | 'hosts'>[],
  host: string,
): SchemeFrom {
  if (trusted !== undefined) return trusted > 0 ? 'proxy' : 'listener';
  const endsTls = servers.some(
    ({ protocol, hosts }) =>
      (protocol === 'https' || protocol === 'tls') && hosts.some(server => isSubsetOfHost(host, server.host)),
  );
  return endsTls ? 'listener' : 'unknown';
}

/** @returns the servers of all proxies that run on the pods of one */
export function serversOnPods(proxies: readonly GatewayProxy[], own: GatewayProxy): readonly GatewayServer[] {
  const { podLabels } = own;
  if (podLabels === undefined) return own.servers;
  const podsOf = (labels: NonNullable<typeof podLabels>) => ({ selector: labels, labels });
  return proxies.flatMap(other =>
    other.podLabels !== undefined && selectSamePods(podsOf(other.podLabels), podsOf(podLabels))
      ? other.servers
      : [],
  );
}
