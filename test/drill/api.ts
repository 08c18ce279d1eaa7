import { Agent, request } from 'node:https';

/** An object as the API server has it. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** The API server, for what controllers do; what people do goes by kubectl. */
export class Api {
  readonly #port: number;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  constructor(port: number, token: string) {
    this.#port = port;
    this.#token = token;
  }

  async isReady(): Promise<boolean> {
    try {
      return (await this.#ask('GET', '/readyz')).status === 200;
    } catch {
      return false;
    }
  }

  /** @param path such as `/api/v1/pods` */
  async list(path: string): Promise<readonly KubeObject[]> {
    const { status, body } = await this.#ask('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body}`);
    return (JSON.parse(body) as { readonly items: readonly KubeObject[] }).items;
  }

  /** Writes an object, whether it is there or not. */
  async apply(path: string, object: KubeObject): Promise<void> {
    await this.#write(
      'PATCH',
      `${path}?fieldManager=drill&force=true`,
      object,
      'application/apply-patch+yaml',
    );
  }

  /** @param path ends with `/status` where that is what changes */
  async merge(path: string, change: object): Promise<void> {
    await this.#write('PATCH', path, change, 'application/merge-patch+json');
  }

  async create(path: string, object: object): Promise<unknown> {
    return JSON.parse(await this.#write('POST', path, object, 'application/json'));
  }

  async delete(path: string): Promise<void> {
    await this.#ask('DELETE', path, JSON.stringify({ gracePeriodSeconds: 0 }), 'application/json');
  }

  close(): void {
    this.#agent.destroy();
  }

  async #write(method: string, path: string, object: object, type: string): Promise<string> {
    const { status, body } = await this.#ask(method, path, JSON.stringify(object), type);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${body}`);
    return body;
  }

  #ask(
    method: string,
    path: string,
    body?: string,
    type?: string,
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const asking = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          method,
          path,
          agent: this.#agent,
          timeout: 10_000,
          headers: {
            authorization: `Bearer ${this.#token}`,
            ...(type === undefined ? {} : { 'content-type': type }),
          },
        },
        response => {
          let said = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            said += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: said }));
          response.on('error', reject);
        },
      );
      asking.on('timeout', () => asking.destroy(new Error(`${method} ${path}: no answer in 10 seconds`)));
      asking.on('error', reject);
      asking.end(body);
    });
  }
}
