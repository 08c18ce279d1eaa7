import { defaultOptions } from '../../../../src/options.ts';
import { keyOf, type WholeCluster } from '../../clusters/whole-cluster.ts';
import { randomFrom } from '../../random.ts';
import { withAges } from './ages.ts';
import { randomDestinationRules } from './destination-rules.ts';
import { randomClusterGateways } from './gateways.ts';
import {
  type GatewayPods,
  type Layout,
  type Manifest,
  namespaceManifests,
  randomNamespaces,
} from './layout.ts';
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
  const services = random.chance(0.7) ? [...gatewayPods.values()].map(serviceOfPods) : [];
  const sidecars = randomClusterSidecars(random, layout);
  const channel = random.chance(0.5) ? ({ channel: 'experimental' } as const) : {};
  const [service] = services;
  const staysOnPods = service !== undefined && services.length === 1 && random.chance(0.15);
  return {
    name: `cluster-${seed}`,
    manifests: [...namespaceManifests(namespaces), ...manifests, ...services, ...sidecars, ...aged],
    pods,
    gatewayPods: [...gatewayPods.values()],
    hiddenAges: hidden,
    options: { ...defaultOptions, ...channel, ...(staysOnPods ? { gatewayService: nameOf(service) } : {}) },
  };
}

function nameOf(manifest: Manifest): string {
  const { namespace, name } = manifest['metadata'] as Readonly<Record<'namespace' | 'name', string>>;
  return `${namespace}/${name}`;
}

/** The Service of gateway Pods: without it `convert` does not know in which namespace they run. */
function serviceOfPods({ namespace, labels }: GatewayPods): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `pods-of-${Object.values(labels).join('-')}`, namespace },
    spec: {
      type: 'LoadBalancer',
      selector: labels,
      ports: [80, 443, 8443, 5432].map(port => ({ name: `tcp-${port}`, port })),
    },
  };
}
