import type { Resource } from '../../2-decode/resource.ts';
import type * as gateway from '../../gateway-api/index.ts';

/** The protocol of a server, as far as routing differs: http routes, the same behind TLS, or connections. */
export type ServerProtocol = 'http' | 'https' | 'tls' | 'tcp';

/** A port of a gateway proxy and the hosts it serves there: a server of an Istio Gateway, or a listener. */
export interface GatewayServer {
  /** The Gateway that a list is bound to: `NAMESPACE/NAME` of an Istio Gateway; for a listener that and its name. */
  readonly gateway: string;
  readonly resource: Resource<'istio.Gateway'> | Resource<'gateway.Gateway'>;
  /** The index in `spec.servers` or `spec.listeners`. */
  readonly index: number;
  readonly port: number;
  /** The port of the pods, or the name of one. Servers that have it in common are served as one. */
  readonly listensOn: number | string;
  readonly protocol: ServerProtocol;
  /** TLS is passed on unopened. */
  readonly passthrough: boolean;
  /** Connections go to the Service that their name says, whatever routes say (AUTO_PASSTHROUGH). */
  readonly ignoresRoutes: boolean;
  readonly hosts: readonly ServerHost[];
  readonly httpsRedirect: boolean;
  /** The ListenerSet that adds the listener to the Gateway, and the listener. */
  readonly added?: { readonly set: Resource<'gateway.ListenerSet'>; readonly listener: gateway.Listener };
}

/** @returns the listener that a server is; undefined for a server of an Istio Gateway */
export function listenerOf({ resource, index, added }: GatewayServer): gateway.Listener | undefined {
  if (added !== undefined) return added.listener;
  return resource.type === 'gateway.Gateway' ? resource.spec.listeners?.[index] : undefined;
}

/**
 * Whether a route's parent is what a listener belongs to: its Gateway, or the ListenerSet that adds it. A route that names
 * the Gateway does not attach to the listeners of ListenerSets.
 *
 * @param from the namespace of the route
 * @see https://gateway-api.sigs.k8s.io/geps/gep-1713/
 */
export function isListenerOfParent(
  { resource, added }: GatewayServer,
  { group = gatewayGroup, kind = 'Gateway', name, namespace }: gateway.ParentReference,
  from: string,
): boolean {
  if (resource.type !== 'gateway.Gateway') return false;
  const owner = added?.set ?? resource;
  const { apiVersion } = owner;
  const isKind = kind === owner.kind && (group === gatewayGroup || apiVersion.startsWith(`${group}/`));
  return isKind && owner.name === name && owner.namespace === (namespace ?? from);
}

/** The name that a listener has in `listenerOf`: those of a ListenerSet have its name before them. */
export function sectionOf({ added }: GatewayServer, sectionName: string): string {
  return added === undefined ? sectionName : `${added.set.name}/${sectionName}`;
}

const gatewayGroup = 'gateway.networking.k8s.io';

/** A host and the namespace whose lists may serve it; `*` is all. */
export interface ServerHost {
  readonly namespaces: readonly string[];
  /** In lower case. */
  readonly host: string;
  /** With the capitals of an Istio Gateway, where it has some. */
  readonly written?: string;
}
