import type { Manifest } from '../generate/clusters/layout.ts';
import type { WholeCluster } from './whole-cluster.ts';

interface Read {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly hosts?: readonly string[];
    readonly host?: string;
    readonly exportTo?: readonly string[];
    readonly http?: readonly Manifest[];
    readonly tls?: readonly Manifest[];
    readonly tcp?: readonly Manifest[];
    readonly selector?: Manifest;
  };
}

/** What whole clusters are to hold, and whether one does. */
const kinds: Readonly<Record<string, (objects: readonly Read[], cluster: WholeCluster) => boolean>> = {
  'several VirtualServices for a host': objects => repeats(virtualServices(objects).flatMap(hostsOf)),
  'equal ages': objects =>
    repeats(virtualServices(objects).flatMap(({ metadata }) => metadata.creationTimestamp ?? [])),
  'missing ages': objects =>
    virtualServices(objects).some(({ metadata }) => metadata.creationTimestamp === undefined),
  'different ages': objects =>
    new Set(virtualServices(objects).flatMap(({ metadata }) => metadata.creationTimestamp ?? [])).size > 1,
  delegates: objects => virtualServices(objects).some(({ spec }) => spec?.hosts === undefined),
  exportTo: objects => virtualServices(objects).some(({ spec }) => spec?.exportTo !== undefined),
  Sidecars: objects => objects.some(({ kind }) => kind === 'Sidecar'),
  'ServiceEntries with several hosts': objects =>
    objects.some(({ kind, spec }) => kind === 'ServiceEntry' && (spec?.hosts ?? []).length > 1),
  'wildcard DestinationRules': objects => rules(objects).some(({ spec }) => spec?.host?.startsWith('*')),
  'DestinationRules of three levels': objects => {
    const homes = new Set<string>(rules(objects).map(levelOf));
    return ['service', 'client', 'root'].every(level => homes.has(level));
  },
  'DestinationRules of two levels': objects => new Set(rules(objects).map(levelOf)).size > 1,
  'Gateways that share Pods': objects =>
    repeats(
      objects
        .filter(({ kind, spec }) => kind === 'Gateway' && spec?.selector !== undefined)
        .map(({ spec }) => JSON.stringify(spec?.selector)),
    ),
  'Gateways that keep their Pods': (_, { options }) => options.gatewayService !== undefined,
  'both data planes': objects =>
    ['ambient', undefined].every(mode =>
      objects.some(
        ({ kind, metadata: { labels } }) =>
          kind === 'Namespace' && labels !== undefined && labels['istio.io/dataplane-mode'] === mode,
      ),
    ),
  TCP: objects => virtualServices(objects).some(({ spec }) => spec?.tcp !== undefined),
  TLS: objects => virtualServices(objects).some(({ spec }) => spec?.tls !== undefined),
  '2 namespaces': objects => namespaces(objects) === 2,
  '3 namespaces': objects => namespaces(objects) === 3,
  '4 namespaces': objects => namespaces(objects) === 4,
};

/** @returns the kinds of objects and relations that a cluster holds */
export function kindsIn(cluster: WholeCluster): readonly string[] {
  const objects = cluster.manifests as unknown as readonly Read[];
  return Object.entries(kinds).flatMap(([name, holds]) => (holds(objects, cluster) ? [name] : []));
}

/** Every kind, in the order in which they are told. */
export const allKinds: readonly string[] = Object.keys(kinds);

function virtualServices(objects: readonly Read[]): readonly Read[] {
  return objects.filter(({ kind }) => kind === 'VirtualService');
}

function rules(objects: readonly Read[]): readonly Read[] {
  return objects.filter(({ kind }) => kind === 'DestinationRule');
}

function namespaces(objects: readonly Read[]): number {
  return objects.filter(({ kind }) => kind === 'Namespace').length;
}

/** Full names, as far as they are written; short ones are of the own namespace. */
function hostsOf({ metadata: { namespace }, spec }: Read): readonly string[] {
  return (spec?.hosts ?? []).map(host =>
    host.includes('.') || host === '*' ? host : `${host}.${namespace}.svc.cluster.local`,
  );
}

function levelOf({ metadata: { namespace }, spec }: Read): 'service' | 'client' | 'root' {
  if (namespace === 'istio-system') return 'root';
  const [, home] = (spec?.host ?? '').split('.');
  return home === undefined || home === namespace ? 'service' : 'client';
}

function repeats(values: readonly (string | undefined)[]): boolean {
  return new Set(values).size < values.length;
}
