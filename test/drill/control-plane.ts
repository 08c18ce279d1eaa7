import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Api } from './api.ts';
import type { Ports } from './ports.ts';
import { type Processes, type Running, untilReady } from './processes.ts';
import type { Programs } from './programs.ts';

/** etcd, the API server and istiod, all on loopback. */
export class ControlPlane {
  readonly api: Api;
  readonly kubeconfig: string;
  readonly ports: Ports;
  readonly #folder: string;
  readonly #programs: Programs;
  readonly #processes: Processes;
  readonly #token = randomBytes(16).toString('hex');
  readonly #users: readonly { readonly name: string; readonly token: string }[];
  #apiServer: Running | undefined;
  #istiod: Running | undefined;

  /** @param users who have only the rights that RBAC gives them; without any, everybody may do everything */
  constructor(
    folder: string,
    programs: Programs,
    processes: Processes,
    ports: Ports,
    users: readonly { readonly name: string }[] = [],
  ) {
    this.#folder = folder;
    this.#programs = programs;
    this.#processes = processes;
    this.ports = ports;
    this.#users = users.map(({ name }) => ({ name, token: randomBytes(16).toString('hex') }));
    this.api = new Api(ports.apiServer, this.#token);
    this.kubeconfig = join(folder, 'kubeconfig');
  }

  /** A certificate and its key that the API server made for itself; good enough for a gateway whose clients ask nothing. */
  get certificate(): { readonly crt: string; readonly key: string } {
    const read = (name: string) => readFileSync(join(this.#folder, 'certificates', name), 'utf8');
    return { crt: read('apiserver.crt'), key: read('apiserver.key') };
  }

  /** The kubeconfig of a user. */
  kubeconfigOf(user: string): string {
    return join(this.#folder, `kubeconfig-${user}`);
  }

  async startStore(): Promise<void> {
    this.#writeFiles();
    const { etcd, etcdPeer } = this.ports;
    const client = `http://127.0.0.1:${etcd}`;
    const peer = `http://127.0.0.1:${etcdPeer}`;
    const running = this.#processes.start(
      'etcd',
      [
        this.#programs.etcd,
        '--data-dir=etcd',
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        '--unsafe-no-fsync',
        '--log-level=error',
      ],
      { cwd: this.#folder },
    );
    await untilReady(running, () => answers(`${client}/health`));
  }

  async startApiServer(): Promise<void> {
    this.#apiServer = this.#processes.start(
      'kube-apiserver',
      [
        this.#programs.apiServer,
        `--etcd-servers=http://127.0.0.1:${this.ports.etcd}`,
        '--bind-address=127.0.0.1',
        '--advertise-address=10.0.0.1',
        `--secure-port=${this.ports.apiServer}`,
        '--cert-dir=certificates',
        '--token-auth-file=tokens.csv',
        `--authorization-mode=${this.#users.length === 0 ? 'AlwaysAllow' : 'RBAC'}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        '--service-account-key-file=accounts.pub',
        '--service-account-signing-key-file=accounts.key',
        '--disable-admission-plugins=ServiceAccount',
        '--service-cluster-ip-range=10.96.0.0/16',
        '--endpoint-reconciler-type=none',
      ],
      { cwd: this.#folder },
    );
    await untilReady(this.#apiServer, () => this.api.isReady());
  }

  async stopApiServer(): Promise<void> {
    if (this.#apiServer !== undefined) await this.#processes.stop(this.#apiServer, 'SIGKILL');
  }

  async startIstiod(): Promise<void> {
    const { istiodHttp, istiodGrpc, istiodSecure, istiodMonitoring } = this.ports;
    this.#istiod = this.#processes.start(
      'istiod',
      [
        this.#programs.istiod,
        'discovery',
        `--kubeconfig=${this.kubeconfig}`,
        '--meshConfig=mesh.yaml',
        `--httpAddr=127.0.0.1:${istiodHttp}`,
        '--httpsAddr=',
        `--grpcAddr=127.0.0.1:${istiodGrpc}`,
        `--secureGRPCAddr=127.0.0.1:${istiodSecure}`,
        `--monitoringAddr=127.0.0.1:${istiodMonitoring}`,
        '--ctrlz_port=0',
        '--shutdownDuration=0s',
        '--log_output_level=default:warn',
      ],
      {
        cwd: this.#folder,
        env: {
          POD_NAME: 'istiod',
          POD_NAMESPACE: 'istio-system',
          INJECT_ENABLED: 'true',
          PILOT_ENABLE_AMBIENT: 'true',
          // Filters that only Istio's own build of Envoy has.
          PILOT_ENABLE_METADATA_EXCHANGE: 'false',
          PILOT_ENABLE_ALPN_FILTER: 'false',
          VALIDATION_WEBHOOK_CONFIG_NAME: '',
          INJECTION_WEBHOOK_CONFIG_NAME: '',
        },
      },
    );
    await untilReady(this.#istiod, () => answers(`http://127.0.0.1:${istiodHttp}/ready`));
  }

  async stopIstiod(): Promise<void> {
    if (this.#istiod !== undefined) await this.#processes.stop(this.#istiod);
  }

  #writeFiles(): void {
    const write = (name: string, text: string) => writeFileSync(join(this.#folder, name), text);
    const tokens = this.#users.map(({ name, token }) => `${token},${name},${name}\n`);
    write('tokens.csv', `${this.#token},drill,drill,"system:masters"\n${tokens.join('')}`);
    for (const { name, token } of this.#users)
      writeFileSync(this.kubeconfigOf(name), JSON.stringify(kubeconfig(this.ports.apiServer, token)));
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    write('accounts.pub', publicKey);
    write('accounts.key', privateKey);
    write('kubeconfig', JSON.stringify(kubeconfig(this.ports.apiServer, this.#token)));
    write('mesh.yaml', JSON.stringify(meshConfig));
    const inject = join(this.#folder, 'var/lib/istio/inject');
    mkdirSync(inject, { recursive: true });
    const chart = join(this.#programs.istio, 'manifests/charts/istio-control/istio-discovery');
    const { _internal_defaults_do_not_set: values } = parse(
      readFileSync(join(chart, 'values.yaml'), 'utf8'),
    ) as { readonly _internal_defaults_do_not_set: unknown };
    const template = (name: string) => readFileSync(join(chart, 'files', `${name}.yaml`), 'utf8');
    writeFileSync(join(inject, 'values'), JSON.stringify(values));
    writeFileSync(
      join(inject, 'config'),
      JSON.stringify({
        policy: 'disabled',
        templates: { 'kube-gateway': template('kube-gateway'), waypoint: template('waypoint') },
      }),
    );
  }
}

/** Envoys of the drill have no certificates of their own, so that requests between pods go in plain text. */
const meshConfig = {
  enableAutoMtls: false,
  defaultConfig: { discoveryAddress: 'istiod.istio-system.svc:15012' },
};

function kubeconfig(port: number, token: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'drill',
    clusters: [
      { name: 'drill', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
    ],
    users: [{ name: 'drill', user: { token } }],
    contexts: [{ name: 'drill', context: { cluster: 'drill', user: 'drill' } }],
  };
}

/** @returns whether a URL on loopback is answered with 200 */
function answers(url: string): Promise<boolean> {
  return new Promise(resolve => {
    get(url, response => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}
