import type { Manifest } from '../generate/clusters/layout.ts';
import { keyOf, type WholeCluster } from './whole-cluster.ts';

/** Whether a cluster still fails in the way that is looked for. */
export type StillFails = (cluster: WholeCluster) => Promise<boolean>;

/**
 * Drops objects, then fields and items of lists, for as long as the failure stays. What others name stays: a cluster lacks
 * nothing.
 */
export async function shrink(
  cluster: WholeCluster,
  stillFails: StillFails,
  attempts: number,
): Promise<WholeCluster> {
  let smallest = cluster;
  let left = attempts;
  const accept = async (candidate: WholeCluster): Promise<boolean> => {
    if (left <= 0 || lacks(candidate, cluster)) return false;
    left -= 1;
    const isSmaller = await stillFails(candidate).catch(() => false);
    if (isSmaller) smallest = candidate;
    return isSmaller;
  };
  const dropObjects = async () => {
    for (let index = smallest.manifests.length - 1; index >= 0; index -= 1)
      // A Namespace says which data plane it is in; without it the cluster would be another.
      if (smallest.manifests[index]?.['kind'] !== 'Namespace')
        await accept(withManifests(smallest, smallest.manifests.toSpliced(index, 1)));
  };
  await dropObjects();
  for (let index = 0; index < smallest.manifests.length; index += 1) {
    let at = 0;
    for (;;) {
      const manifest = smallest.manifests[index];
      const path = manifest === undefined ? undefined : partsOf(manifest)[at];
      if (manifest === undefined || path === undefined) break;
      const candidate = without(manifest, path) as Manifest;
      if (!(await accept(withManifests(smallest, smallest.manifests.with(index, candidate))))) at += 1;
    }
  }
  // What only a field named that is gone.
  await dropObjects();
  const labels = new Set(JSON.stringify(smallest.manifests).match(/"istio":"\w+"/g) ?? []);
  return {
    ...smallest,
    gatewayPods: smallest.gatewayPods.filter(pods => labels.has(JSON.stringify(pods.labels).slice(1, -1))),
  };
}

/** Whether something is named that the whole cluster has and a smaller one has not. */
function lacks(candidate: WholeCluster, whole: WholeCluster): boolean {
  const there = offered(candidate.manifests);
  const naming = candidate.manifests.filter(
    ({ ['kind']: kind }) => kind === 'VirtualService' || kind === 'DestinationRule',
  );
  const words = naming.flatMap(manifest => {
    const { namespace = '' } = manifest['metadata'] as { readonly namespace?: string };
    const texts = [...JSON.stringify(manifest['spec']).matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
    return texts.flatMap(text => [text, `${text}.${namespace}.svc.cluster.local`, `${namespace}/${text}`]);
  });
  return [...offered(whole.manifests)].some(name => words.includes(name) && !there.has(name));
}

/** Hosts, subsets, Gateways and delegates by the names that others call them. */
function offered(manifests: readonly Manifest[]): ReadonlySet<string> {
  return new Set(
    manifests.flatMap((manifest): readonly string[] => {
      const { name, namespace = '' } = manifest['metadata'] as {
        readonly name: string;
        readonly namespace?: string;
      };
      const spec = (manifest['spec'] ?? {}) as {
        readonly hosts?: readonly string[];
        readonly subsets?: readonly { readonly name: string }[];
      };
      switch (manifest['kind']) {
        case 'Service':
          return [`${name}.${namespace}.svc.cluster.local`];
        case 'ServiceEntry':
          return spec.hosts ?? [];
        case 'DestinationRule':
          return (spec.subsets ?? []).map(subset => subset.name);
        case 'Gateway':
          return [`${namespace}/${name}`];
        default:
          return [];
      }
    }),
  );
}

function withManifests(cluster: WholeCluster, manifests: readonly Manifest[]): WholeCluster {
  const keys = new Set(manifests.map(keyOf));
  const hiddenAges = new Map([...cluster.hiddenAges].filter(([key]) => keys.has(key)));
  return { ...cluster, manifests, hiddenAges };
}

type Path = readonly (string | number)[];

/** Kinds that say the same when they are shorter; of others what is left would be another cluster. */
const short: ReadonlySet<unknown> = new Set(['VirtualService', 'DestinationRule', 'Sidecar']);

/** Every field and item below the spec, outer ones first, and the age. */
function partsOf(manifest: Manifest): readonly Path[] {
  if (!short.has(manifest['kind'])) return [];
  const below = (value: unknown, path: Path): readonly Path[] => {
    if (typeof value !== 'object' || value === null) return [];
    const keys: readonly (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    const paths = keys.map(key => [...path, key]);
    return [...paths, ...paths.flatMap(each => below(valueAt(value, each.at(-1)), each))];
  };
  return [['metadata', 'creationTimestamp'], ...below(manifest['spec'], ['spec'])].filter(
    path => valueIn(manifest, path) !== undefined,
  );
}

function valueAt(value: object, key: string | number | undefined): unknown {
  return (value as Readonly<Record<string, unknown>>)[String(key)];
}

function valueIn(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? valueAt(inner, key) : undefined),
    value,
  );
}

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    return rest.length === 0
      ? items.toSpliced(Number(key), 1)
      : items.with(Number(key), without(items[Number(key)], rest));
  }
  const { [key]: inner, ...others } = value as Readonly<Record<string, unknown>>;
  return rest.length === 0 ? others : { ...(value as object), [key]: without(inner, rest) };
}
