import type { AnyResource } from '../2-decode/resource.ts';
import { type HttpPorts, httpPortsOf } from '../3-link/foreign-ports.ts';
import { meshConfigs } from '../3-link/mesh-config.ts';
import { defaultRetriesIn } from '../3-link/mesh-retries.ts';
import { buildRegistry, type Registry } from '../3-link/registry.ts';
import { resolveVirtualServices } from '../3-link/resolve-virtual-services.ts';
import { rootNamespaceOf } from '../3-link/root-namespace.ts';
import { buildDestinationRules, type DestinationRules } from '../3-link/subsets/destination-rules.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import type { Options } from '../options.ts';
import { type Clusters, clustersOf } from './clusters.ts';
import {
  type ConnectionIndex,
  type ConnectionList,
  connectionLists,
  indexConnections,
} from './connection-lists.ts';
import { buildGateways, type Gateways } from './gateway-lists.ts';
import { buildMeshLists, type MeshLists } from './mesh-lists.ts';
import { type GatewayPods, gatewayPodsOf } from './next-hop.ts';

/** Everything a request can meet: the objects of one side of a comparison, indexed. */
export interface World {
  readonly registry: Registry;
  readonly httpPorts: HttpPorts;
  readonly destinationRules: DestinationRules;
  readonly mesh: MeshLists;
  readonly clusters: Clusters;
  readonly gateways: Gateways;
  /** The gateway proxies that Services lead to. */
  readonly gatewayPods: GatewayPods;
  /** The rules for connections, the older first. */
  readonly connections: readonly ConnectionList[];
  readonly connectionIndex: ConnectionIndex;
  /** Per-version Services that are only assumed to exist, by `NAMESPACE/NAME`, and what they stand for. */
  readonly assumedVersions: ReadonlyMap<string, AssumedVersion>;
  /** Services that nobody stands behind, by `NAMESPACE/NAME`. */
  readonly emptyServices: ReadonlySet<string>;
  /**
   * The DestinationRules of the other side of a comparison: subsets of hosts that neither side has one for are taken to exist.
   * Undefined where no subset is.
   */
  readonly otherRules: DestinationRules | undefined;
  /** The retries where nothing says any: those of MeshConfig; undefined for the defaults of Istio. */
  readonly defaultRetries: istio.HTTPRetry | undefined;
  /** Whether tables also have the rules that take nothing where they are, so that it can be said why. */
  readonly explains: boolean;
  /** Whether routes do what istiod makes of them, or only what the specification promises. */
  readonly profile: Options['profile'];
}

/** The pods of another Service that have these labels too. */
export interface AssumedVersion {
  /** Full name of the Service that the version belongs to. */
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Assumptions about objects that are not found in the input. */
export interface Assumptions {
  readonly defaultPort?: number | undefined;
  /** How many proxies in front of gateways are trusted, whatever manifests say. */
  readonly trustedProxies?: number | undefined;
  /** The namespace whose objects are for the whole mesh, whatever manifests say. */
  readonly rootNamespace?: string | undefined;
  /** Where the pods of Istio Gateways run whose Services are not among the resources. */
  readonly podsNamespace?: string | undefined;
  readonly versions?: ReadonlyMap<string, AssumedVersion>;
  readonly empty?: ReadonlySet<string>;
  /** The objects of the other side of a comparison: subsets of hosts that no DestinationRule of either is for are taken to exist. */
  readonly otherSide?: readonly AnyResource[];
  /** Full names of Services that are known not to be there. */
  readonly absent?: ReadonlySet<string>;
  /** The registry of another world of the same cluster, with which the same Services are assumed. */
  readonly beside?: Registry;
  /** Whether a Service that is not among the resources has HTTP at port 80 (port-80.ts). */
  readonly isPort80Elsewhere?: boolean;
  readonly explains?: boolean;
  readonly profile?: Options['profile'];
}

/**
 * @param resources with their namespaces filled in
 * @param virtualServices those among them, where somebody resolved them before
 */
export function buildWorld(
  resources: readonly AnyResource[],
  assumptions: Assumptions = {},
  virtualServices: readonly ResolvedVirtualService[] = resolveVirtualServices(resources),
): World {
  const rootNamespace = rootNamespaceOf(resources, assumptions.rootNamespace);
  const gateways = buildGateways(resources, virtualServices, { ...assumptions, rootNamespace });
  const servers = gateways.proxies.flatMap(proxy => proxy.servers);
  const connections = connectionLists(resources, virtualServices, servers);
  const registry = buildRegistry(resources, assumptions.defaultPort, assumptions.absent, assumptions.beside);
  const mesh = buildMeshLists(resources, virtualServices, rootNamespace);
  return {
    registry,
    httpPorts: httpPortsOf(registry, assumptions.isPort80Elsewhere),
    destinationRules: buildDestinationRules(resources, rootNamespace),
    mesh,
    clusters: clustersOf(registry, mesh, connections),
    gateways,
    gatewayPods: gatewayPodsOf(gateways),
    connections,
    connectionIndex: indexConnections(connections),
    assumedVersions: assumptions.versions ?? new Map(),
    emptyServices: assumptions.empty ?? new Set(),
    otherRules:
      assumptions.otherSide &&
      buildDestinationRules(
        assumptions.otherSide,
        rootNamespaceOf(assumptions.otherSide, assumptions.rootNamespace),
      ),
    defaultRetries: defaultRetriesIn(meshConfigs(resources))[0],
    explains: assumptions.explains ?? false,
    profile: assumptions.profile ?? 'istio',
  };
}
