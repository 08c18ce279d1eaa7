/**
 * AuthorizationPolicy, `security.istio.io/v1`, as far as it matters where it is enforced.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export interface AuthorizationPolicy extends PolicyTarget {
  readonly action?: string;
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
  readonly provider?: Readonly<Record<string, unknown>>;
}

/**
 * RequestAuthentication, `security.istio.io/v1`.
 *
 * @see https://istio.io/latest/docs/reference/config/security/request_authentication/
 */
export interface RequestAuthentication extends PolicyTarget {
  readonly jwtRules?: readonly Readonly<Record<string, unknown>>[];
}

/** @see https://istio.io/latest/docs/reference/config/type/workload-selector/#PolicyTargetReference */
export interface PolicyTarget {
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
}

export interface PolicyTargetReference {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}
