import type { Random } from '../../random.ts';
import { type Layout, type Manifest, rootNamespace } from './layout.ts';

/** Sidecars for namespaces in sidecar mode, for some of their Pods, and of the root namespace; most often none. */
export function randomClusterSidecars(random: Random, layout: Layout): readonly Manifest[] {
  if (!random.chance(0.3)) return [];
  const own = layout.namespaces.filter(({ dataPlane }) => dataPlane === 'sidecar').map(({ name }) => name);
  return random
    .some([...new Set([...own, rootNamespace])], 0.45)
    .flatMap(namespace => [
      ...(random.chance(0.75) ? [sidecar(random, layout, namespace, 'default')] : []),
      ...(namespace !== rootNamespace && random.chance(0.4)
        ? [sidecar(random, layout, namespace, 'clients', { workloadSelector: { labels: { app: 'client' } } })]
        : []),
    ]);
}

function sidecar(
  random: Random,
  { namespaces, hosts }: Layout,
  namespace: string,
  name: string,
  rest: Manifest = {},
): Manifest {
  const { host, namespace: home } = random.pick(hosts);
  const lists: readonly (readonly string[])[] = [
    ['./*', `${rootNamespace}/*`],
    ['*/*'],
    [`${random.pick(namespaces).name}/*`],
    ['./*', `${random.pick(namespaces).name}/*`],
    [`${home}/${host}`],
    [`*/${host}`, './*'],
    [`*/*.${random.pick(namespaces).name}.svc.cluster.local`],
  ];
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name, namespace },
    spec: { ...rest, egress: [{ hosts: [...new Set(random.pick(lists))] }] },
  };
}
