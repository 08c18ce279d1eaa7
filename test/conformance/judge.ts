import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ProxyAnswer } from '../envoy/proxy-answer.ts';

/** A proxy to look at, as `test/istiod` asks for it. */
export interface ProxyRequest {
  readonly id: string;
  readonly kind: 'sidecar' | 'waypoint' | 'gateway';
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a waypoint: its Gateway. */
  readonly name?: string;
  /** Of a gateway proxy: its Gateway of the Gateway API. */
  readonly gateway?: string;
}

export interface RoutesAnswer {
  readonly proxies: Readonly<Record<string, ProxyAnswer>>;
  readonly rejected: readonly Rejection[];
  readonly ignored?: readonly (Identity & { readonly reason: string })[];
  readonly statuses: readonly unknown[];
  /** What clusters are set to. */
  readonly settings?: readonly unknown[];
  /** Who stands behind clusters. */
  readonly endpoints?: readonly (readonly string[])[];
}

export interface Identity {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface Rejection extends Identity {
  readonly by: 'schema' | 'istio';
  readonly errors: readonly string[];
}

export interface AdmitAnswer {
  readonly objects: readonly (Identity & { readonly errors: readonly string[] })[];
  /** All objects as they would be stored: YAML. */
  readonly defaulted: string;
}

/** A schema of a CRD, as the API server has it. */
export interface CrdSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly additionalProperties?: CrdSchema;
  readonly items?: CrdSchema;
  readonly oneOf?: readonly CrdSchema[];
  readonly anyOf?: readonly CrdSchema[];
  readonly not?: CrdSchema;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message?: string }[];
}

export interface CrdsAnswer {
  readonly definitions: readonly {
    readonly spec: {
      readonly group: string;
      readonly names: { readonly kind: string };
      readonly versions: readonly {
        readonly name: string;
        readonly served: boolean;
        readonly schema: { readonly openAPIV3Schema: CrdSchema };
      }[];
    };
  }[];
  /** The syntax trees of all CEL rules, by their text. */
  readonly rules: Readonly<Record<string, unknown>>;
}

export interface VersionsAnswer {
  readonly istio: string;
  readonly gatewayApiTypes: string;
  readonly gatewayApi: Readonly<Record<string, string>>;
}

/** The Gateway API CRDs that a cluster has. */
export interface Bundle {
  readonly gatewayApi: string;
  readonly channel: string;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** istiod's code and the CRDs in a process of their own; questions may be asked while others are open. */
export class Judge {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #said = '';

  constructor(binary: string) {
    this.#process = spawn(binary, { stdio: 'pipe' });
    this.#process.stderr.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-4000);
    });
    createInterface({ input: this.#process.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', line =>
      this.#receive(line),
    );
    this.#process.on('exit', code => this.#fail(new Error(`test/istiod ended with ${code}: ${this.#said}`)));
    this.#process.on('error', error => this.#fail(error));
  }

  /** What proxies are sent for manifests. */
  routes(manifests: string, proxies: readonly ProxyRequest[], bundle: Bundle): Promise<RoutesAnswer> {
    return this.#ask<RoutesAnswer>({ op: 'routes', manifests, proxies, settings: true, ...bundle });
  }

  /** The same, with who stands behind clusters: the Pods of the manifests that Services select. */
  routesAndEndpoints(
    manifests: string,
    proxies: readonly ProxyRequest[],
    bundle: Bundle,
  ): Promise<RoutesAnswer> {
    const what = { settings: true, endpoints: true };
    return this.#ask<RoutesAnswer>({ op: 'routes', manifests, proxies, ...what, ...bundle });
  }

  /** Whether an API server takes manifests. */
  admit(manifests: string, bundle: Bundle): Promise<AdmitAnswer> {
    return this.#ask<AdmitAnswer>({ op: 'admit', manifests, ...bundle });
  }

  /** The CRDs themselves. */
  crds(bundle: Bundle): Promise<CrdsAnswer> {
    return this.#ask<CrdsAnswer>({ op: 'crds', ...bundle });
  }

  versions(): Promise<VersionsAnswer> {
    return this.#ask<VersionsAnswer>({ op: 'versions' });
  }

  close(): void {
    this.#process.removeAllListeners('exit');
    this.#process.stdin.end();
    this.#process.kill();
  }

  #ask<Answer>(question: Readonly<Record<string, unknown>>): Promise<Answer> {
    const id = this.#next++;
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve: answer => resolve(answer as Answer), reject });
      this.#process.stdin.write(`${JSON.stringify({ id, ...question })}\n`);
    });
  }

  #receive(line: string): void {
    const answer = JSON.parse(line) as { readonly id: number; readonly error?: string };
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(answer.error));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
