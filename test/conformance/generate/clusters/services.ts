import type { Random } from '../../random.ts';
import { type LaidHost, type LaidNamespace, type LaidPort, type Manifest, rootNamespace } from './layout.ts';

/** Hosts, the objects that make them, and the Pods behind them. */
export interface GeneratedHosts {
  readonly hosts: readonly LaidHost[];
  readonly manifests: readonly Manifest[];
  readonly pods: readonly Manifest[];
}

/** Services of the same few names in every namespace but the root one, each with Pods of two versions. */
export function randomHosts(random: Random, namespaces: readonly LaidNamespace[]): GeneratedHosts {
  const own = namespaces.filter(({ name }) => name !== rootNamespace);
  const services = own.flatMap(({ name }) =>
    ['web', 'api', 'db'].slice(0, random.pick([1, 2, 2, 3])).map(app => randomService(random, app, name)),
  );
  const entries = random.chance(0.4) ? randomEntries(random, own) : [];
  return {
    hosts: [...services, ...entries.flatMap(({ hosts }) => hosts)],
    manifests: [
      ...services.map(service => serviceManifest(random, service)),
      ...entries.map(({ manifest }) => manifest),
    ],
    pods: services.flatMap(podsOf),
  };
}

function randomService(random: Random, name: string, namespace: string): LaidHost {
  const web: readonly LaidPort[] = [{ name: 'http', port: 8080, carries: 'http' }];
  const ports = random.pick<readonly LaidPort[]>(
    name === 'db'
      ? [
          [{ name: 'tcp-db', port: 5432, carries: 'tcp' }],
          [{ name: 'tls', port: 5432, carries: 'tls' }],
          [{ port: 5432, carries: 'sniffed' }],
        ]
      : [
          web,
          web,
          web,
          [...web, { name: 'http-admin', port: 9090, carries: 'http' }],
          [...web, { name: 'tcp-raw', port: 7000, carries: 'tcp' }],
          [{ port: 8080, carries: 'sniffed' }],
          [{ name: 'grpc', port: 8080, carries: 'http' }],
        ],
  );
  const subsets = random.chance(0.6) ? ['v1', 'v2'] : [];
  return { host: `${name}.${namespace}.svc.cluster.local`, name, namespace, ports, subsets };
}

function serviceManifest(random: Random, { name, namespace, ports }: LaidHost): Manifest {
  const annotations = random.chance(0.05)
    ? { annotations: { 'networking.istio.io/exportTo': random.pick(['.', '*']) } }
    : {};
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, ...annotations },
    spec: { selector: { app: name }, ports: ports.map(({ carries: _carries, ...port }) => port) },
  };
}

function podsOf({ name = '', namespace }: LaidHost): readonly Manifest[] {
  return ['v1', 'v2'].map(version => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-${version}`, namespace, labels: { app: name, version } },
    spec: { containers: [{ name, image: `example/${name}` }] },
  }));
}

function randomEntries(
  random: Random,
  namespaces: readonly LaidNamespace[],
): readonly { readonly hosts: readonly LaidHost[]; readonly manifest: Manifest }[] {
  const kinds = random.some(['several', 'wildcard', 'static'] as const, 0.5);
  return kinds.map(kind => {
    const namespace = random.pick([...namespaces.map(({ name }) => name), rootNamespace]);
    const ports = random.pick<readonly LaidPort[]>([
      [{ name: 'http', port: 80, carries: 'http' }],
      [
        { name: 'http', port: 80, carries: 'http' },
        { name: 'tls', port: 443, carries: 'tls' },
      ],
    ]);
    const hosts = {
      several: ['a.ext.example', 'b.ext.example', ...(random.chance(0.3) ? ['c.ext.example'] : [])],
      wildcard: ['*.wild.example'],
      static: ['static.example'],
    }[kind];
    const resolution = { several: 'DNS', wildcard: 'NONE', static: 'STATIC' }[kind];
    return {
      hosts: hosts.map(host => ({ host, namespace, ports, subsets: [] })),
      manifest: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata: { name: `outside-${kind}`, namespace },
        spec: {
          hosts,
          location: 'MESH_EXTERNAL',
          resolution,
          ports: ports.map(({ name, port, carries }) => ({
            number: port,
            name,
            protocol: carries === 'tls' ? 'TLS' : 'HTTP',
          })),
          ...(kind === 'static' ? { endpoints: [{ address: '192.0.2.10' }, { address: '192.0.2.11' }] } : {}),
          ...(random.chance(0.15) ? { exportTo: [random.pick(['.', '*'])] } : {}),
        },
      },
    };
  });
}
