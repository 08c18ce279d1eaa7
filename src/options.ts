import type { Limits } from './budget.ts';

/** Every choice a conversion depends on; `defaultOptions` spells out what stands when a flag is not given. */
export interface Options extends Limits {
  /**
   * `istio`: the routes run on istiod. Else only what the Gateway API specification promises counts, and what the named
   * implementation, or any of them for `portable`, is known to do otherwise is declared.
   */
  readonly profile: 'istio' | 'portable' | 'envoy-gateway' | 'contour' | 'traefik';
  /** The proxies that apply the VirtualServices today, where the manifests do not say; sidecars by default. */
  readonly from?: 'sidecar' | 'ambient';
  /** Which parentRefs a mesh route gets: the Service, the waypoint Gateway, or both. */
  readonly attach: 'both' | 'service' | 'waypoint';
  /** `NAME` or `NAMESPACE/NAME` of the waypoint Gateway of Services whose labels name none. */
  readonly waypoint?: string;
  readonly createWaypoints: boolean;
  /** `convert`: an Istio Gateway of the input becomes a Gateway API Gateway. `keep`: routes only point at one. */
  readonly gateways: 'convert' | 'keep';
  /** Which Gateway, and which of its listeners, stands in for an Istio Gateway. */
  readonly gatewayMap: readonly GatewayMapping[];
  /** `NAMESPACE/NAME` of the running gateway Service that converted Gateways are to use. */
  readonly gatewayService?: string;
  /** The kind of route for a gRPC VirtualService. */
  readonly grpc: 'auto' | 'http' | 'grpc';
  /** The form that `uri.prefix` gets: `path` is PathPrefix, as people mean it; `string` keeps its exact meaning. */
  readonly prefix: 'path' | 'string';
  readonly gatewayApi: GatewayApiVersion;
  readonly channel: 'standard' | 'experimental';
  /** CRDs of the Gateway API in the input settle both; false where somebody chose them. */
  readonly targetFromInput: boolean;
  /** The namespace of manifests that neither they nor a kustomization put anywhere. */
  readonly namespace: string;
  /** The port that stands in for every Service nobody showed us. */
  readonly defaultPort?: number;
  /** How many proxies in front of gateways are trusted (numTrustedProxies), where the manifests do not say. */
  readonly trustedProxies?: number;
  /** The namespace whose objects are for the whole mesh (rootNamespace), where the manifests do not say. */
  readonly rootNamespace?: string;
  /** Convert the rest of a VirtualService around an unsupported extra. */
  readonly partial: boolean;
  readonly keepVirtualServices: boolean;
  /**
   * `1` adds what can stand beside VirtualServices: `1a` what routes need (Services, Gateways, grants, policies), `1b` the
   * routes. `2` removes what is converted, where all that takes its place is there: `2a` the VirtualServices and Istio
   * Gateways, `2b` the subsets. All of them, one after the other, give the bytes of `all`.
   */
  readonly stage: Stage;
  readonly policies: 'keep' | 'convert';
  /**
   * The effect of a kustomize patch of an object that would be converted: `keep` holds the object back, for nothing would
   * be left to patch; `drop` converts it, and the patch is lost.
   */
  readonly patches: 'keep' | 'drop';
}

export type GatewayApiVersion = '1.4' | '1.5' | '1.6' | '1.7';

/** `1` is `1a` and `1b`, `2` is `2a` and `2b`. */
export const stages = ['all', '1', '1a', '1b', '2', '2a', '2b'] as const;

export type Stage = (typeof stages)[number];

/** The first stage of a conversion leaves VirtualServices where they are. */
export function withStage(options: Options): Options {
  return options.stage.startsWith('1') ? { ...options, keepVirtualServices: true } : options;
}

/** `--gateway FROM=TO#LISTENER`. */
export interface GatewayMapping {
  readonly from: { readonly namespace: string; readonly name: string };
  readonly to: { readonly namespace: string; readonly name: string; readonly sectionName?: string };
}

export const defaultOptions: Options = {
  profile: 'istio',
  attach: 'both',
  createWaypoints: false,
  gateways: 'convert',
  gatewayMap: [],
  grpc: 'auto',
  prefix: 'path',
  gatewayApi: '1.6',
  channel: 'standard',
  targetFromInput: true,
  namespace: 'default',
  partial: false,
  keepVirtualServices: false,
  stage: 'all',
  policies: 'keep',
  patches: 'keep',
  limitRequests: 100_000,
  limitAutomata: 500_000,
  limitMatches: 5_000_000,
  limitPaths: 100_000,
};
