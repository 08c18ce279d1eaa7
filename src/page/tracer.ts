import type { TraceAnswer, TraceOrder, TraceRequest } from './trace-messages.ts';
import { type TraceSource, traceObjects } from './trace-objects.ts';

/** Follows requests through the objects of a page. */
export interface Tracer {
  readonly trace: (request: TraceRequest) => Promise<TraceAnswer>;
}

/** Follows requests in a worker of its own, which is started for the first one. */
export class WorkerTracer implements Tracer {
  readonly #source: TraceSource;
  readonly #engine: () => string;
  #worker: Worker | undefined;

  /** @param engine the program of the worker */
  constructor(source: TraceSource, engine: () => string) {
    this.#source = source;
    this.#engine = engine;
  }

  trace(request: TraceRequest): Promise<TraceAnswer> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise(resolve => {
      worker.onmessage = ({ data }: MessageEvent<TraceAnswer>) => resolve(data);
      worker.onerror = event => resolve({ kind: 'failed', message: event.message });
      worker.postMessage({ kind: 'trace', request } satisfies TraceOrder);
    });
  }

  #start(): Worker {
    const worker = startWorker(this.#engine());
    worker.postMessage({ kind: 'objects', ...traceObjects(this.#source) } satisfies TraceOrder);
    return worker;
  }
}

/** Starts a worker by a program that is in the page, so that the page's policy counts in it, too. */
export function startWorker(program: string): Worker {
  return new Worker(URL.createObjectURL(new Blob([program], { type: 'text/javascript' })));
}
