import type { PolicyTargetReference } from './security.ts';

/**
 * EnvoyFilter, `networking.istio.io/v1alpha3`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/
 */
export interface EnvoyFilter {
  readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> };
  readonly targetRefs?: readonly PolicyTargetReference[];
  readonly configPatches?: readonly EnvoyConfigPatch[];
}

/** @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-EnvoyConfigObjectPatch */
export interface EnvoyConfigPatch {
  readonly applyTo?: string;
  readonly match?: EnvoyConfigMatch;
  readonly patch?: Readonly<Record<string, unknown>>;
}

/** @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-EnvoyConfigObjectMatch */
export interface EnvoyConfigMatch {
  /** ANY when it is not set. */
  readonly context?: string;
  readonly routeConfiguration?: EnvoyRouteConfigurationMatch;
  readonly cluster?: EnvoyClusterMatch;
}

/** @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-RouteConfigurationMatch */
export interface EnvoyRouteConfigurationMatch {
  readonly name?: string;
  readonly portName?: string;
  /** `NAMESPACE/NAME` of an Istio Gateway. */
  readonly gateway?: string;
  readonly vhost?: { readonly route?: { readonly name?: string } };
}

/** @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-ClusterMatch */
export interface EnvoyClusterMatch {
  readonly name?: string;
  readonly service?: string;
  readonly subset?: string;
  readonly portNumber?: number;
}
