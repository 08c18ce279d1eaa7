import type { Random } from '../../random.ts';

export type Manifest = Readonly<Record<string, unknown>>;

/** A port of a Service, and what it carries. */
export interface LaidPort {
  readonly name?: string;
  readonly port: number;
  readonly carries: 'http' | 'tcp' | 'tls' | 'sniffed';
}

/** A host that clients call: a Service, or a host of a ServiceEntry. */
export interface LaidHost {
  readonly host: string;
  readonly namespace: string;
  /** Of a Service. */
  readonly name?: string;
  readonly ports: readonly LaidPort[];
  readonly subsets: readonly string[];
}

/** A namespace and what carries its traffic. */
export interface LaidNamespace {
  readonly name: string;
  readonly dataPlane: 'sidecar' | 'ambient';
}

/** Pods that Istio Gateways select. */
export interface GatewayPods {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the parts of a cluster know of each other. */
export interface Layout {
  readonly namespaces: readonly LaidNamespace[];
  readonly hosts: readonly LaidHost[];
  /** The hosts that most VirtualServices are for, so that they meet. */
  readonly popular: readonly LaidHost[];
}

export const rootNamespace = 'istio-system';

/** Two to four namespaces; the root namespace is always one of them. */
export function randomNamespaces(random: Random): readonly LaidNamespace[] {
  const names = ['shop', 'pay', 'front'].slice(0, random.pick([1, 2, 2, 3]));
  const mesh = random.pick(['sidecar', 'sidecar', 'sidecar', 'ambient', 'mixed'] as const);
  return [
    ...names.map(name => ({
      name,
      dataPlane: mesh === 'mixed' ? random.pick(['sidecar', 'ambient'] as const) : mesh,
    })),
    { name: rootNamespace, dataPlane: 'sidecar' },
  ];
}

/** The Namespaces, labelled for their data plane, and the waypoints of those in ambient mode. */
export function namespaceManifests(namespaces: readonly LaidNamespace[]): readonly Manifest[] {
  return namespaces.flatMap(({ name, dataPlane }): readonly Manifest[] => {
    if (name === rootNamespace) return [namespaceOf(name, {})];
    if (dataPlane === 'sidecar') return [namespaceOf(name, { 'istio-injection': 'enabled' })];
    const labels = { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'waypoint' };
    return [namespaceOf(name, labels), waypoint(name)];
  });
}

function namespaceOf(name: string, labels: Readonly<Record<string, string>>): Manifest {
  const metadata = Object.keys(labels).length === 0 ? { name } : { name, labels };
  return { apiVersion: 'v1', kind: 'Namespace', metadata };
}

function waypoint(namespace: string): Manifest {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'waypoint', namespace, labels: { 'istio.io/waypoint-for': 'service' } },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
    },
  };
}
