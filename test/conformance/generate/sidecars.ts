import type { Random } from '../random.ts';
import type { GeneratedService } from './services.ts';

type Manifest = Readonly<Record<string, unknown>>;

/**
 * Sidecar objects, most often none: of the namespaces that Services are in, of clients, and of the root namespace. Some have a
 * listener for a single port, which also decides by which ports destinations are reached.
 */
export function randomSidecars(random: Random, services: readonly GeneratedService[]): readonly Manifest[] {
  if (!random.chance(0.2)) return [];
  const namespaces = random.some(['shop', 'other', 'clients', 'istio-system'], 0.4);
  return namespaces.flatMap(namespace => {
    const whole = sidecar(random, namespace, 'default', services);
    const some = sidecar(random, namespace, 'some', services, {
      workloadSelector: { labels: { app: 'client' } },
    });
    return namespace !== 'istio-system' && random.chance(0.3) ? [whole, some] : [whole];
  });
}

function sidecar(
  random: Random,
  namespace: string,
  name: string,
  services: readonly GeneratedService[],
  rest: Manifest = {},
): Manifest {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name, namespace },
    spec: { ...rest, egress: egressListeners(random, services) },
  };
}

function egressListeners(random: Random, services: readonly GeneratedService[]): readonly Manifest[] {
  const forAll = { hosts: egressHosts(random, services) };
  if (!random.chance(0.25)) return [forAll];
  const number = random.pick([80, 9080]);
  const forOne = {
    port: { number, protocol: 'HTTP', name: `http-${number}` },
    hosts: egressHosts(random, services),
  };
  return random.chance(0.5) ? [forOne, forAll] : [forOne];
}

function egressHosts(random: Random, services: readonly GeneratedService[]): readonly string[] {
  const names = ['*', '*', '*.svc.cluster.local', ...services.map(({ host }) => host)];
  const one = (): string => `${random.pick(['.', '*', 'shop', 'other'])}/${random.pick(names)}`;
  const hosts = Array.from({ length: random.integer(1, 3) }, one);
  const taken = random.chance(0.15) ? [`~${random.pick(['shop', 'other', '*'])}/${random.pick(names)}`] : [];
  return [...new Set([...hosts, ...taken])];
}
