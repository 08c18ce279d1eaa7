/** What `test/istiod` answers for one proxy; messages of Envoy's are protojson. */
export interface ProxyAnswer {
  readonly routes: readonly RouteConfiguration[];
  readonly listeners: readonly Listener[];
  readonly clusters: readonly string[];
  /** For each cluster of a Service, its place in the answer's list of settings. */
  readonly settings?: Readonly<Record<string, number>>;
  /** The same for who stands behind it. */
  readonly endpoints?: Readonly<Record<string, number>>;
}

export interface RouteConfiguration {
  readonly name: string;
  readonly port: number;
  /** The Service a waypoint's chain is for. */
  readonly host?: string;
  readonly virtualHosts: readonly unknown[] | null;
}

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly filterChains: readonly FilterChain[];
}

export interface FilterChain {
  readonly name: string;
  readonly host?: string;
  readonly port?: number;
  readonly match: FilterChainMatch | null;
  readonly routeConfig?: string;
  readonly tcpProxy?: unknown;
  readonly tls: unknown;
}

export interface FilterChainMatch {
  readonly serverNames?: readonly string[];
  readonly transportProtocol?: string;
  readonly applicationProtocols?: readonly string[];
  readonly prefixRanges?: readonly { readonly addressPrefix: string; readonly prefixLen?: number }[];
}
