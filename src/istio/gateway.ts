/**
 * Istio's Gateway, `networking.istio.io/v1`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/
 */
export interface Gateway {
  readonly servers?: readonly Server[];
  readonly selector?: Readonly<Record<string, string>>;
}

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#Server */
export interface Server {
  readonly port: Port;
  readonly bind?: string;
  readonly hosts: readonly string[];
  readonly tls?: ServerTLSSettings;
  readonly defaultEndpoint?: string;
  readonly name?: string;
}

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#Port */
export interface Port {
  readonly number: number;
  /** HTTP, HTTPS, GRPC, GRPC-WEB, HTTP2, MONGO, TCP, TLS, in any case. */
  readonly protocol: string;
  readonly name: string;
  /** Ignored by istiod since 1.8. */
  readonly targetPort?: number;
}

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings */
export interface ServerTLSSettings {
  readonly httpsRedirect?: boolean;
  readonly mode?:
    | 'PASSTHROUGH'
    | 'SIMPLE'
    | 'MUTUAL'
    | 'AUTO_PASSTHROUGH'
    | 'ISTIO_MUTUAL'
    | 'OPTIONAL_MUTUAL';
  readonly serverCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly caCrl?: string;
  readonly credentialName?: string;
  readonly credentialNames?: readonly string[];
  readonly caCertCredentialName?: string;
  readonly tlsCertificates?: readonly TLSCertificate[];
  readonly subjectAltNames?: readonly string[];
  readonly verifyCertificateSpki?: readonly string[];
  readonly verifyCertificateHash?: readonly string[];
  readonly minProtocolVersion?: string;
  readonly maxProtocolVersion?: string;
  readonly cipherSuites?: readonly string[];
  readonly insecureSkipVerify?: boolean;
  /** Since Istio 1.32. */
  readonly ecdhCurves?: readonly string[];
  /** Since Istio 1.32. */
  readonly alpnProtocols?: readonly string[];
}

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings-TLSCertificate */
export interface TLSCertificate {
  readonly serverCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
}
