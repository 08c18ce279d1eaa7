import type { HttpEntry } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import { ownValue } from '../yaml/own-value.ts';

/** A listener of a proxy, as far as it decides whether matches hold there at all. */
export interface MatchedListener {
  /** Labels of the proxy; a waypoint skips every match that asks for some. */
  readonly proxy:
    | {
        readonly kind: 'sidecar';
        readonly namespace: string;
        readonly labels: Readonly<Record<string, string>>;
      }
    | { readonly kind: 'waypoint'; readonly namespace: string }
    | { readonly kind: 'gateway'; readonly namespace: string };
  /** `mesh`, or the Istio Gateway the list is bound to. */
  readonly gateway: string;
  readonly port: number;
}

/**
 * Why a match holds for nothing at a listener, by what does not depend on the request.
 *
 * @returns undefined for one that may hold
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, sourceMatchHTTP
 */
export function whyElsewhere(
  match: istio.HTTPMatchRequest,
  { proxy, gateway, port }: MatchedListener,
): string | undefined {
  if (match.port !== undefined && match.port !== 0 && match.port !== port) return `is for port ${match.port}`;
  const labels = Object.entries(match.sourceLabels ?? {});
  if (proxy.kind === 'waypoint' && labels.length > 0)
    return 'is for clients with certain labels, which a waypoint does not know';
  if (match.gateways !== undefined && match.gateways.length > 0)
    return match.gateways.includes(gateway) ? undefined : `is for ${match.gateways.join(' and ')}`;
  const own = proxy.kind === 'sidecar' ? proxy.labels : {};
  const missing = labels.find(([name, value]) => ownValue(own, name) !== value);
  if (missing !== undefined) return `is for clients with the label ${missing.join('=')}`;
  return !match.sourceNamespace || match.sourceNamespace === proxy.namespace
    ? undefined
    : `is for clients in namespace ${match.sourceNamespace}`;
}

/**
 * Whether a list has an entry that may hold at a listener; istiod leaves out a VirtualService without any, so that a wildcard has the
 * requests for its hosts.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, BuildHTTPRoutesForVirtualService
 */
export function speaksAt(entries: readonly HttpEntry[], listener: MatchedListener): boolean {
  return entries.some(
    ({ http: { match = [] } }) =>
      match.length === 0 || match.some(one => whyElsewhere(one, listener) === undefined),
  );
}
