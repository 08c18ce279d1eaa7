/** A proxy as istiod is to know it. */
export interface PodProxy {
  readonly kind: 'sidecar' | 'router' | 'waypoint';
  readonly name: string;
  readonly namespace: string;
  readonly account: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of a waypoint: addresses of Services, and the port on loopback that stands for each. */
  readonly services?: readonly { readonly address: string; readonly port: number }[];
}

/**
 * What an Envoy is started with: who it is, and where istiod is.
 *
 * @param socket leads to istiod
 * @param secrets leads to who gives the pod its certificates
 * @param token of the account, for proxies that ask for certificates; without one the connection is in plain text
 * @see istio.io/istio/tools/packaging/common/envoy_bootstrap.json
 */
export function bootstrapOf(
  { kind, name, namespace, account, address, labels, services = [] }: PodProxy,
  socket: string,
  secrets: string,
  token: string | undefined,
): unknown {
  const service = {
    envoyGrpc: { clusterName: 'xds-grpc' },
    ...(token === undefined ? {} : { initialMetadata: [{ key: 'authorization', value: `Bearer ${token}` }] }),
  };
  return {
    admin: { address: { socketAddress: { address: '127.0.0.1', portValue: 15000 } } },
    node: {
      id: `${kind}~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`,
      cluster: `${name}.${namespace}`,
      metadata: {
        CLUSTER_ID: 'Kubernetes',
        INSTANCE_IPS: address,
        INTERCEPTION_MODE: 'NONE',
        ISTIO_VERSION: '1.31.0',
        LABELS: labels,
        NAME: name,
        NAMESPACE: namespace,
        SERVICE_ACCOUNT: account,
      },
    },
    dynamicResources: {
      ldsConfig: { ads: {}, resourceApiVersion: 'V3', initialFetchTimeout: '0s' },
      cdsConfig: { ads: {}, resourceApiVersion: 'V3', initialFetchTimeout: '0s' },
      adsConfig: {
        apiType: 'GRPC',
        transportApiVersion: 'V3',
        setNodeOnFirstMessageOnly: true,
        grpcServices: [service],
      },
    },
    bootstrapExtensions: [
      {
        name: 'envoy.bootstrap.internal_listener',
        typedConfig: {
          '@type': 'type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener',
        },
      },
    ],
    staticResources: {
      clusters: [cluster('xds-grpc', socket, token !== undefined), cluster('sds-grpc', secrets, false)],
      listeners: services.map(service => behindTunnel(service)),
    },
  };
}

/**
 * Leads a connection to where the waypoint's tunnel ends: its internal listener, with the address of a Service as the one that
 * was asked for.
 */
function behindTunnel({ address, port }: { readonly address: string; readonly port: number }): unknown {
  return {
    name: `behind-tunnel-${port}`,
    address: { socketAddress: { address: '127.0.0.1', portValue: port } },
    filterChains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.set_filter_state',
            typedConfig: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config',
              onNewConnection: [
                {
                  objectKey: 'envoy.filters.listener.original_dst.local_ip',
                  formatString: { textFormatSource: { inlineString: address } },
                  sharedWithUpstream: 'ONCE',
                },
              ],
            },
          },
          {
            name: 'envoy.filters.network.tcp_proxy',
            typedConfig: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
              statPrefix: 'behind-tunnel',
              cluster: 'main_internal',
            },
          },
        ],
      },
    ],
  };
}

function cluster(name: string, path: string, tls: boolean): unknown {
  return {
    name,
    type: 'STATIC',
    connectTimeout: '1s',
    loadAssignment: {
      clusterName: name,
      endpoints: [{ lbEndpoints: [{ endpoint: { address: { pipe: { path } } } }] }],
    },
    typedExtensionProtocolOptions: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicitHttpConfig: { http2ProtocolOptions: {} },
      },
    },
    ...(tls
      ? {
          transportSocket: {
            name: 'envoy.transport_sockets.tls',
            typedConfig: {
              '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
              sni: 'istiod.istio-system.svc',
              commonTlsContext: { alpnProtocols: ['h2'] },
            },
          },
        }
      : {}),
  };
}
