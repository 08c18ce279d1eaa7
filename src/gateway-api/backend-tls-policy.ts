/**
 * BackendTLSPolicy, `gateway.networking.k8s.io/v1`, which is standard from 1.4 on.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyspec
 */
export interface BackendTLSPolicy {
  readonly targetRefs: readonly PolicyTargetReference[];
  readonly validation: BackendTLSPolicyValidation;
  readonly options?: Readonly<Record<string, string>>;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#localpolicytargetreferencewithsectionname */
export interface PolicyTargetReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** The name of a port of a Service; without it, all its ports. */
  readonly sectionName?: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation */
export interface BackendTLSPolicyValidation {
  readonly caCertificateRefs?: readonly {
    readonly group: string;
    readonly kind: string;
    readonly name: string;
  }[];
  readonly wellKnownCACertificates?: 'System';
  /** The SNI that is sent, and the name that the certificate must have. */
  readonly hostname: string;
  readonly subjectAltNames?: readonly {
    readonly type: 'Hostname' | 'URI';
    readonly hostname?: string;
    readonly uri?: string;
  }[];
}
