import type * as gateway from '../gateway-api/index.ts';
import type { AnyResource, Resource } from './resource.ts';

/**
 * The only makers of output objects. `namespace` is where the object lands; `metadata.namespace` is written only when the
 * manifest it comes from has one, or when it moves.
 */
interface Identity {
  readonly namespace: string;
  readonly metadata: gateway.ObjectMeta;
}

const group = 'gateway.networking.k8s.io';

export function buildHTTPRoute(
  { namespace, metadata }: Identity,
  spec: gateway.HTTPRoute,
): Resource<'gateway.HTTPRoute'> {
  return {
    type: 'gateway.HTTPRoute',
    apiVersion: `${group}/v1`,
    kind: 'HTTPRoute',
    name: metadata.name,
    namespace,
    metadata,
    spec,
  };
}

export function buildGRPCRoute(
  { namespace, metadata }: Identity,
  spec: gateway.GRPCRoute,
): Resource<'gateway.GRPCRoute'> {
  return {
    type: 'gateway.GRPCRoute',
    apiVersion: `${group}/v1`,
    kind: 'GRPCRoute',
    name: metadata.name,
    namespace,
    metadata,
    spec,
  };
}

export function buildTLSRoute(
  { namespace, metadata }: Identity,
  spec: gateway.TLSRoute,
): Resource<'gateway.TLSRoute'> {
  return {
    type: 'gateway.TLSRoute',
    apiVersion: `${group}/v1`,
    kind: 'TLSRoute',
    name: metadata.name,
    namespace,
    metadata,
    spec,
  };
}

export function buildTCPRoute(
  { namespace, metadata }: Identity,
  spec: gateway.TCPRoute,
): Resource<'gateway.TCPRoute'> {
  return {
    type: 'gateway.TCPRoute',
    apiVersion: `${group}/v1`,
    kind: 'TCPRoute',
    name: metadata.name,
    namespace,
    metadata,
    spec,
  };
}

export function buildService(
  { namespace, metadata }: Identity,
  spec: gateway.Service,
): Resource<'core.Service'> {
  return {
    type: 'core.Service',
    apiVersion: 'v1',
    kind: 'Service',
    name: metadata.name,
    namespace,
    metadata,
    spec,
  };
}

/** @param apiVersion that of the DestinationRule it takes after, since clusters may serve only one */
export function buildDestinationRule(
  { namespace, metadata }: Identity,
  apiVersion: string,
  spec: Resource<'istio.DestinationRule'>['spec'],
): Resource<'istio.DestinationRule'> {
  return {
    type: 'istio.DestinationRule',
    apiVersion,
    kind: 'DestinationRule',
    name: metadata.name,
    namespace,
    metadata,
    spec,
  };
}

/** ReferenceGrant is v1 from 1.5 on; v1beta1 is served by all versions. */
export function buildReferenceGrant(
  { namespace, metadata }: Identity,
  spec: gateway.ReferenceGrant,
): Resource<'gateway.ReferenceGrant'> {
  return {
    type: 'gateway.ReferenceGrant',
    apiVersion: `${group}/v1beta1`,
    kind: 'ReferenceGrant',
    name: metadata.name,
    namespace,
    metadata,
    spec,
  };
}

export function buildBackendTLSPolicy(
  { namespace, metadata }: Identity,
  spec: gateway.BackendTLSPolicy,
): Resource<'gateway.BackendTLSPolicy'> {
  return {
    type: 'gateway.BackendTLSPolicy',
    apiVersion: `${group}/v1`,
    kind: 'BackendTLSPolicy',
    name: metadata.name,
    namespace,
    metadata,
    spec,
  };
}

export function buildGateway(
  { namespace, metadata }: Identity,
  spec: gateway.Gateway,
): Resource<'gateway.Gateway'> {
  return {
    type: 'gateway.Gateway',
    apiVersion: `${group}/v1`,
    kind: 'Gateway',
    name: metadata.name,
    namespace,
    metadata,
    spec,
  };
}

/** The key under which an object is unique in a cluster. */
export function objectKey({
  type,
  namespace,
  name,
}: Pick<AnyResource, 'type' | 'namespace' | 'name'>): string {
  return `${type} ${namespace}/${name}`;
}
