import { customResourceDefinition } from './apiextensions/custom-resource-definition.ts';
import { workload } from './apps/workload.ts';
import { rollout } from './argo/rollout.ts';
import { certificate } from './cert-manager/certificate.ts';
import { configMap } from './core/config-map.ts';
import { argoApplication, fluxKustomization } from './core/gitops.ts';
import { kustomization } from './core/kustomization.ts';
import { service } from './core/service.ts';
import type { Decoder } from './decoder.ts';
import { canary } from './flagger/canary.ts';
import { backendTLSPolicy } from './gateway-api/backend-tls-policy.ts';
import { gatewayClass, gatewayResource, listenerSet } from './gateway-api/gateway.ts';
import { grpcRoute } from './gateway-api/grpc-route.ts';
import { httpRoute } from './gateway-api/http-route.ts';
import { tcpRoute, tlsRoute } from './gateway-api/layer-4-route.ts';
import { referenceGrant } from './gateway-api/reference-grant.ts';
import { authorizationPolicy } from './istio/authorization-policy.ts';
import { destinationRule } from './istio/destination-rule.ts';
import { envoyFilter } from './istio/envoy-filter.ts';
import { extension } from './istio/extension.ts';
import { gateway } from './istio/gateway.ts';
import { istioOperator } from './istio/istio-operator.ts';
import { requestAuthentication } from './istio/request-authentication.ts';
import { serviceEntry } from './istio/service-entry.ts';
import { sidecar } from './istio/sidecar.ts';
import { virtualService } from './istio/virtual-service.ts';
import type { ResourceType, Specs } from './resource.ts';

/** A kind that is read, and how. */
export interface Kind<T extends ResourceType = ResourceType> {
  readonly type: T;
  readonly group: string;
  readonly kind: string;
  /** All versions that were ever served with today's fields, the newest first. */
  readonly versions: readonly string[];
  /** Reads the `spec`; absent where only the metadata matters. */
  readonly spec?: Decoder<Specs[T]>;
  /** The fields of the spec stand at the top of the object. */
  readonly flat?: true;
  /** It needs no name. */
  readonly nameless?: true;
}

const istioVersions = ['v1', 'v1beta1', 'v1alpha3'];
const securityVersions = ['v1', 'v1beta1'];
const gatewayVersions = ['v1', 'v1beta1', 'v1alpha2', 'v1alpha3'];
const networking = 'networking.istio.io';
const security = 'security.istio.io';
const extensions = 'extensions.istio.io';
const gatewayApi = 'gateway.networking.k8s.io';
const kustomize = 'kustomize.config.k8s.io';
const kustomizeVersions = ['v1', 'v1beta1', 'v1alpha1'];

/** Everything else in a manifest is somebody else's. */
export const kinds: readonly AnyKind[] = [
  {
    type: 'istio.VirtualService',
    group: networking,
    kind: 'VirtualService',
    versions: istioVersions,
    spec: virtualService,
  },
  {
    type: 'istio.DestinationRule',
    group: networking,
    kind: 'DestinationRule',
    versions: istioVersions,
    spec: destinationRule,
  },
  { type: 'istio.Gateway', group: networking, kind: 'Gateway', versions: istioVersions, spec: gateway },
  {
    type: 'istio.ServiceEntry',
    group: networking,
    kind: 'ServiceEntry',
    versions: istioVersions,
    spec: serviceEntry,
  },
  {
    type: 'istio.AuthorizationPolicy',
    group: security,
    kind: 'AuthorizationPolicy',
    versions: securityVersions,
    spec: authorizationPolicy,
  },
  {
    type: 'istio.RequestAuthentication',
    group: security,
    kind: 'RequestAuthentication',
    versions: securityVersions,
    spec: requestAuthentication,
  },
  { type: 'istio.Sidecar', group: networking, kind: 'Sidecar', versions: istioVersions, spec: sidecar },
  {
    type: 'istio.EnvoyFilter',
    group: networking,
    kind: 'EnvoyFilter',
    versions: ['v1alpha3'],
    spec: envoyFilter,
  },
  {
    type: 'istio.ProxyConfig',
    group: networking,
    kind: 'ProxyConfig',
    versions: ['v1beta1'],
    spec: extension,
  },
  {
    type: 'istio.WasmPlugin',
    group: extensions,
    kind: 'WasmPlugin',
    versions: ['v1alpha1'],
    spec: extension,
  },
  {
    type: 'istio.TrafficExtension',
    group: extensions,
    kind: 'TrafficExtension',
    versions: ['v1alpha1'],
    spec: extension,
  },
  {
    type: 'istio.Telemetry',
    group: 'telemetry.istio.io',
    kind: 'Telemetry',
    versions: ['v1', 'v1alpha1'],
    spec: extension,
  },
  { type: 'core.Service', group: '', kind: 'Service', versions: ['v1'], spec: service },
  { type: 'apps.Workload', group: 'apps', kind: 'Deployment', versions: ['v1'], spec: workload },
  { type: 'apps.Workload', group: 'apps', kind: 'StatefulSet', versions: ['v1'], spec: workload },
  { type: 'apps.Workload', group: 'apps', kind: 'DaemonSet', versions: ['v1'], spec: workload },
  { type: 'core.ConfigMap', group: '', kind: 'ConfigMap', versions: ['v1'], spec: configMap, flat: true },
  {
    type: 'istio.IstioOperator',
    group: 'install.istio.io',
    kind: 'IstioOperator',
    versions: ['v1alpha1'],
    spec: istioOperator,
  },
  { type: 'core.Namespace', group: '', kind: 'Namespace', versions: ['v1'] },
  {
    type: 'gateway.Gateway',
    group: gatewayApi,
    kind: 'Gateway',
    versions: gatewayVersions,
    spec: gatewayResource,
  },
  {
    type: 'gateway.ListenerSet',
    group: gatewayApi,
    kind: 'ListenerSet',
    versions: gatewayVersions,
    spec: listenerSet,
  },
  {
    type: 'gateway.ListenerSet',
    group: 'gateway.networking.x-k8s.io',
    kind: 'XListenerSet',
    versions: ['v1alpha1'],
    spec: listenerSet,
  },
  {
    type: 'gateway.GatewayClass',
    group: gatewayApi,
    kind: 'GatewayClass',
    versions: gatewayVersions,
    spec: gatewayClass,
  },
  {
    type: 'gateway.HTTPRoute',
    group: gatewayApi,
    kind: 'HTTPRoute',
    versions: gatewayVersions,
    spec: httpRoute,
  },
  {
    type: 'gateway.GRPCRoute',
    group: gatewayApi,
    kind: 'GRPCRoute',
    versions: gatewayVersions,
    spec: grpcRoute,
  },
  {
    type: 'gateway.TLSRoute',
    group: gatewayApi,
    kind: 'TLSRoute',
    versions: gatewayVersions,
    spec: tlsRoute,
  },
  {
    type: 'gateway.TCPRoute',
    group: gatewayApi,
    kind: 'TCPRoute',
    versions: gatewayVersions,
    spec: tcpRoute,
  },
  {
    type: 'gateway.ReferenceGrant',
    group: gatewayApi,
    kind: 'ReferenceGrant',
    versions: gatewayVersions,
    spec: referenceGrant,
  },
  {
    type: 'gateway.BackendTLSPolicy',
    group: gatewayApi,
    kind: 'BackendTLSPolicy',
    versions: gatewayVersions,
    spec: backendTLSPolicy,
  },
  { type: 'argo.Rollout', group: 'argoproj.io', kind: 'Rollout', versions: ['v1alpha1'], spec: rollout },
  { type: 'flagger.Canary', group: 'flagger.app', kind: 'Canary', versions: ['v1beta1'], spec: canary },
  {
    type: 'cert-manager.Certificate',
    group: 'cert-manager.io',
    kind: 'Certificate',
    versions: ['v1', 'v1alpha3', 'v1alpha2'],
    spec: certificate,
  },
  {
    type: 'argo.Application',
    group: 'argoproj.io',
    kind: 'Application',
    versions: ['v1alpha1'],
    spec: argoApplication,
  },
  {
    type: 'flux.Kustomization',
    group: 'kustomize.toolkit.fluxcd.io',
    kind: 'Kustomization',
    versions: ['v1', 'v1beta2', 'v1beta1'],
    spec: fluxKustomization,
  },
  {
    type: 'kustomize.Kustomization',
    group: kustomize,
    kind: 'Kustomization',
    versions: kustomizeVersions,
    spec: kustomization,
    flat: true,
    nameless: true,
  },
  {
    type: 'kustomize.Kustomization',
    group: kustomize,
    kind: 'Component',
    versions: kustomizeVersions,
    spec: kustomization,
    flat: true,
    nameless: true,
  },
  {
    type: 'apiextensions.CustomResourceDefinition',
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    versions: ['v1', 'v1beta1'],
    spec: customResourceDefinition,
  },
];

/** A kind of any type, to be told apart by `type`. */
export type AnyKind = { [T in ResourceType]: Kind<T> }[ResourceType];
