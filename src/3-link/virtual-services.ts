import type { Resource } from '../2-decode/resource.ts';
import type * as istio from '../istio/index.ts';
import type { FieldPath } from '../yaml/source.ts';
import { completeHost, mayBeFullName, resolveGateway } from './host.ts';

export type VirtualService = Resource<'istio.VirtualService'>;

/** A VirtualService as istiod reads it: names completed, delegates merged in. */
export interface ResolvedVirtualService {
  readonly resource: VirtualService;
  readonly namespace: string;
  readonly name: string;
  /** Full names in lower case. */
  readonly hosts: readonly string[];
  /** Those that are written with capitals, as they are written, by the names in lower case. */
  readonly capitals?: ReadonlyMap<string, string>;
  /** `mesh` or `NAMESPACE/NAME`; never empty. */
  readonly gateways: readonly string[];
  /** `*`, namespaces, or `~`; never `.`, and empty where only names are written that no namespace has. */
  readonly exportTo: readonly string[];
  readonly http: readonly HttpEntry[];
  readonly tls: readonly istio.TLSRoute[];
  readonly tcp: readonly istio.TCPRoute[];
}

/** One http entry of the merged list. */
export interface HttpEntry {
  /** With full host names. */
  readonly http: istio.HTTPRoute;
  readonly origin: EntryOrigin;
}

/** Where an entry was written, and the root entry that delegates to it, if any. */
export interface EntryOrigin {
  readonly resource: Resource;
  readonly path: FieldPath;
  readonly root?: { readonly resource: VirtualService; readonly path: FieldPath };
  /** The places where each merged match of a delegate's entry was written. */
  readonly matches?: readonly MatchOrigin[];
  /** The match of a route's rule that this entry stands for: istiod makes an entry of each. */
  readonly match?: number;
}

/** A match of a delegate put together with one of the root's; either may be missing. */
export interface MatchOrigin {
  /** The place of the delegate's entry. */
  readonly own: number | undefined;
  /** The place of the root's entry. */
  readonly root: number | undefined;
  /** The fields that only the root's has. */
  readonly inherited: ReadonlySet<string>;
}

/** A VirtualService without hosts is only ever a delegate. */
export function isDelegate(resource: VirtualService): boolean {
  return (resource.spec.hosts ?? []).length === 0;
}

/** Gateways serve names from outside, so that a placeholder alone stands for one of these. */
export function isTakenAsWhole(host: string, gateways: readonly string[]): boolean {
  return !gateways.includes('mesh') && mayBeFullName(host);
}

/** `.` is the namespace itself; nothing is what MeshConfig says, else everybody. */
export function resolveExportTo(
  exportTo: readonly string[] | undefined,
  namespace: string,
  byDefault: readonly string[] = ['*'],
): readonly string[] {
  const written = exportTo === undefined || exportTo.length === 0 ? byDefault : exportTo;
  // Names with capitals pass istiod's validation, and no namespace has one.
  return written.filter(to => !withCapitals.test(to)).map(to => (to === '.' ? namespace : to));
}

const withCapitals = /^[a-z0-9-]*[A-Z][A-Za-z0-9-]*$/;

/** Completes the host and gateway names of an http entry, as its own namespace means them. */
export function resolveEntry(entry: istio.HTTPRoute, namespace: string): istio.HTTPRoute {
  const destination = (to: istio.Destination): istio.Destination => ({
    ...to,
    host: completeHost(to.host, namespace),
  });
  return {
    ...entry,
    ...resolveMatchGateways(entry, namespace),
    ...(entry.route === undefined
      ? {}
      : { route: entry.route.map(route => ({ ...route, destination: destination(route.destination) })) }),
    ...(entry.mirror === undefined ? {} : { mirror: destination(entry.mirror) }),
    ...(entry.mirrors === undefined
      ? {}
      : {
          mirrors: entry.mirrors.map(mirror => ({ ...mirror, destination: destination(mirror.destination) })),
        }),
  };
}

function resolveMatchGateways<Match extends { readonly gateways?: readonly string[] }>(
  entry: { readonly match?: readonly Match[] },
  namespace: string,
): { readonly match?: readonly Match[] } {
  if (entry.match === undefined) return {};
  return {
    match: entry.match.map(match =>
      match.gateways === undefined
        ? match
        : { ...match, gateways: match.gateways.map(gateway => resolveGateway(gateway, namespace)) },
    ),
  };
}

/** Completes the host and gateway names of a tls or tcp entry, as its namespace means them. */
export function resolveConnectionEntry<
  Entry extends {
    readonly match?: readonly { readonly gateways?: readonly string[] }[];
    readonly route?: readonly istio.RouteDestination[];
  },
>(entry: Entry, namespace: string): Entry {
  return {
    ...entry,
    ...resolveMatchGateways(entry, namespace),
    ...(entry.route === undefined
      ? {}
      : {
          route: entry.route.map(route => ({
            ...route,
            destination: { ...route.destination, host: completeHost(route.destination.host, namespace) },
          })),
        }),
  };
}

interface Aged {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace: string;
}

/** @returns an object as `byAge` and `isOlder` compare it */
export function agedOf<Own extends Resource>(resource: Own) {
  return { resource, name: resource.name, namespace: resource.namespace };
}

/**
 * The older first; manifests without a creationTimestamp count as equally old, then name and namespace decide.
 *
 * @see istio.io/istio/pilot/pkg/model/config.go, configCompareByCreationTime
 */
export function byAge(a: Aged, b: Aged): number {
  const [x, y] = [a.resource.metadata.creationTimestamp ?? '', b.resource.metadata.creationTimestamp ?? ''];
  return compareText(x, y) || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}

/** @returns whether the first is older, undefined where the manifests do not tell */
export function isOlder(a: Aged, b: Aged): boolean | undefined {
  const [x, y] = [a.resource.metadata.creationTimestamp, b.resource.metadata.creationTimestamp];
  if (x === undefined || y === undefined) return undefined;
  // The same second: name and namespace decide (config.go, configCompareByCreationTime).
  if (x === y) return a.name === b.name ? a.namespace < b.namespace : a.name < b.name;
  return x < y;
}

/** Orders strings by code unit, as Go does for ASCII. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
