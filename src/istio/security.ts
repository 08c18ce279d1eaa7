/**
 * AuthorizationPolicy, `security.istio.io/v1` (v1beta1 has the same fields).
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export interface AuthorizationPolicy extends PolicyTarget {
  /** ALLOW when it is not set. */
  readonly action?: 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';
  readonly rules?: readonly AuthorizationRule[];
  readonly provider?: { readonly name?: string };
}

/**
 * All of `from`, `to` and `when` have to match; of the items of `from` and of `to`, one.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule
 */
export interface AuthorizationRule {
  readonly from?: readonly { readonly source?: AuthorizationSource }[];
  readonly to?: readonly { readonly operation?: AuthorizationOperation }[];
  readonly when?: readonly AuthorizationCondition[];
}

/** @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source */
export interface AuthorizationSource {
  readonly principals?: readonly string[];
  readonly notPrincipals?: readonly string[];
  readonly requestPrincipals?: readonly string[];
  readonly notRequestPrincipals?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly notNamespaces?: readonly string[];
  /** `NAME` of the policy's namespace, or `NAMESPACE/NAME`. */
  readonly serviceAccounts?: readonly string[];
  readonly notServiceAccounts?: readonly string[];
  readonly trustDomains?: readonly string[];
  readonly notTrustDomains?: readonly string[];
  readonly ipBlocks?: readonly string[];
  readonly notIpBlocks?: readonly string[];
  readonly remoteIpBlocks?: readonly string[];
  readonly notRemoteIpBlocks?: readonly string[];
}

/** @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation */
export interface AuthorizationOperation {
  readonly hosts?: readonly string[];
  readonly notHosts?: readonly string[];
  readonly ports?: readonly string[];
  readonly notPorts?: readonly string[];
  readonly methods?: readonly string[];
  readonly notMethods?: readonly string[];
  readonly paths?: readonly string[];
  readonly notPaths?: readonly string[];
}

/** @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Condition */
export interface AuthorizationCondition {
  /** @see https://istio.io/latest/docs/reference/config/security/conditions/ */
  readonly key: string;
  readonly values?: readonly string[];
  readonly notValues?: readonly string[];
}

/**
 * RequestAuthentication, `security.istio.io/v1` (v1beta1 has the same fields).
 *
 * @see https://istio.io/latest/docs/reference/config/security/request_authentication/
 */
export interface RequestAuthentication extends PolicyTarget {
  readonly jwtRules?: readonly JWTRule[];
}

/** @see https://istio.io/latest/docs/reference/config/security/request_authentication/#JWTRule */
export interface JWTRule {
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  readonly jwksUri?: string;
  /** The older spelling of `jwksUri`, still in the CRD. */
  readonly jwks_uri?: string;
  readonly jwks?: string;
  readonly fromHeaders?: readonly { readonly name: string; readonly prefix?: string }[];
  readonly fromParams?: readonly string[];
  readonly fromCookies?: readonly string[];
  readonly outputPayloadToHeader?: string;
  readonly forwardOriginalToken?: boolean;
  readonly outputClaimToHeaders?: readonly { readonly header: string; readonly claim: string }[];
  readonly spaceDelimitedClaims?: readonly string[];
  readonly timeout?: string;
  /** OPTIONAL when it is not set. Since Istio 1.32. */
  readonly presence?: 'OPTIONAL' | 'REQUIRED';
}

/** The target of a policy: pods by their labels, or objects by name; without either, its whole namespace. */
export interface PolicyTarget {
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  /** Deprecated for `targetRefs`. */
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
}

/** @see https://istio.io/latest/docs/reference/config/type/workload-selector/#PolicyTargetReference */
export interface PolicyTargetReference {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  /** Refused unless it is empty: a policy and what it targets share their namespace. */
  readonly namespace?: string;
}
