import type { Random } from '../../random.ts';
import { type LaidHost, type Layout, type Manifest, rootNamespace } from './layout.ts';

/** DestinationRules beside Services, in the namespaces of clients and in the root namespace, and for wildcards. */
export function randomDestinationRules(random: Random, { hosts, namespaces }: Layout): readonly Manifest[] {
  const services = hosts.filter(({ name }) => name !== undefined);
  const own = services.flatMap(service =>
    service.subsets.length > 0 || random.chance(0.15) ? [ruleOf(random, service, service.namespace)] : [],
  );
  const clients = services.flatMap(service =>
    random.chance(0.12) ? [ruleOf(random, service, random.pick(namespaces).name, random.chance(0.5))] : [],
  );
  const outside = hosts
    .filter(({ name, host }) => name === undefined && !host.startsWith('*'))
    .flatMap(host => (random.chance(0.2) ? [ruleOf(random, host, host.namespace)] : []));
  const wildcards = random.chance(0.25)
    ? [
        wildcardRule(
          random,
          namespaces.map(({ name }) => name),
        ),
      ]
    : [];
  return named([...own, ...clients, ...outside, ...wildcards]);
}

/** @param withSubsets whether it repeats the subsets of the rule beside the Service */
function ruleOf(random: Random, host: LaidHost, namespace: string, withSubsets = true): Manifest {
  const { name = host.host.split('.')[0] ?? '', subsets } = host;
  const short = namespace === host.namespace && host.name !== undefined && random.chance(0.5);
  const defined = withSubsets ? subsets : [];
  const policy = defined.length === 0 || random.chance(0.35) ? { trafficPolicy: randomPolicy(random) } : {};
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name, namespace },
    spec: {
      host: short ? host.name : host.host,
      ...policy,
      ...(defined.length === 0
        ? {}
        : {
            subsets: defined.map(subset => ({
              name: subset,
              labels: { version: subset },
              ...(random.chance(0.15) ? { trafficPolicy: randomPolicy(random) } : {}),
            })),
          }),
      ...(random.chance(0.12) ? { exportTo: [random.pick(['.', '*'])] } : {}),
    },
  };
}

function wildcardRule(random: Random, namespaces: readonly string[]): Manifest {
  const served = namespaces.filter(name => name !== rootNamespace);
  const namespace = random.pick([rootNamespace, rootNamespace, ...served]);
  const host = random.pick(['*.local', `*.${random.pick(served)}.svc.cluster.local`]);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'wide', namespace },
    spec: { host, trafficPolicy: randomPolicy(random) },
  };
}

function randomPolicy(random: Random): Manifest {
  return random.pick<Manifest>([
    { loadBalancer: { simple: 'ROUND_ROBIN' } },
    { connectionPool: { tcp: { maxConnections: random.pick([10, 20, 30]) } } },
    { outlierDetection: { consecutive5xxErrors: random.pick([3, 5]) } },
    { connectionPool: { http: { http1MaxPendingRequests: 7 } } },
  ]);
}

/** Gives objects of one name in one namespace names of their own. */
function named(manifests: readonly Manifest[]): readonly Manifest[] {
  const taken = new Map<string, number>();
  return manifests.map(manifest => {
    const metadata = manifest['metadata'] as { readonly name: string; readonly namespace: string };
    const key = `${metadata.namespace}/${metadata.name}`;
    const count = taken.get(key) ?? 0;
    taken.set(key, count + 1);
    return count === 0
      ? manifest
      : { ...manifest, metadata: { ...metadata, name: `${metadata.name}-${count}` } };
  });
}
