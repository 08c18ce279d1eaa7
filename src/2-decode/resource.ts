import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import type { AuthorizationPolicy, RequestAuthentication } from '../istio/security.ts';
import type { Source } from '../yaml/source.ts';
import type { CustomResourceDefinition } from './apiextensions/custom-resource-definition.ts';
import type { Workload } from './apps/workload.ts';
import type { Rollout } from './argo/rollout.ts';
import type { Certificate } from './cert-manager/certificate.ts';
import type { ConfigMap } from './core/config-map.ts';
import type { Canary } from './flagger/canary.ts';
import type { ArgoApplication, FluxKustomization } from './gitops.ts';
import type { IstioOperator } from './istio/istio-operator.ts';
import type { Kustomization } from './kustomization.ts';

/** The spec of every type of object that vs2route reads or writes, by its API and kind. */
export interface Specs {
  readonly 'istio.VirtualService': istio.VirtualService;
  readonly 'istio.DestinationRule': istio.DestinationRule;
  readonly 'istio.Gateway': istio.Gateway;
  readonly 'istio.ServiceEntry': istio.ServiceEntry;
  readonly 'istio.AuthorizationPolicy': AuthorizationPolicy;
  readonly 'istio.RequestAuthentication': RequestAuthentication;
  readonly 'istio.Sidecar': istio.Sidecar;
  readonly 'istio.EnvoyFilter': istio.EnvoyFilter;
  readonly 'istio.ProxyConfig': istio.Extension;
  readonly 'istio.WasmPlugin': istio.Extension;
  readonly 'istio.TrafficExtension': istio.Extension;
  readonly 'istio.Telemetry': istio.Extension;
  readonly 'istio.IstioOperator': IstioOperator;
  readonly 'core.Service': gateway.Service;
  readonly 'core.ConfigMap': ConfigMap;
  readonly 'apps.Workload': Workload;
  readonly 'core.Namespace': Readonly<Record<string, never>>;
  readonly 'gateway.Gateway': gateway.Gateway;
  readonly 'gateway.ListenerSet': gateway.ListenerSet;
  readonly 'gateway.GatewayClass': gateway.GatewayClass;
  readonly 'gateway.HTTPRoute': gateway.HTTPRoute;
  readonly 'gateway.GRPCRoute': gateway.GRPCRoute;
  readonly 'gateway.TLSRoute': gateway.TLSRoute;
  readonly 'gateway.TCPRoute': gateway.TCPRoute;
  readonly 'gateway.ReferenceGrant': gateway.ReferenceGrant;
  readonly 'gateway.BackendTLSPolicy': gateway.BackendTLSPolicy;
  /** An object of a kind without a decoder; its spec is as it is written. */
  readonly 'other.Object': Readonly<Record<string, unknown>>;
  readonly 'argo.Rollout': Rollout;
  readonly 'flagger.Canary': Canary;
  readonly 'cert-manager.Certificate': Certificate;
  readonly 'argo.Application': ArgoApplication;
  readonly 'flux.Kustomization': FluxKustomization;
  readonly 'kustomize.Kustomization': Kustomization;
  /** The annotations of a Gateway API CRD tell its bundle version and channel; schemas tell which fields exist. */
  readonly 'apiextensions.CustomResourceDefinition': CustomResourceDefinition;
}

export type ResourceType = keyof Specs;

/** An object, read from a manifest or made by the conversion. */
export interface Resource<T extends ResourceType = ResourceType> {
  readonly type: T;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** The namespace it lands in, also where the manifest leaves that to others; empty for cluster-wide kinds. */
  readonly namespace: string;
  readonly metadata: gateway.ObjectMeta;
  readonly spec: Specs[T];
  /** Absent for an object made by the conversion. */
  readonly source?: Source;
}

/** A resource of any type, to be told apart by `type`. */
export type AnyResource = { [T in ResourceType]: Resource<T> }[ResourceType];

/** A route of any kind. */
export type AnyRoute = Extract<
  AnyResource,
  { readonly type: 'gateway.HTTPRoute' | 'gateway.GRPCRoute' | 'gateway.TLSRoute' | 'gateway.TCPRoute' }
>;

const routeTypes: ReadonlySet<ResourceType> = new Set<AnyRoute['type']>([
  'gateway.HTTPRoute',
  'gateway.GRPCRoute',
  'gateway.TLSRoute',
  'gateway.TCPRoute',
]);

/** Tells whether an object is a route of any kind. */
export function isRoute(resource: AnyResource): resource is AnyRoute {
  return routeTypes.has(resource.type);
}

/** Tells whether a resource is of one type, for use as a type guard in `filter` and `find`. */
export function isType<T extends ResourceType>(
  type: T,
): (resource: AnyResource) => resource is Extract<AnyResource, { type: T }> {
  return (resource): resource is Extract<AnyResource, { type: T }> => resource.type === type;
}

/** Tells objects apart: by type, namespace and name. */
export function nameKey({ type, namespace, name }: Pick<AnyResource, 'type' | 'namespace' | 'name'>): string {
  return `${type} ${namespace}/${name}`;
}
