/**
 * A filter that hands on who called, which every waypoint has, and which only Istio's own build of Envoy knows: it is taken out
 * of the waypoint of a namespace.
 */
export function plainEnvoyFilter(namespace: string): string {
  const remove = (name: string) => ({
    applyTo: 'HTTP_FILTER',
    match: {
      context: 'SIDECAR_INBOUND',
      listener: {
        filterChain: {
          filter: { name: 'envoy.filters.network.http_connection_manager', subFilter: { name } },
        },
      },
    },
    patch: { operation: 'REMOVE' },
  });
  return JSON.stringify({
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'plain-envoy', namespace },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' }],
      configPatches: ['waypoint_downstream_peer_metadata', 'waypoint_upstream_peer_metadata'].map(remove),
    },
  });
}
