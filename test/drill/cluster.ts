import type { Http2Server } from 'node:http2';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arguments } from './arguments.ts';
import type { PodProxy } from './bootstrap.ts';
import { ControlPlane } from './control-plane.ts';
import { Controllers } from './controllers.ts';
import { crdFiles, neighbourCrds } from './crds.ts';
import { Failure } from './failure.ts';
import { startForwarder } from './forwarder.ts';
import { Shell } from './kubectl.ts';
import { plainEnvoyFilter } from './plain-envoy.ts';
import { Pod, type PodSurroundings } from './pods.ts';
import { findPorts } from './ports.ts';
import type { Processes } from './processes.ts';
import type { Programs } from './programs.ts';
import { startSecrets } from './secrets.ts';

/** A running control plane, with the controllers that it lacks, and pods. */
export class Cluster {
  readonly controlPlane: ControlPlane;
  readonly controllers: Controllers;
  readonly shell: Shell;
  readonly #around: PodSurroundings;
  readonly #programs: Programs;
  readonly #forwarders: (Server | Http2Server)[] = [];
  readonly sidecars = new Map<string, Pod>();
  readonly gateways = new Map<string, Pod>();
  readonly waypoints = new Map<string, Pod>();

  private constructor(
    controlPlane: ControlPlane,
    shell: Shell,
    programs: Programs,
    around: Omit<PodSurroundings, 'workloads'>,
  ) {
    this.controlPlane = controlPlane;
    this.shell = shell;
    this.#programs = programs;
    this.#around = { ...around, workloads: () => this.controllers.workloads };
    this.controllers = new Controllers(
      controlPlane.api,
      proxy => this.#startGateway(proxy),
      proxy => this.#stopGateway(proxy),
    );
  }

  /** Starts the control plane, and gives it the CRDs. */
  static async start(
    folder: string,
    programs: Programs,
    processes: Processes,
    { port }: Arguments,
    seen: PodSurroundings['seen'],
  ): Promise<Cluster> {
    const controlPlane = new ControlPlane(folder, programs, processes, await findPorts(port));
    await controlPlane.startStore();
    await controlPlane.startApiServer();
    const shell = new Shell(folder, programs.kubectl, controlPlane.kubeconfig, folder);
    const sockets = {
      plain: join(folder, 'plain.sock'),
      secure: join(folder, 'secure.sock'),
      secrets: join(folder, 'secrets.sock'),
    };
    const around = { folder, processes, envoy: programs.envoy, sockets, seen };
    const cluster = new Cluster(controlPlane, shell, programs, around);
    await cluster.useCrds('1.6.3', 'standard');
    await shell.must('kubectl create -f -', neighbourCrds);
    for (const namespace of ['istio-system', 'argocd', 'elsewhere'])
      await shell.must(`kubectl create namespace ${namespace}`);
    await controlPlane.startIstiod();
    const { istiodGrpc, istiodSecure } = controlPlane.ports;
    cluster.#forwarders.push(await startForwarder(sockets.plain, istiodGrpc));
    cluster.#forwarders.push(await startForwarder(sockets.secure, istiodSecure));
    cluster.#forwarders.push(await startSecrets(sockets.secrets, controlPlane.certificate));
    return cluster;
  }

  /** Installs the CRDs of a release of the Gateway API, in place of those that are there. */
  async useCrds(version: string, channel: string): Promise<void> {
    const files = crdFiles(this.#programs, version, channel).map(file => `-f ${file}`);
    await this.shell.must(`kubectl apply --server-side --force-conflicts ${files.join(' ')}`);
    await this.shell.must('kubectl wait --for=condition=Established --timeout=60s crd --all');
  }

  /** Starts a client with a sidecar in a namespace, unless there is one. */
  startSidecar(namespace: string): Pod {
    const known = this.sidecars.get(namespace);
    if (known !== undefined) return known;
    const address = `10.245.0.${this.sidecars.size + 1}`;
    const proxy: PodProxy = {
      kind: 'sidecar',
      name: 'client',
      namespace,
      account: 'default',
      address,
      labels: { app: 'client' },
    };
    const pod = new Pod(proxy, undefined, this.#around);
    this.sidecars.set(namespace, pod);
    return pod;
  }

  /** @throws Failure when something that has to be there does not come */
  async until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) {
      for (const pod of [...this.sidecars.values(), ...this.gateways.values()]) pod.check();
      if (await isSo()) return;
    }
    throw new Failure(
      'not-started',
      `${what} did not come in ${seconds} seconds; ${this.controllers.lastError}`,
    );
  }

  async #startGateway(proxy: PodProxy): Promise<void> {
    const { namespace, account } = proxy;
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await this.controlPlane.api.apply(`${path}/${account}`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: account, namespace },
    });
    const { status } = (await this.controlPlane.api.create(`${path}/${account}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { audiences: ['istio-ca'], expirationSeconds: 7200 },
    })) as { readonly status: { readonly token: string } };
    if (proxy.kind === 'waypoint') {
      await this.shell.must('kubectl apply -f -', plainEnvoyFilter(namespace));
      const services = await this.#servicesIn(namespace);
      this.waypoints.set(namespace, new Pod({ ...proxy, services }, status.token, this.#around));
    } else this.gateways.set(proxy.name, new Pod(proxy, status.token, this.#around));
  }

  /** Each port of a Service has one on loopback, at which its waypoint is asked. */
  async #servicesIn(namespace: string): Promise<NonNullable<PodProxy['services']>> {
    const services = await this.controlPlane.api.list(`/api/v1/namespaces/${namespace}/services`);
    return services.flatMap(({ spec = {} }) => {
      const { clusterIP = '', ports = [] } = spec as {
        readonly clusterIP?: string;
        readonly ports?: readonly { readonly port: number }[];
      };
      return ports.map(({ port }) => ({ address: `${clusterIP}:${port}`, port: 18_000 + port }));
    });
  }

  async #stopGateway(proxy: PodProxy): Promise<void> {
    const pod = this.gateways.get(proxy.name);
    this.gateways.delete(proxy.name);
    await pod?.stop();
  }

  close(): void {
    this.controllers.stop();
    for (const forwarder of this.#forwarders) forwarder.close();
    this.controlPlane.api.close();
  }
}
