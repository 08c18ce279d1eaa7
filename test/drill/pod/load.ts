import { Agent as HttpAgent, request as sendHttp } from 'node:http';
import { Agent as HttpsAgent, request as sendHttps } from 'node:https';
import type { Outcome } from '../../../src/semantics/outcome.ts';
import type { Request } from '../../../src/semantics/request.ts';
import { type Answer, type Echo, echoHeader } from './answer.ts';
import type { Workload } from './configuration.ts';
import { type Fate, fateOf, queryOf, type Workloads } from './fate.ts';

/** A request that is sent again and again, and what happens to it on both sides. */
export interface Witness {
  readonly id: number;
  /** A waypoint is asked behind its tunnel, at a port of its own on loopback. */
  readonly at: 'sidecar' | 'gateway' | 'waypoint';
  readonly request: Request;
  readonly before: Outcome;
  readonly after: Outcome;
}

/** What came of one request. */
export interface Seen {
  readonly witness: number;
  readonly step: string;
  readonly fate: Fate;
  /** What a client got, where it is neither. */
  readonly got?: string;
}

/** Sends witnesses one after the other at an even pace, until it is told to stop. */
export class Load {
  readonly #say: (seen: Seen) => void;
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true, rejectUnauthorized: false });
  #timer: NodeJS.Timeout | undefined;
  #workloads: Workloads = new Map();
  #next = 0;
  #open = 0;
  step = '';

  constructor(say: (seen: Seen) => void) {
    this.#say = say;
  }

  get open(): number {
    return this.#open;
  }

  start(witnesses: readonly Witness[], perSecond: number, workloads: readonly Workload[]): void {
    this.stop();
    this.#workloads = new Map(workloads.map(workload => [workload.address, workload]));
    if (witnesses.length === 0 || perSecond <= 0) return;
    this.#timer = setInterval(() => {
      const witness = witnesses[this.#next % witnesses.length];
      this.#next += 1;
      if (witness !== undefined && this.#open < 100) void this.#send(witness);
    }, 1000 / perSecond);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #send({ id, at, request, before, after }: Witness): Promise<void> {
    const { step } = this;
    this.#open += 1;
    try {
      const answer = await this.#ask(request, at);
      const fate = fateOf(before, after, request, answer, this.#workloads);
      this.#say({
        witness: id,
        step,
        fate,
        ...(fate === 'neither' ? { got: wordsOf(answer, this.#workloads) } : {}),
      });
    } catch (error) {
      this.#say({ witness: id, step, fate: 'neither', got: (error as Error).message });
    } finally {
      this.#open -= 1;
    }
  }

  /** @param isFresh opens a connection for this request alone */
  #ask(request: Request, at: Witness['at'], isFresh = false): Promise<Answer> {
    const { scheme, host, port, method, path, headers } = request;
    const usual = port === (scheme === 'https' ? 443 : 80);
    const options = {
      host: '127.0.0.1',
      port: at === 'waypoint' ? 18_000 + port : port,
      method,
      path: `${path}${queryOf(request)}`,
      timeout: 10_000,
      headers: { host: usual ? host : `${host}:${port}`, ...headers },
    };
    return new Promise((resolve, reject) => {
      const receive = (response: import('node:http').IncomingMessage) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          if (body.length < 200) body += chunk.toString();
        });
        response.on('error', reject);
        response.on('end', () => {
          const { [echoHeader]: echo, ...others } = response.headers;
          resolve({
            status: response.statusCode ?? 0,
            headers: others,
            echo:
              typeof echo === 'string'
                ? (JSON.parse(Buffer.from(echo, 'base64').toString()) as Echo)
                : undefined,
            body,
          });
        });
      };
      const asking =
        scheme === 'https'
          ? sendHttps(
              {
                ...options,
                agent: isFresh ? false : this.#https,
                rejectUnauthorized: false,
                servername: host,
              },
              receive,
            )
          : sendHttp({ ...options, agent: isFresh ? false : this.#http }, receive);
      asking.on('timeout', () => asking.destroy(new Error('no answer in 10 seconds')));
      asking.on('error', (error: NodeJS.ErrnoException) => {
        // A proxy may close a connection while it is used again; clients send once more, as browsers do.
        if (asking.reusedSocket) resolve(this.#ask(request, at, true));
        else if (scheme === 'https' && error.code === 'ECONNRESET')
          resolve({ status: 0, headers: {}, echo: undefined, refused: true });
        else reject(error);
      });
      asking.end();
    });
  }
}

function wordsOf({ status, headers, echo, body = '', refused }: Answer, workloads: Workloads): string {
  if (refused === true) return 'no answer to the handshake';
  if (echo === undefined)
    return [
      `${status}`,
      ...(headers['location'] === undefined ? [] : [`to ${String(headers['location'])}`]),
      ...(body === '' ? [] : [`(${body})`]),
    ].join(' ');
  const { address, path, headers: arrived } = echo;
  const workload = workloads.get(address);
  const where = workload === undefined ? address : `${workload.namespace} ${JSON.stringify(workload.labels)}`;
  return `${status} from ${where} at ${path} for ${arrived[':authority'] ?? arrived['host'] ?? ''}`;
}
