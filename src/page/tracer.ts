import type { PageDetail, PageIndex, PageReference } from '../reporters/page/page-data.ts';
import type { TraceAnswer, TraceObject, TraceObjects, TraceOrder, TraceRequest } from './trace-messages.ts';

/** Follows requests through the objects of a page. */
export interface Tracer {
  readonly trace: (request: TraceRequest) => Promise<TraceAnswer>;
}

/** What a page holds for traces. */
export interface TraceSource {
  readonly index: PageIndex;
  /** @param position of an object in the list of all */
  readonly detailAt: (position: number) => PageDetail | undefined;
  readonly references: () => readonly PageReference[];
}

/** The objects of a page before the conversion and after it. */
export function traceObjects({ index, detailAt, references }: TraceSource): TraceObjects {
  const before: TraceObject[] = [];
  const after: TraceObject[] = [];
  for (const [position, { ns, file }] of index.rows.entries()) {
    const detail = detailAt(position);
    if (detail === undefined) continue;
    const object = { yaml: detail.before, ns, file, first: detail.first, home: file };
    before.push(object);
    if (!detail.gone) after.push(object);
    if (detail.after !== '') after.push({ yaml: detail.after, ns, file: '', first: 1, home: file });
  }
  const others = references().map(({ yaml, ns, file }) => ({ yaml, ns, file: '', first: 1, home: file }));
  return { before: [...before, ...others], after: [...after, ...others], options: index.trace };
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
