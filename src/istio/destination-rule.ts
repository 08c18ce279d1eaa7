/**
 * DestinationRule, `networking.istio.io/v1`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/
 */
export interface DestinationRule {
  readonly host: string;
  readonly trafficPolicy?: TrafficPolicy;
  readonly subsets?: readonly Subset[];
  readonly exportTo?: readonly string[];
  readonly workloadSelector?: WorkloadSelector;
}

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset */
export interface Subset {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly trafficPolicy?: TrafficPolicy;
}

/** @see https://istio.io/latest/docs/reference/config/type/workload-selector/#WorkloadSelector */
export interface WorkloadSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

/**
 * A part of a trafficPolicy that is carried over as it is written and never looked into, since only Envoy's
 * cluster settings depend on it.
 */
export type Opaque = Readonly<Record<string, unknown>>;

/** The parts of a trafficPolicy that a port may set on its own. */
export interface PortTrafficPolicy {
  readonly port?: { readonly number?: number };
  readonly loadBalancer?: LoadBalancerSettings;
  readonly connectionPool?: Opaque;
  readonly outlierDetection?: Opaque;
  readonly tls?: ClientTLSSettings;
}

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy */
export interface TrafficPolicy extends Omit<PortTrafficPolicy, 'port'> {
  readonly portLevelSettings?: readonly PortTrafficPolicy[];
  readonly tunnel?: Opaque;
  readonly proxyProtocol?: Opaque;
  readonly retryBudget?: Opaque;
}

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings */
export interface LoadBalancerSettings {
  readonly simple?: string;
  readonly consistentHash?: Opaque;
  readonly localityLbSetting?: Opaque;
  readonly zoneAwareLbSetting?: Opaque;
  readonly warmup?: Opaque;
  readonly warmupDurationSecs?: string;
  /** Since Istio 1.32. */
  readonly backendUtilization?: Opaque;
}

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings */
export interface ClientTLSSettings {
  readonly mode?: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly credentialName?: string;
  readonly subjectAltNames?: readonly string[];
  readonly sni?: string;
  readonly insecureSkipVerify?: boolean;
  readonly caCrl?: string;
  /** Since Istio 1.32. */
  readonly caCertCredentialName?: string;
}
