import type { Manifest } from '../generate/clusters/layout.ts';
import type { ProxyRequest } from '../judge.ts';
import type { State, WholeCluster } from './whole-cluster.ts';

/** A proxy of a whole cluster. */
export interface ClusterProxy {
  /** Of all states of a cluster, the same proxy has the same. */
  readonly label: string;
  readonly request: ProxyRequest;
  /** Of a Gateway API Gateway or waypoint: the key of its Gateway, without which it is not there. */
  readonly gateway?: string;
}

interface Readable {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Manifest;
}

/** Every proxy that any of the states has. */
export function proxiesOfCluster(cluster: WholeCluster, states: readonly State[]): readonly ClusterProxy[] {
  const first = states[0] ?? new Map<string, Manifest>();
  const found = new Map<string, ClusterProxy>();
  const add = (label: string, request: Omit<ProxyRequest, 'id'>, gateway?: string) => {
    const id = found.get(label)?.request.id ?? `p${found.size}`;
    found.set(label, { label, request: { ...request, id }, ...(gateway === undefined ? {} : { gateway }) });
  };
  for (const namespace of sidecarNamespaces(first))
    for (const labels of labelSets(first, namespace)) {
      const suffix = Object.entries(labels).map(([key, value]) => ` ${key}=${value}`);
      add(`sidecar ${namespace}${suffix.join('')}`, { kind: 'sidecar', namespace, labels });
    }
  for (const { namespace, labels } of cluster.gatewayPods)
    add(`pods ${namespace} ${JSON.stringify(labels)}`, { kind: 'gateway', namespace, labels });
  for (const state of states)
    for (const [key, manifest] of state) {
      const { metadata, spec } = manifest as unknown as Readable;
      const { name, namespace = '' } = metadata;
      if (!key.startsWith('gateway.networking.k8s.io Gateway ')) continue;
      // One that names the Service of running Pods has none of its own.
      if (namesService(spec)) continue;
      if (spec?.['gatewayClassName'] === 'istio-waypoint')
        add(`waypoint ${namespace}/${name}`, { kind: 'waypoint', namespace, name }, key);
      else add(`gateway ${namespace}/${name}`, { kind: 'gateway', namespace, gateway: name }, key);
    }
  return [...found.values()];
}

function namesService(spec: Manifest | undefined): boolean {
  const addresses = (spec?.['addresses'] ?? []) as readonly { readonly type?: string }[];
  return addresses.some(({ type }) => type === 'Hostname');
}

/**
 * Namespaces in sidecar mode, the root namespace, and one that nobody names. A cluster whose labels speak of ambient mode
 * alone has no sidecars: istiod injects none without a label (src/3-link/data-plane.ts reads them in the same way).
 */
function sidecarNamespaces(state: State): readonly string[] {
  const all = [...state.values()] as unknown as readonly Readable[];
  const ambient = new Set(
    all
      .filter(
        ({ kind, metadata }) =>
          kind === 'Namespace' && metadata.labels?.['istio.io/dataplane-mode'] === 'ambient',
      )
      .map(({ metadata }) => metadata.name),
  );
  const injected = all.some(
    ({ kind, metadata: { labels = {} } }) =>
      kind === 'Namespace' &&
      (labels['istio-injection'] === 'enabled' || labels['istio.io/rev'] !== undefined),
  );
  if (ambient.size > 0 && !injected) return [];
  const named = all.map(({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : metadata.namespace));
  return [...new Set([...named, 'istio-system', 'elsewhere'])]
    .filter((name): name is string => name !== undefined && !ambient.has(name))
    .sort();
}

/** No labels, and those that a Sidecar of the namespace selects or that a match asks for. */
function labelSets(state: State, namespace: string): readonly Readonly<Record<string, string>>[] {
  const sets: Readonly<Record<string, string>>[] = [{}];
  for (const manifest of state.values()) {
    const { kind, metadata, spec } = manifest as unknown as Readable;
    if (kind === 'Sidecar' && metadata.namespace === namespace) {
      const selector = spec?.['workloadSelector'] as { readonly labels?: Record<string, string> } | undefined;
      if (selector?.labels !== undefined) sets.push(selector.labels);
    }
    if (kind === 'VirtualService')
      for (const found of JSON.stringify(spec).matchAll(/"sourceLabels":(\{[^}]*\})/g))
        sets.push(JSON.parse(found[1] ?? '{}') as Record<string, string>);
  }
  return [...new Map(sets.map(labels => [JSON.stringify(labels), labels])).values()];
}
