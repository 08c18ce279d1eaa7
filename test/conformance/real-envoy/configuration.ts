import type { Sample } from './sample.ts';

/** A static configuration with a listener for each table, and what stands for what in it. */
export interface Configuration {
  readonly json: unknown;
  /** The loopback address of each cluster. */
  readonly addresses: ReadonlyMap<string, string>;
}

export function listenerName(index: number): string {
  return `table-${index}`;
}

/** @param upstream the port that all clusters lead to, each at an address of its own */
export function configurationOf(samples: readonly Sample[], upstream: number): Configuration {
  const clusters = new Map(samples.flatMap(sample => [...sample.clusters]));
  const addresses = new Map(
    [...clusters.keys()].map((cluster, index) => [cluster, `127.1.${index >> 8}.${index & 255}`]),
  );
  const json = {
    admin: { address: socket('127.0.0.1', 0) },
    staticResources: {
      listeners: samples.map(({ virtualHosts }, index) => ({
        name: listenerName(index),
        address: socket('127.0.0.1', 0),
        filterChains: [{ filters: [connectionManager(virtualHosts)] }],
      })),
      clusters: [...addresses].map(([name, address]) => ({
        name,
        type: 'STATIC',
        connectTimeout: '1s',
        loadAssignment: {
          clusterName: name,
          endpoints:
            clusters.get(name) === 'empty'
              ? []
              : [{ lbEndpoints: [{ endpoint: { address: socket(address, upstream) } }] }],
        },
      })),
    },
  };
  return { json, addresses };
}

function socket(address: string, portValue: number): unknown {
  return { socketAddress: { address, portValue } };
}

/** As istiod sets it, as far as it bears on which route is taken. */
function connectionManager(virtualHosts: readonly unknown[]): unknown {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typedConfig: {
      '@type':
        'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      statPrefix: 'table',
      normalizePath: true,
      routeConfig: {
        name: 'table',
        virtualHosts: virtualHosts.map(withoutFaults),
        validateClusters: false,
        ignorePortInHostMatching: true,
      },
      httpFilters: [
        {
          name: 'envoy.filters.http.router',
          typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
        },
      ],
    },
  };
}

/** Faults and CORS are what filters do before the router; delays would only hold the check up. */
function withoutFaults(virtualHost: unknown): unknown {
  return JSON.parse(
    JSON.stringify(virtualHost, (key, value: unknown) =>
      key === 'typedPerFilterConfig' ? undefined : value,
    ),
  );
}
