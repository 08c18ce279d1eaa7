import type * as gateway from '../../../src/gateway-api/index.ts';
import type * as istio from '../../../src/istio/index.ts';
import type { Random } from '../random.ts';

type Manifest = Readonly<Record<string, unknown>>;

interface Backend {
  readonly host: string;
  readonly namespace: string;
  readonly ports: readonly number[];
  readonly subsets: readonly string[];
}

const services: readonly {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly { readonly name?: string; readonly port: number }[];
}[] = [
  { name: 'db', namespace: 'shop', ports: [{ name: 'tcp-db', port: 5432 }] },
  { name: 'cache', namespace: 'shop', ports: [{ name: 'redis', port: 6379 }] },
  { name: 'vault', namespace: 'shop', ports: [{ name: 'tls', port: 8443 }] },
  {
    name: 'mail',
    namespace: 'other',
    ports: [
      { name: 'https', port: 443 },
      { name: 'tcp-smtp', port: 2525 },
    ],
  },
  { name: 'plain', namespace: 'shop', ports: [{ port: 9000 }] },
];

const outside = ['api.partner.example', 'files.partner.example'];

/** Services, and whatever routes the connections to them: VirtualServices, or routes that people wrote. */
export function randomConnectionManifests(random: Random): {
  readonly manifests: readonly Manifest[];
  readonly handWritten: boolean;
} {
  const subsets = random.chance(0.5) ? ['v1', 'v2'] : [];
  const resolution = random.pick(['DNS', 'NONE']);
  const backends: readonly Backend[] = [
    ...services.map(({ name, namespace, ports }) => ({
      host: `${name}.${namespace}.svc.cluster.local`,
      namespace,
      ports: ports.map(({ port }) => port),
      // Of v9 the DestinationRule knows nothing.
      subsets: name === 'db' && subsets.length > 0 ? [...subsets, ...(random.chance(0.3) ? ['v9'] : [])] : [],
    })),
    ...outside.map(host => ({ host, namespace: 'shop', ports: [443], subsets: [] })),
  ];
  const world = [
    ...services.map(({ name, namespace, ports }) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: { app: name }, ports },
    })),
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'partner', namespace: 'shop' },
      spec: {
        hosts: outside,
        location: 'MESH_EXTERNAL',
        resolution,
        ports: [{ number: 443, name: 'tls', protocol: random.pick(['TLS', 'HTTPS']) }],
      },
    },
    ...(subsets.length === 0 ? [] : [destinationRule(subsets)]),
  ];
  const handWritten = random.chance(0.3);
  const count = random.integer(1, 3);
  const routing = handWritten
    ? [gatewayApiGateway(random), ...Array.from({ length: count }, (_, index) => route(random, index))]
    : [
        istioGateway(random),
        ...Array.from({ length: count }, (_, index) => virtualService(random, index, backends)),
      ];
  return { manifests: [...world, ...routing], handWritten };
}

function destinationRule(subsets: readonly string[]): Manifest {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { host: 'db', subsets: subsets.map(name => ({ name, labels: { version: name } })) },
  };
}

function istioGateway(random: Random): Manifest {
  const tls = random.pick<Manifest>([
    { mode: 'PASSTHROUGH' },
    { mode: 'PASSTHROUGH' },
    { mode: 'SIMPLE', credentialName: 'certificate' },
  ]);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge', namespace: 'shop' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          port: { number: 443, name: 'tls', protocol: 'TLS' },
          hosts: random.pick([['*.example.com'], ['a.example.com', 'b.example.com'], ['*']]),
          tls,
        },
        { port: { number: 5432, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] },
      ],
    },
  };
}

function virtualService(random: Random, index: number, backends: readonly Backend[]): Manifest {
  const atGateway = random.chance(0.4);
  const own = random.pick(backends);
  const hosts = atGateway
    ? random.pick([['a.example.com'], ['a.example.com', 'b.example.com'], ['*.example.com']])
    : [own.host, ...(random.chance(0.2) ? [random.pick(backends).host] : [])];
  const ports = atGateway ? [443, 5432] : own.ports;
  const entries = <Entry>(make: () => Entry) => Array.from({ length: random.integer(1, 2) }, make);
  const kinds = random.pick([['tls'], ['tls'], ['tcp'], ['tcp'], ['tls', 'tcp']] as const);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: `vs-${index}`,
      namespace: atGateway ? 'shop' : random.pick([own.namespace, own.namespace, 'other']),
    },
    spec: {
      hosts: [...new Set(hosts)],
      ...(atGateway ? { gateways: ['shop/edge'] } : {}),
      ...(random.chance(0.05) ? { exportTo: ['.'] } : {}),
      ...(kinds.some(kind => kind === 'tls')
        ? {
            tls: entries(() => ({
              match: Array.from({ length: random.pick([1, 1, 2]) }, () => ({
                sniHosts: [...new Set([random.pick(hosts), ...random.some(hosts, 0.3)])],
                ...scope(random, ports),
              })),
              route: destinations(random, backends),
            })),
          }
        : {}),
      ...(kinds.some(kind => kind === 'tcp')
        ? {
            tcp: entries(() => ({
              ...(random.chance(0.5) ? { match: [scope(random, ports)] } : {}),
              route: destinations(random, backends),
            })),
          }
        : {}),
    },
  };
}

function scope(random: Random, ports: readonly number[]): istio.L4MatchAttributes {
  return {
    ...(random.chance(0.5) ? { port: random.pick([...ports, ...ports, 4242]) } : {}),
    ...(random.chance(0.04) ? { sourceLabels: { app: 'web' } } : {}),
    ...(random.chance(0.04) ? { sourceNamespace: 'other' } : {}),
  };
}

function destinations(random: Random, backends: readonly Backend[]): readonly istio.RouteDestination[] {
  const count = random.pick([1, 1, 2, 3]);
  const weights = random.pick([
    [80, 20, 0],
    [50, 50, 0],
    [1, 1, 1],
    [100, 0, 0],
  ]);
  return Array.from({ length: count }, (_, index) => {
    const { host, ports, subsets } = random.pick(backends);
    const weight = weights[index];
    return {
      destination: {
        host,
        ...(random.chance(0.9) ? { port: { number: random.pick(ports) } } : {}),
        ...(subsets.length > 0 && random.chance(0.6) ? { subset: random.pick(subsets) } : {}),
      },
      ...(count === 1 || weight === undefined ? {} : { weight }),
    };
  });
}

function gatewayApiGateway(random: Random): Manifest {
  const allowedRoutes = { namespaces: { from: random.pick(['All', 'All', 'Same']) } };
  const hostname = random.pick([undefined, '*.example.com', 'a.example.com']);
  const terminate = { mode: 'Terminate', certificateRefs: [{ name: 'certificate' }] };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gw', namespace: 'shop' },
    spec: {
      gatewayClassName: 'istio',
      listeners: [
        {
          name: 'tls',
          port: 443,
          protocol: 'TLS',
          tls: random.pick<Manifest>([{ mode: 'Passthrough' }, { mode: 'Passthrough' }, terminate]),
          ...(hostname === undefined ? {} : { hostname }),
          allowedRoutes,
        },
        { name: 'tcp', port: 5432, protocol: 'TCP', allowedRoutes },
      ],
    },
  };
}

function route(random: Random, index: number): Manifest {
  const kind = random.pick(['TLSRoute', 'TCPRoute']);
  const atGateway = random.chance(0.5);
  const parent = random.pick(services);
  const namespace = atGateway ? random.pick(['shop', 'shop', 'other']) : parent.namespace;
  const hostnames = atGateway
    ? random.pick([['a.example.com'], ['a.example.com', 'b.example.com'], ['*.example.com']])
    : [`${parent.name}.${parent.namespace}.svc.cluster.local`];
  const port = random.chance(0.5) ? { port: random.pick(parent.ports).port } : {};
  return {
    apiVersion: `gateway.networking.k8s.io/${kind === 'TLSRoute' ? 'v1' : 'v1alpha2'}`,
    kind,
    metadata: { name: `route-${index}`, namespace },
    spec: {
      parentRefs: [
        atGateway
          ? {
              name: 'gw',
              namespace: 'shop',
              ...(random.chance(0.5) ? { sectionName: random.pick(['tls', 'tcp']) } : {}),
            }
          : { group: '', kind: 'Service', name: parent.name, ...port },
      ],
      ...(kind === 'TLSRoute' ? { hostnames } : {}),
      rules: [{ backendRefs: backendRefs(random, namespace) }],
    },
  };
}

function backendRefs(random: Random, namespace: string): readonly gateway.BackendRef[] {
  const count = random.pick([1, 1, 2]);
  return Array.from({ length: count }, (_, index) => {
    const { name, namespace: own, ports } = random.pick(services);
    return {
      name: random.chance(0.95) ? name : 'nobody',
      ...(own === namespace ? {} : { namespace: own }),
      port: random.pick(ports).port,
      ...(count === 1 ? {} : { weight: index === 0 ? 3 : random.pick([0, 1]) }),
    };
  });
}
