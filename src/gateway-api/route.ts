/**
 * Fields that the route kinds of the Gateway API share.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#parentreference
 */
export interface ParentReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference */
export interface BackendObjectReference {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#backendref */
export interface BackendRef extends BackendObjectReference {
  readonly weight?: number;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpheader */
export interface HTTPHeader {
  readonly name: string;
  readonly value: string;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpheaderfilter */
export interface HTTPHeaderFilter {
  readonly set?: readonly HTTPHeader[];
  readonly add?: readonly HTTPHeader[];
  readonly remove?: readonly string[];
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#fraction */
export interface Fraction {
  readonly numerator: number;
  readonly denominator?: number;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httprequestmirrorfilter */
export interface HTTPRequestMirrorFilter {
  readonly backendRef: BackendObjectReference;
  readonly percent?: number;
  readonly fraction?: Fraction;
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch */
export interface HTTPHeaderMatch {
  readonly type?: 'Exact' | 'RegularExpression';
  readonly name: string;
  readonly value: string;
}
