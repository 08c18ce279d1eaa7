import { type AnyResource, isType, nameKey, type Resource } from '../2-decode/resource.ts';
import { Budget } from '../budget.ts';
import type { Options } from '../options.ts';
import { canonicalJson } from './canonical.ts';
import { type ClaimClass, claimClasses } from './claim-classes.ts';
import { type DataPlanes, dataPlanesOf } from './data-plane.ts';
import { type HttpPorts, httpPortsOf } from './foreign-ports.ts';
import {
  podLabelsBy,
  type SelectedPods,
  type ServicesOfPods,
  selectSamePods,
  servicesOfPodsIn,
  type WayToPods,
  waysToPodsOf,
} from './gateways/gateway-pods.ts';
import type { GatewayServer } from './gateways/gateway-server.ts';
import { istioServers } from './gateways/gateway-servers.ts';
import { type Controllers, controllersIn } from './gitops/controllers.ts';
import { type SelectorLabels, selectorLabelsOf } from './gitops/kustomize-labels.ts';
import { type Renamer, renamersOf } from './gitops/kustomize-names.ts';
import { type ObjectPatch, objectPatches, type PatchToCome } from './gitops/kustomize-patches.ts';
import { type LandingNamespaces, landingNamespaces } from './gitops/landing-namespaces.ts';
import { type Grants, grantsIn } from './grants.ts';
import { groupBy, groupByEach } from './group-by.ts';
import { memoised } from './memoised.ts';
import { type Mentions, noMentions } from './mentions.ts';
import { meshConfigs, type ShownMeshConfig } from './mesh-config.ts';
import { buildRegistry, type MeshService, type Registry } from './registry.ts';
import { resolveVirtualServices } from './resolve-virtual-services.ts';
import { rootNamespaceOf } from './root-namespace.ts';
import { carriesHttp } from './service-protocol.ts';
import { buildSidecars, type Sidecars } from './sidecars.ts';
import { buildDestinationRules, type DestinationRules } from './subsets/destination-rules.ts';
import { proxyConfigOfPods, type TrustedProxies, trustedProxies } from './trusted-proxies.ts';
import type { ResolvedVirtualService } from './virtual-services.ts';
import { buildWaypoints, type Waypoints, waypointOf } from './waypoints.ts';

/** The annotation by which Argo CD orders what it applies; 0 where there is none. */
export const syncWave = 'argocd.argoproj.io/sync-wave';

/** Everything that translators may look up: what takes two objects to know is worked out here, once. */
export interface Facts {
  readonly options: Options;
  /** The rest of the budget of the run. */
  readonly budget: Budget;
  readonly resources: readonly AnyResource[];
  /** Those by `nameKey`, to keep clear of names that are taken. */
  readonly byName: ReadonlyMap<string, AnyResource>;
  /** Those of them that are to be converted; the others are only shown. */
  readonly inputs: ReadonlySet<AnyResource>;
  readonly registry: Registry;
  readonly destinationRules: DestinationRules;
  /** Those of other documents for the same objects, which are not in this cluster. */
  readonly alternativeRules: DestinationRules;
  readonly virtualServices: readonly ResolvedVirtualService[];
  /** Every VirtualService, delegates too, by `NAMESPACE/NAME`. */
  readonly virtualServicesByName: ReadonlyMap<string, Resource<'istio.VirtualService'>>;
  /** VirtualServices bound to the mesh, by the full names they list. */
  readonly meshClaims: ReadonlyMap<string, readonly ResolvedVirtualService[]>;
  /** Those that claim a host, by whom they claim it for; worked out when first asked for. */
  readonly claimClassesOf: (host: string) => readonly ClaimClass[];
  /** Every namespace that something is in, or that is there itself. */
  readonly namespaces: Namespaces;
  /** Those of which the input has a Service. */
  readonly namespacesWithServices: Namespaces;
  /** Objects of this namespace are for the whole mesh. */
  readonly rootNamespace: string;
  /** The settings of the mesh that the input tells. */
  readonly meshConfigs: readonly ShownMeshConfig[];
  readonly sidecars: Sidecars;
  readonly grants: Grants;
  readonly waypoints: Waypoints;
  readonly dataPlanes: DataPlanes;
  /** Services by namespace and selector (selectorKey). */
  readonly bySelector: ReadonlyMap<string, readonly MeshService[]>;
  /** The Services that carry HTTP through a waypoint, by its `NAMESPACE/NAME`. */
  readonly byWaypoint: ReadonlyMap<string, readonly MeshService[]>;
  /** Services by their ports that carry HTTP. */
  readonly httpPorts: HttpPorts;
  /** Whether a Service of the cluster has HTTP at port 80 that is not among the resources, and that all clients know. */
  readonly isPort80Elsewhere: boolean;
  /** Istio Gateways and their servers, by `NAMESPACE/NAME`. */
  readonly istioGateways: ReadonlyMap<string, IstioGateway>;
  /** Changes of kustomizations in VirtualServices, DestinationRules and Istio Gateways. */
  readonly patches: ReadonlyMap<AnyResource, readonly ObjectPatch[]>;
  /** Those that would select what a conversion adds in the place of an object. */
  readonly patchesToCome: ReadonlyMap<AnyResource, readonly PatchToCome[]>;
  /** For files whose objects are renamed on their way to the cluster, what does so. */
  readonly renaming: ReadonlyMap<string, Renamer>;
  /** The namespaces that kustomizations, and Flux, give to all objects of a file. */
  readonly landing: LandingNamespaces['overriding'];
  readonly selectorLabels: SelectorLabels;
  /** Names in texts that nobody could read. */
  readonly mentions: Mentions;
  /** The objects that controllers write or name. */
  readonly controllers: Controllers;
  /** Gateways of the Gateway API, by `NAMESPACE/NAME`. */
  readonly gateways: ReadonlyMap<string, Resource<'gateway.Gateway'>>;
  readonly servicesOfPods: ServicesOfPods;
  /** Whether Argo CD is told of some object in which order it is applied. */
  readonly hasSyncWaves: boolean;
  /** Routes of the Gateway API for requests. */
  readonly routes: readonly ForeignRoute[];
}

/** Names of namespaces. */
export interface Namespaces extends Iterable<string> {
  readonly has: (name: string) => boolean;
}

/** The namespaces of a whole cluster. */
export interface ClusterNamespaces<Names extends Namespaces = ReadonlySet<string>> {
  /** Every namespace that something is in, or that is there itself. */
  readonly all: Names;
  /** Those of which the input has a Service. */
  readonly withServices: Names;
}

/** A route that somebody else wrote. */
export type ForeignRoute = Resource<'gateway.HTTPRoute'> | Resource<'gateway.GRPCRoute'>;

export interface IstioGateway {
  readonly resource: Resource<'istio.Gateway'>;
  /** Whether it is to be converted, and not only shown. */
  readonly isInput: boolean;
  readonly servers: readonly GatewayServer[];
  /** By which clients come to its pods, as far as Services were shown. */
  readonly ways: readonly WayToPods[];
  /** The number of proxies in front of it; undefined where it is not known. */
  readonly trusted: TrustedProxies | undefined;
  /** The annotation of its pods for their proxies. */
  readonly proxyConfig: string | undefined;
  /** The labels that its pods are known to have: Gateways with the same ones share pods, and with them virtual hosts. */
  readonly podLabels: Readonly<Record<string, string>>;
}

/** @returns the other Istio Gateways that are served by the same pods */
export function besideOnPods({ istioGateways }: Facts, own: IstioGateway): readonly IstioGateway[] {
  return [...istioGateways.values()].filter(
    other => other !== own && selectSamePods(selectedPods(other), selectedPods(own)),
  );
}

/** @returns the pods of an Istio Gateway, by their labels */
export function selectedPods({ resource, podLabels }: IstioGateway): SelectedPods {
  return { selector: resource.spec.selector, labels: podLabels };
}

/**
 * @param resources with their namespaces filled in
 * @param inputs those of them that are to be converted
 * @param alternatives what other documents say of the same objects
 * @param mentions names in texts that nobody could read
 * @param budget of the whole run
 * @param namespaces of the whole cluster, where the resources are a part of it
 * @param isPort80Elsewhere whether another part of the cluster has HTTP at port 80 (port-80.ts)
 */
export function buildFacts(
  resources: readonly AnyResource[],
  options: Options,
  inputs: ReadonlySet<AnyResource>,
  alternatives: readonly AnyResource[] = [],
  mentions: Mentions = noMentions,
  budget: Budget = new Budget(options),
  namespaces: ClusterNamespaces<Namespaces> = namespacesOf(resources),
  isPort80Elsewhere = false,
): Facts {
  const virtualServices = resolveVirtualServices(resources);
  const rootNamespace = rootNamespaceOf(resources, options.rootNamespace);
  const sidecars = buildSidecars(resources, rootNamespace);
  const meshClaims = claimsOf(virtualServices);
  const registry = buildRegistry(resources, options.defaultPort);
  const waypoints = buildWaypoints(resources, options);
  const servicesOfPods = servicesOfPodsIn(resources);
  const services = [...registry.byHost.values()].filter(({ kind }) => kind === 'Service');
  return {
    options,
    budget,
    resources,
    byName: new Map(resources.map(resource => [nameKey(resource), resource])),
    grants: grantsIn(resources),
    inputs,
    registry,
    destinationRules: buildDestinationRules(resources, rootNamespace),
    alternativeRules: buildDestinationRules(alternatives, rootNamespace),
    virtualServices,
    virtualServicesByName: new Map(
      resources.filter(isType('istio.VirtualService')).map(vs => [`${vs.namespace}/${vs.name}`, vs]),
    ),
    meshClaims,
    claimClassesOf: memoised(host => claimClasses(meshClaims.get(host) ?? [], sidecars.all.length > 0)),
    namespaces: namespaces.all,
    namespacesWithServices: namespaces.withServices,
    rootNamespace,
    meshConfigs: meshConfigs(resources),
    sidecars,
    waypoints,
    dataPlanes: dataPlanesOf(resources, waypoints, options.from),
    bySelector: groupBy(services, ({ namespace, selector }) => selectorKey(namespace, selector ?? {})),
    byWaypoint: groupByEach(services, service => waypointKeys(service, waypoints)),
    httpPorts: httpPortsOf(registry, isPort80Elsewhere),
    isPort80Elsewhere,
    istioGateways: new Map(
      resources
        .filter(isType('istio.Gateway'))
        .map(resource => [
          `${resource.namespace}/${resource.name}`,
          istioGatewayOf(resource, resources, servicesOfPods, inputs.has(resource), options),
        ]),
    ),
    ...objectPatches(resources, budget),
    renaming: renamersOf(resources),
    landing: landingNamespaces(resources).overriding,
    selectorLabels: selectorLabelsOf(resources),
    mentions,
    controllers: controllersIn(resources),
    gateways: new Map(
      resources
        .filter(isType('gateway.Gateway'))
        .map(gateway => [`${gateway.namespace}/${gateway.name}`, gateway]),
    ),
    servicesOfPods,
    hasSyncWaves: resources.some(({ metadata }) => metadata.annotations?.[syncWave] !== undefined),
    routes: [
      ...resources.filter(isType('gateway.HTTPRoute')),
      ...resources.filter(isType('gateway.GRPCRoute')),
    ],
  };
}

/** @returns the namespaces of some objects */
export function namespacesOf(resources: readonly AnyResource[]): ClusterNamespaces {
  const all = new Set<string>();
  const withServices = new Set<string>();
  for (const { type, namespace, name } of resources) {
    all.add(type === 'core.Namespace' ? name : namespace);
    if (type === 'core.Service') withServices.add(namespace);
  }
  all.delete('');
  return { all, withServices };
}

function istioGatewayOf(
  resource: Resource<'istio.Gateway'>,
  resources: readonly AnyResource[],
  servicesOfPods: ServicesOfPods,
  isInput: boolean,
  options: Options,
): IstioGateway {
  const ways = waysToPodsOf(servicesOfPods, resource.spec.selector);
  const servers = istioServers(resource, ways);
  const trusted = trustedProxies(resource, resources, options.trustedProxies);
  const proxyConfig = proxyConfigOfPods(resource, resources);
  const podLabels = podLabelsBy(servicesOfPods)(resource.spec.selector);
  return { resource, isInput, servers, ways, trusted, proxyConfig, podLabels };
}

/** The pods a Service selects, as a key. */
export function selectorKey(namespace: string, selector: Readonly<Record<string, string>>): string {
  return `${namespace} ${canonicalJson(selector)}`;
}

function waypointKeys(service: MeshService, waypoints: Waypoints): readonly string[] {
  if (!service.ports.some(({ protocol }) => carriesHttp(protocol))) return [];
  const found = waypointOf(waypoints, service);
  return found.kind === 'found' ? [`${found.waypoint.namespace}/${found.waypoint.name}`] : [];
}

function claimsOf(
  virtualServices: readonly ResolvedVirtualService[],
): ReadonlyMap<string, readonly ResolvedVirtualService[]> {
  const ofMesh = virtualServices.filter(vs => vs.gateways.includes('mesh') && !vs.exportTo.includes('~'));
  return groupByEach(ofMesh, ({ hosts }) => new Set(hosts));
}
