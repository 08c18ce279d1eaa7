import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import { serviceHost } from '../3-link/host.ts';
import {
  compareText,
  type HttpEntry,
  type ResolvedVirtualService,
  resolveExportTo,
} from '../3-link/virtual-services.ts';
import { convertGRPCRoute } from './grpc-route.ts';
import { convertHTTPRoute, type MayRefer } from './http-route.ts';
import { sortBySpecificity } from './specificity.ts';

/** Routes from the Gateway API match prefixes by path segments and answer 500 for what does not exist. */
export type RouteSemantics = 'istio' | 'gateway';

/** A list of http entries for some hosts: a VirtualService, or what istiod makes of the routes of one parent. */
export interface RouteList {
  readonly namespace: string;
  readonly name: string;
  /** The object, or the oldest of those it was merged from. */
  readonly resource: Resource;
  /** Full names in lower case. */
  readonly hosts: readonly string[];
  /** Those of a VirtualService that are written with capitals, by the names without. */
  readonly capitals?: ReadonlyMap<string, string>;
  readonly exportTo: readonly string[];
  readonly semantics: RouteSemantics;
  readonly entries: readonly HttpEntry[];
}

export type HttpOrGrpcRoute = Resource<'gateway.HTTPRoute'> | Resource<'gateway.GRPCRoute'>;

/** @returns the list of a VirtualService */
export function listOfVirtualService(vs: ResolvedVirtualService): RouteList {
  const { namespace, name, resource, hosts, capitals, exportTo, http } = vs;
  return {
    namespace,
    name,
    resource,
    hosts,
    ...(capitals === undefined ? {} : { capitals }),
    exportTo,
    semantics: 'istio',
    entries: http,
  };
}

/** @returns the HTTPRoutes and GRPCRoutes, the older first */
export function httpAndGrpcRoutes(resources: readonly AnyResource[]): readonly HttpOrGrpcRoute[] {
  return [
    ...resources.filter(isType('gateway.HTTPRoute')),
    ...resources.filter(isType('gateway.GRPCRoute')),
  ].sort(byAgeNamespaceName);
}

/**
 * istiod compares the names it generates, `NAME~COUNT~...`, so that `shop-1` comes before `shop`.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, sortRoutesByCreationTime
 */
function byAgeNamespaceName(a: Resource, b: Resource): number {
  return (
    compareText(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compareText(a.namespace, b.namespace) ||
    compareText(`${a.name}~`, `${b.name}~`)
  );
}

/** @returns the unsorted entries of a route, undefined when istiod discards it */
export function convertRoute(route: HttpOrGrpcRoute, mayRefer: MayRefer): readonly HttpEntry[] | undefined {
  return route.type === 'gateway.HTTPRoute'
    ? convertHTTPRoute(route, mayRefer)
    : convertGRPCRoute(route, mayRefer);
}

/** Lists under construction, by the key under which istiod merges them. */
export class ListMerger {
  readonly #lists = new Map<string, { list: RouteList; entries: HttpEntry[] }>();
  readonly #exportTo: readonly string[] | undefined;

  /** @param exportTo of what says nothing of it, as routes do not (MeshConfig defaultVirtualServiceExportTo) */
  constructor(exportTo: readonly string[] | undefined) {
    this.#exportTo = exportTo;
  }

  /** Adds a route's entries to the list of a key; routes have to come oldest first. */
  add(key: string, route: HttpOrGrpcRoute, host: string, entries: readonly HttpEntry[]): void {
    const known = this.#lists.get(key);
    if (known !== undefined) {
      known.entries.push(...entries);
      return;
    }
    const list: RouteList = {
      namespace: route.namespace,
      name: key.replaceAll('/', '~'),
      resource: route,
      hosts: [host],
      exportTo: resolveExportTo(undefined, route.namespace, this.#exportTo),
      semantics: 'gateway',
      entries: [],
    };
    this.#lists.set(key, { list, entries: [...entries] });
  }

  /** @returns the lists by key, each sorted by specificity */
  lists(): ReadonlyMap<string, RouteList> {
    return new Map(
      [...this.#lists].map(([key, { list, entries }]) => [
        key,
        { ...list, entries: sortBySpecificity(entries) },
      ]),
    );
  }
}

/** The full names a mesh parent stands for: a Service's, or all hosts of a ServiceEntry. */
export function meshParentHosts(
  parent: {
    readonly group?: string;
    readonly kind?: string;
    readonly name: string;
    readonly namespace?: string;
  },
  routeNamespace: string,
  serviceEntryHosts: (namespace: string, name: string) => readonly string[],
): readonly string[] {
  const namespace = parent.namespace ?? routeNamespace;
  if ((parent.group === '' || parent.group === 'core') && parent.kind === 'Service') {
    return [serviceHost({ namespace, name: parent.name })];
  }
  if (parent.group === 'networking.istio.io' && parent.kind === 'ServiceEntry') {
    return serviceEntryHosts(namespace, parent.name);
  }
  return [];
}
