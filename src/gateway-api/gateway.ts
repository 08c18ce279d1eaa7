/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec */
export interface Gateway {
  readonly gatewayClassName: string;
  readonly listeners?: readonly Listener[];
  readonly addresses?: readonly GatewayAddress[];
  readonly infrastructure?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly tls?: GatewayTLSConfig;
  /** Which ListenerSets add listeners; none unless it says so. */
  readonly allowedListeners?: { readonly namespaces?: AllowedListenerNamespaces };
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#listener */
export interface Listener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls?: ListenerTLSConfig;
  readonly allowedRoutes?: AllowedRoutes;
  /** Experimental in 1.7: filters that run before a route is chosen. */
  readonly filters?: Readonly<Record<string, unknown>>;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayaddress */
export interface GatewayAddress {
  readonly type?: string;
  readonly value: string;
  /** Experimental in 1.7: from where the address is reached. */
  readonly routability?: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#listenertlsconfig */
export interface ListenerTLSConfig {
  readonly mode?: 'Terminate' | 'Passthrough';
  readonly certificateRefs?: readonly SecretObjectReference[];
  readonly options?: Readonly<Record<string, string>>;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#secretobjectreference */
export interface SecretObjectReference {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes */
export interface AllowedRoutes {
  readonly namespaces?: {
    readonly from?: 'All' | 'Same' | 'Selector' | 'None';
    readonly selector?: LabelSelector;
  };
  readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#listenernamespaces */
export interface AllowedListenerNamespaces {
  readonly from?: 'All' | 'Same' | 'Selector' | 'None';
  readonly selector?: LabelSelector;
}

/**
 * ListenerSet, `gateway.networking.k8s.io/v1`, standard since 1.5: listeners that are added to a Gateway.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#listenersetspec
 */
export interface ListenerSet {
  readonly parentRef: {
    readonly group?: string;
    readonly kind?: string;
    readonly name: string;
    readonly namespace?: string;
  };
  readonly listeners?: readonly Listener[];
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/ */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewaytlsconfig */
export interface GatewayTLSConfig {
  readonly frontend?: {
    readonly default: FrontendTLSConfig;
    readonly perPort?: readonly { readonly port: number; readonly tls: FrontendTLSConfig }[];
  };
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#tlsconfig */
export interface FrontendTLSConfig {
  readonly validation?: {
    readonly caCertificateRefs: readonly SecretObjectReference[];
    readonly mode?: 'AllowValidOnly' | 'AllowInsecureFallback';
  };
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclassspec */
export interface GatewayClass {
  readonly controllerName: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#referencegrantspec */
export interface ReferenceGrant {
  readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
  readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
}
