import type { Random } from '../random.ts';

type Manifest = Readonly<Record<string, unknown>>;

export interface GeneratedService {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly ports: readonly number[];
  readonly subsets: readonly string[];
  /** The Service, its DestinationRule, and Services that stand for a subset already. */
  readonly manifests: readonly Manifest[];
}

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
}

/** Three Services in two namespaces. */
export function randomServices(random: Random): readonly GeneratedService[] {
  return [
    randomService(random, 'reviews', 'shop'),
    randomService(random, 'ratings', 'shop'),
    randomService(random, 'details', 'other'),
  ];
}

function randomService(random: Random, name: string, namespace: string): GeneratedService {
  const ports = random.pick<readonly Port[]>([
    [{ name: 'http', port: 9080 }],
    [{ name: 'http', port: 80, targetPort: 8080 }],
    [
      { name: 'http', port: 9080 },
      { name: 'http-admin', port: 9090, targetPort: 'admin' },
    ],
    [{ name: 'grpc', port: 7070 }],
    [{ port: 9080 }],
    [
      { name: 'http', port: 9080 },
      { name: 'tcp-db', port: 5432 },
    ],
  ]);
  const subsets = random.chance(0.7) ? ['v1', 'v2', ...(random.chance(0.4) ? ['v3'] : [])] : [];
  const host = `${name}.${namespace}.svc.cluster.local`;
  const isMissed = subsets.length > 0 && random.chance(0.2);
  const rule = destinationRule(random, name, namespace, host, subsets);
  return {
    name,
    namespace,
    host,
    ports: ports.filter(port => !isTcp(port)).map(({ port }) => port),
    subsets: [...subsets, ...(isMissed ? [missed] : [])],
    manifests: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: { selector: { app: name }, ports },
      },
      ...(subsets.length > 0 || random.chance(0.2) ? [rule] : []),
      ...(isMissed ? aroundMissed(random, name, namespace, host, ports) : []),
      ...subsets
        .filter(() => random.chance(0.15))
        .map(subset => ({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: random.chance(0.5) ? `${name}-${subset}` : `${name}${subset}`, namespace },
          spec: { selector: { app: name, version: subset }, ports },
        })),
    ],
  };
}

/** A subset that no DestinationRule beside its Service defines. */
const missed = 'v9';

/** What may be there all the same: a Service by the usual name, or a DestinationRule of the clients. */
function aroundMissed(
  random: Random,
  name: string,
  namespace: string,
  host: string,
  ports: readonly Port[],
): readonly Manifest[] {
  const service = (spec: Manifest): Manifest => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${name}-${missed}`, namespace },
    spec: { ...spec, ports },
  });
  const clients = namespace === 'shop' ? 'other' : 'shop';
  return random.pick<readonly Manifest[]>([
    [],
    [],
    [],
    [service({})],
    [service({ selector: { app: `${name}-${missed}` } })],
    [destinationRule(random, `${name}-of-clients`, clients, host, ['v1', 'v2'], host)],
    [destinationRule(random, `${name}-of-clients`, clients, host, ['v1', missed], host)],
  ]);
}

function destinationRule(
  random: Random,
  name: string,
  namespace: string,
  host: string,
  subsets: readonly string[],
  named = random.chance(0.5) ? name : host,
): Manifest {
  const trafficPolicy = random.chance(0.4) ? { trafficPolicy: randomPolicy(random) } : {};
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name, namespace },
    spec: {
      host: named,
      ...trafficPolicy,
      subsets: subsets.map(subset => ({
        name: subset,
        labels: random.chance(0.03) ? { app: 'nobody' } : { version: subset },
        ...(random.chance(0.2) ? { trafficPolicy: randomPolicy(random) } : {}),
      })),
    },
  };
}

function randomPolicy(random: Random): Manifest {
  return random.pick<Manifest>([
    { loadBalancer: { simple: 'ROUND_ROBIN' } },
    { loadBalancer: { simple: 'LEAST_REQUEST' }, connectionPool: { http: { http1MaxPendingRequests: 7 } } },
    { outlierDetection: { consecutive5xxErrors: 3, interval: '5s' } },
    { connectionPool: { tcp: { maxConnections: 10 } } },
    { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } },
    { tls: { mode: 'DISABLE' } },
    { portLevelSettings: [{ port: { number: 9080 }, loadBalancer: { simple: 'RANDOM' } }] },
  ]);
}

function isTcp({ name }: Port): boolean {
  return name?.startsWith('tcp') ?? false;
}
