import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import { includesNamespace } from './export-to.ts';
import { hostsOverlap, isSubsetOfHost, isWildcard } from './hostname.ts';
import { areSelected } from './labels.ts';
import { rootNamespaceOf } from './root-namespace.ts';
import { agedOf, byAge, type ResolvedVirtualService } from './virtual-services.ts';

type Sidecar = Resource<'istio.Sidecar'>;

/** Sidecar objects: each narrows what the clients of a namespace, or some of them, see. */
export interface Sidecars {
  /** The older first. */
  readonly all: readonly Sidecar[];
  /** One of this namespace is for the clients of every namespace without one. */
  readonly rootNamespace: string;
}

/** Gathers the Sidecar objects that say what clients see; one without `egress` leaves it at everything. */
export function buildSidecars(
  resources: readonly AnyResource[],
  rootNamespace: string = rootNamespaceOf(resources),
): Sidecars {
  const all = resources
    .filter(isType('istio.Sidecar'))
    .map(agedOf)
    .sort(byAge)
    .map(({ resource }) => resource);
  return { all, rootNamespace };
}

/** Whether a Sidecar object is for clients of more namespaces than its own. */
export function isForAllNamespaces(
  { rootNamespace }: Pick<Sidecars, 'rootNamespace'>,
  { namespace }: Pick<Sidecar, 'namespace'>,
): boolean {
  return namespace === rootNamespace;
}

/** A client inside the mesh. */
export interface SidecarClient {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The Sidecar object that applies to a client: of its namespace, those that select pods first; else the one of the root
 * namespace.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, getSidecarScope
 */
export function sidecarFor(sidecars: Sidecars, { namespace, labels }: SidecarClient): Sidecar | undefined {
  const own = sidecars.all.filter(one => one.namespace === namespace);
  return (
    own.find(one => isSelective(one) && areSelected(labels, selectorOf(one))) ??
    own.find(one => !isSelective(one)) ??
    sidecars.all.find(one => isForAllNamespaces(sidecars, one) && !isSelective(one))
  );
}

function isSelective({ spec }: Sidecar): boolean {
  return spec.workloadSelector !== undefined;
}

/** @returns the labels of the pods that a Sidecar object is for */
export function selectorOf({ spec }: Sidecar): Readonly<Record<string, string>> {
  return spec.workloadSelector?.labels ?? {};
}

/** Whether a Sidecar object decides, for some clients, if they see a VirtualService of the mesh. */
export function mayHide(
  sidecars: Pick<Sidecars, 'rootNamespace'>,
  { namespace }: Pick<Sidecar, 'namespace'>,
  { gateways, exportTo }: ResolvedVirtualService,
): boolean {
  if (!gateways.includes('mesh')) return false;
  return isForAllNamespaces(sidecars, { namespace }) || includesNamespace(exportTo, namespace);
}

/** The rules that a client sees at a port. */
export interface Imports {
  readonly service: (service: { readonly namespace: string; readonly host: string }) => boolean;
  /** One host of a list that names several is enough; a wildcard host of a route has to be covered whole. */
  readonly list: (list: {
    readonly namespace: string;
    readonly hosts: readonly string[];
    readonly semantics: 'istio' | 'gateway';
  }) => boolean;
}

const everything: Imports = { service: () => true, list: () => true };

/**
 * Services and lists that the Sidecar object of a client lets it see at a port. It also sees the destinations of these lists
 * (sidecar.go, collectImportedServices), so that the Services of versions need not be named.
 *
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, convertIstioListenerToWrapper, selectServices
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, SelectVirtualServices
 */
export function importsOf(sidecars: Sidecars, client: SidecarClient, port: number | undefined): Imports {
  const egress = egressOf(sidecars, client);
  if (egress === undefined) return everything;
  const listener = egress.find(({ port: own }) => own?.number === undefined || own.number === port);
  return importsOfListener(listener, client.namespace);
}

/** The Services that one egress listener of a client takes in: of each Service all ports, or the one that it listens on. */
export interface EgressImports extends Imports {
  readonly port: number | undefined;
}

/**
 * Everything that the egress listeners of a client take in, one after the other: together they say what the client has clusters for.
 *
 * @returns undefined for a client that no Sidecar object narrows
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, collectImportedServices, needsPortMatch
 */
export function egressImports(
  sidecars: Sidecars,
  client: SidecarClient,
): readonly EgressImports[] | undefined {
  return egressOf(sidecars, client)?.map(listener => ({
    ...importsOfListener(listener, client.namespace),
    port: listener.port?.protocol === 'HTTP_PROXY' ? undefined : listener.port?.number || undefined,
  }));
}

function egressOf(sidecars: Sidecars, client: SidecarClient): readonly EgressListener[] | undefined {
  if (sidecars.all.length === 0) return undefined;
  const egress = sidecarFor(sidecars, client)?.spec.egress ?? [];
  return egress.length === 0 ? undefined : egress;
}

type EgressListener = NonNullable<Sidecar['spec']['egress']>[number];

function importsOfListener(listener: EgressListener | undefined, namespace: string): Imports {
  const hosts = (listener?.hosts ?? []).flatMap(host => egressHost(host, namespace));
  const included = hosts.filter(({ isExcluded }) => !isExcluded);
  const excluded = hosts.filter(({ isExcluded }) => isExcluded);
  const meets = (from: string, host: string, covers: (name: string, pattern: string) => boolean) => {
    const isOf = (one: EgressHost) => one.namespace === '*' || one.namespace === from;
    return (
      included.some(one => isOf(one) && covers(host, one.host)) &&
      !excluded.some(one => isOf(one) && isSubsetOfHost(host, one.host))
    );
  };
  return {
    service: ({ namespace: from, host }) => meets(from, host, isSubsetOfHost),
    list: ({ namespace: from, hosts: named, semantics }) =>
      named.some(host => meets(from, host, semantics === 'gateway' ? isSubsetOfHost : matchesEitherWay)),
  };
}

/** Two exact names have to be the same. */
function matchesEitherWay(host: string, pattern: string): boolean {
  return isWildcard(host) || isWildcard(pattern) ? hostsOverlap(host, pattern) : host === pattern;
}

interface EgressHost {
  readonly namespace: string;
  readonly host: string;
  readonly isExcluded: boolean;
}

/** `NAMESPACE/HOST`; `~` as a namespace by itself takes nothing in. */
function egressHost(written: string, own: string): readonly EgressHost[] {
  const [before = '', host, ...rest] = written.split('/');
  if (host === undefined || rest.length > 0) return [];
  const isExcluded = before.startsWith('~');
  const named = isExcluded ? before.slice(1) || '*' : before;
  return [{ namespace: named === '.' ? own : named, host, isExcluded }];
}
