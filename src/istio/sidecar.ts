import type { Destination } from './virtual-service.ts';

/**
 * Sidecar, `networking.istio.io/v1`, as far as it decides which hosts a client sees.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
export interface Sidecar {
  readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> };
  readonly egress?: readonly SidecarEgress[];
  readonly outboundTrafficPolicy?: OutboundTrafficPolicy;
}

/** @see https://istio.io/latest/docs/reference/config/networking/sidecar/#OutboundTrafficPolicy */
export interface OutboundTrafficPolicy {
  /** Where requests go that nothing else is for. */
  readonly egressProxy?: Destination;
}

/** @see https://istio.io/latest/docs/reference/config/networking/sidecar/#SidecarPort */
export interface SidecarPort {
  readonly number?: number;
  /** `HTTP_PROXY` makes a forward proxy of the listener: then its number says nothing of Services. */
  readonly protocol?: string;
}

/** @see https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener */
export interface SidecarEgress {
  readonly port?: SidecarPort;
  /** `NAMESPACE/DNS-NAME`; `.` and `*` stand for a namespace, and a `~` before it takes hosts out. */
  readonly hosts: readonly string[];
}
