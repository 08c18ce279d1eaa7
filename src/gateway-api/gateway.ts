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
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#listener */
export interface Listener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls?: ListenerTLSConfig;
  readonly allowedRoutes?: AllowedRoutes;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayaddress */
export interface GatewayAddress {
  readonly type?: string;
  readonly value: string;
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
