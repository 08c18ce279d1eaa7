import { defaultOptions } from '../../../../src/options.ts';
import { keyOf, type WholeCluster } from '../../clusters/whole-cluster.ts';
import { randomFrom } from '../../random.ts';
import { withAges } from './ages.ts';
import { randomDestinationRules } from './destination-rules.ts';
import { randomClusterGateways } from './gateways.ts';
import { type Layout, namespaceManifests, randomNamespaces } from './layout.ts';
import { randomHosts } from './services.ts';
import { randomClusterSidecars } from './sidecars.ts';
import { randomVirtualServices } from './virtual-services.ts';

/** @returns a cluster that lacks nothing; the same one for the same seed */
export function generateCluster(seed: number): WholeCluster {
  const random = randomFrom(seed);
  const namespaces = randomNamespaces(random);
  const { hosts, manifests, pods } = randomHosts(random, namespaces);
  const popular = random.some(hosts, 1.5 / hosts.length);
  const layout: Layout = { namespaces, hosts, popular };
  const gateways = randomClusterGateways(random, layout);
  const { manifests: aged, hidden } = withAges(
    random,
    [
      ...randomDestinationRules(random, layout),
      ...gateways.map(({ manifest }) => manifest),
      ...randomVirtualServices(random, layout, gateways),
    ],
    keyOf,
  );
  const gatewayPods = new Map(gateways.map(({ pods: own }) => [JSON.stringify(own), own]));
  return {
    name: `cluster-${seed}`,
    manifests: [
      ...namespaceManifests(namespaces),
      ...manifests,
      ...randomClusterSidecars(random, layout),
      ...aged,
    ],
    pods,
    gatewayPods: [...gatewayPods.values()],
    hiddenAges: hidden,
    options: { ...defaultOptions, ...(random.chance(0.5) ? { channel: 'experimental' } : {}) },
  };
}
