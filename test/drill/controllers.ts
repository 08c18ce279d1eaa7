import type { Api, KubeObject } from './api.ts';
import type { PodProxy } from './bootstrap.ts';
import type { Workload } from './pod/configuration.ts';

type Labels = Readonly<Record<string, string>>;

interface PodPort {
  readonly name?: string;
  readonly containerPort: number;
}

interface Template {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec?: {
    readonly containers?: readonly { readonly ports?: readonly PodPort[] }[];
    readonly serviceAccountName?: string;
  };
}

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly selector?: Labels;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort?: number | string;
    readonly appProtocol?: string;
    readonly protocol?: string;
  }[];
}

/** A pod that the drill made for a Deployment or a Rollout. */
interface MadePod {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  readonly labels: Labels;
  readonly account: string;
}

/**
 * What the controllers and kubelets of a cluster do, as far as the drill needs them: a pod for each Deployment and Rollout,
 * EndpointSlices for Services, an address for each Service of type LoadBalancer, a proxy in each pod of a gateway.
 */
export class Controllers {
  readonly #api: Api;
  readonly #startGateway: (proxy: PodProxy) => Promise<void>;
  readonly #stopGateway: (proxy: PodProxy) => Promise<void>;
  readonly #pods = new Map<string, MadePod>();
  readonly #gateways = new Map<string, PodProxy>();
  readonly #slices = new Map<string, string>();
  readonly #addressed = new Set<string>();
  #nextAddress = 10;
  #timer: NodeJS.Timeout | undefined;
  #working = false;
  #lastError = '';

  constructor(
    api: Api,
    startGateway: (proxy: PodProxy) => Promise<void>,
    stopGateway: (proxy: PodProxy) => Promise<void>,
  ) {
    this.#api = api;
    this.#startGateway = startGateway;
    this.#stopGateway = stopGateway;
  }

  get lastError(): string {
    return this.#lastError;
  }

  get workloads(): readonly Workload[] {
    return [
      ...[...this.#pods.values()].map(({ address, namespace, labels }) => ({ address, namespace, labels })),
      { address: '203.0.113.10', namespace: 'payments', labels: {}, host: 'api.provider.example' },
    ];
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (this.#working) return;
      this.#working = true;
      this.reconcile()
        // The API server may be away; the next round tries again, as controllers do.
        .catch((error: Error) => {
          this.#lastError = error.message;
        })
        .finally(() => {
          this.#working = false;
        });
    }, 300);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async reconcile(): Promise<void> {
    const [deployments, rollouts, services] = await Promise.all([
      this.#api.list('/apis/apps/v1/deployments'),
      this.#api.list('/apis/argoproj.io/v1alpha1/rollouts'),
      this.#api.list('/api/v1/services'),
    ]);
    await this.#reconcilePods([...deployments, ...rollouts]);
    for (const service of services) await this.#reconcileService(service);
    const known = new Set(services.map(keyOf));
    for (const key of this.#slices.keys()) {
      if (known.has(key)) continue;
      const [namespace = '', name = ''] = key.split('/');
      await this.#api.delete(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices/${name}`);
      this.#slices.delete(key);
    }
  }

  async #reconcilePods(owners: readonly KubeObject[]): Promise<void> {
    const wanted = new Map(owners.map(owner => [keyOf(owner), owner]));
    for (const [key, owner] of wanted) if (!this.#pods.has(key)) await this.#makePod(key, owner);
    for (const [key, { namespace, name }] of this.#pods) {
      if (wanted.has(key)) continue;
      this.#pods.delete(key);
      await this.#api.delete(`/api/v1/namespaces/${namespace}/pods/${name}`);
      const gateway = this.#gateways.get(key);
      this.#gateways.delete(key);
      if (gateway !== undefined) await this.#stopGateway(gateway);
    }
  }

  async #makePod(key: string, owner: KubeObject): Promise<void> {
    const { template = {} } = (owner.spec ?? {}) as { readonly template?: Template };
    const labels = template.metadata?.labels ?? {};
    const namespace = owner.metadata.namespace ?? '';
    const name = `${owner.metadata.name}-0`;
    const account = template.spec?.serviceAccountName ?? 'default';
    const address = `10.244.0.${this.#nextAddress}`;
    this.#nextAddress += 1;
    const ports = (template.spec?.containers ?? []).flatMap(container => container.ports ?? []);
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    await this.#api.apply(path, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: {
        nodeName: 'drill',
        serviceAccountName: account,
        containers: [
          { name: 'app', image: 'none', ports: ports.map(({ containerPort }) => ({ containerPort })) },
        ],
      },
    });
    const pod = { name, namespace, address, labels, account };
    const isGateway =
      labels['istio'] === 'ingressgateway' || 'gateway.networking.k8s.io/gateway-name' in labels;
    const isWaypoint = labels['gateway.networking.k8s.io/gateway-class-name'] === 'istio-waypoint';
    await this.#api.merge(`${path}/status`, {
      status: {
        phase: 'Running',
        podIP: address,
        podIPs: [{ ip: address }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    });
    this.#pods.set(key, pod);
    if (isGateway) {
      const kind = isWaypoint ? 'waypoint' : 'router';
      const proxy: PodProxy = { kind, name, namespace, account, address, labels };
      this.#gateways.set(key, proxy);
      await this.#startGateway(proxy);
    }
  }

  async #reconcileService(service: KubeObject): Promise<void> {
    const key = keyOf(service);
    const { name, namespace = '' } = service.metadata;
    const { type, selector, ports = [] } = (service.spec ?? {}) as ServiceSpec;
    if (type === 'LoadBalancer' && !this.#addressed.has(key)) {
      const ingress = [{ ip: `10.200.0.${this.#addressed.size + 1}` }];
      await this.#api.merge(`/api/v1/namespaces/${namespace}/services/${name}/status`, {
        status: { loadBalancer: { ingress } },
      });
      this.#addressed.add(key);
    }
    if (selector === undefined || Object.keys(selector).length === 0) return;
    const chosen = [...this.#pods.values()].filter(
      pod =>
        pod.namespace === namespace &&
        Object.entries(selector).every(([label, value]) => pod.labels[label] === value),
    );
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: ports.map(({ name: portName = '', port, targetPort = port, appProtocol, protocol = 'TCP' }) => ({
        name: portName,
        port: Number(targetPort),
        protocol,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      })),
      endpoints: chosen.map(pod => ({
        addresses: [pod.address],
        conditions: { ready: true },
        nodeName: 'drill',
        targetRef: { kind: 'Pod', name: pod.name, namespace },
      })),
    };
    const text = JSON.stringify(slice);
    if (this.#slices.get(key) === text) return;
    await this.#api.apply(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices/${name}`, slice);
    this.#slices.set(key, text);
  }
}

function keyOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}
