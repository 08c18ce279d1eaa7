/** A kind that is read from a cluster. */
export interface ClusterKind {
  /** As kubectl takes it: plural and group. */
  readonly resource: string;
  /** Only these objects, by name; all of them otherwise. */
  readonly names?: readonly string[];
  readonly isClusterWide?: true;
  /** The namespace to read, whatever namespaces are asked for. */
  readonly namespace?: string;
  /**
   * The parts of the object that are kept, where these are not all: the labels and annotations of its pods, its own, or some
   * fields of its spec. The rest decides nothing, and can hold credentials.
   */
  readonly keeps?: 'pods' | 'metadata' | readonly string[];
  /** Only `status` needs it. */
  readonly isForStatus?: true;
}

const gatewayKinds = [
  'gateways',
  'httproutes',
  'grpcroutes',
  'tlsroutes',
  'tcproutes',
  'referencegrants',
  'backendtlspolicies',
  'listenersets',
] as const;

/** Everything that is read, in the order in which it is read. A kind that is missing here is not read. */
export const clusterKinds: readonly ClusterKind[] = [
  { resource: 'virtualservices.networking.istio.io' },
  { resource: 'destinationrules.networking.istio.io' },
  { resource: 'gateways.networking.istio.io' },
  { resource: 'serviceentries.networking.istio.io' },
  { resource: 'sidecars.networking.istio.io' },
  { resource: 'envoyfilters.networking.istio.io' },
  { resource: 'proxyconfigs.networking.istio.io' },
  { resource: 'authorizationpolicies.security.istio.io' },
  { resource: 'requestauthentications.security.istio.io' },
  { resource: 'wasmplugins.extensions.istio.io' },
  { resource: 'trafficextensions.extensions.istio.io' },
  { resource: 'telemetries.telemetry.istio.io' },
  { resource: 'services' },
  { resource: 'namespaces', isClusterWide: true, keeps: 'metadata' },
  { resource: 'deployments.apps', keeps: 'pods' },
  { resource: 'statefulsets.apps', keeps: 'pods' },
  { resource: 'daemonsets.apps', keeps: 'pods' },
  // Controllers that own VirtualServices, or wait for objects that a conversion removes.
  { resource: 'canaries.flagger.app', keeps: ['provider', 'targetRef', 'service'] },
  { resource: 'rollouts.argoproj.io', keeps: ['strategy'] },
  { resource: 'applications.argoproj.io', keeps: ['destination', 'ignoreDifferences'] },
  {
    resource: 'kustomizations.kustomize.toolkit.fluxcd.io',
    keeps: ['path', 'targetNamespace', 'namePrefix', 'nameSuffix', 'healthChecks'],
  },
  { resource: 'certificates.cert-manager.io', keeps: ['secretName', 'dnsNames'] },
  { resource: 'gatewayclasses.gateway.networking.k8s.io', isClusterWide: true },
  ...gatewayKinds.map(kind => ({ resource: `${kind}.gateway.networking.k8s.io` })),
  { resource: 'xlistenersets.gateway.networking.x-k8s.io' },
  {
    resource: 'customresourcedefinitions.apiextensions.k8s.io',
    names: ['gatewayclasses', ...gatewayKinds].map(kind => `${kind}.gateway.networking.k8s.io`),
    isClusterWide: true,
  },
  { resource: 'configmaps', names: ['istio'], namespace: 'istio-system' },
  { resource: 'istiooperators.install.istio.io', keeps: ['meshConfig'] },
  { resource: 'endpointslices.discovery.k8s.io', isForStatus: true },
];
