import type { PageIndex } from '../reporters/page/page-data.ts';
import { type Details, readReferences, unpackText } from './data.ts';
import type { TraceAnswer, TraceObject, TraceOrder } from './trace-messages.ts';

/** Follows requests in a worker, which is started for the first one. */
export class Tracer {
  readonly #index: PageIndex;
  readonly #details: Details;
  #worker: Worker | undefined;

  constructor(index: PageIndex, details: Details) {
    this.#index = index;
    this.#details = details;
  }

  trace(request: Extract<TraceOrder, { kind: 'trace' }>['request']): Promise<TraceAnswer> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise(resolve => {
      worker.onmessage = ({ data }: MessageEvent<TraceAnswer>) => resolve(data);
      worker.onerror = event => resolve({ kind: 'failed', message: event.message });
      worker.postMessage({ kind: 'trace', request } satisfies TraceOrder);
    });
  }

  #start(): Worker {
    const program = new Blob([unpackText('engine')], { type: 'text/javascript' });
    const worker = new Worker(URL.createObjectURL(program));
    const order: TraceOrder = { kind: 'objects', ...this.#objects(), options: this.#index.trace };
    worker.postMessage(order);
    return worker;
  }

  #objects(): { readonly before: readonly TraceObject[]; readonly after: readonly TraceObject[] } {
    const before: TraceObject[] = [];
    const after: TraceObject[] = [];
    for (const [position, { ns, file }] of this.#index.rows.entries()) {
      const detail = this.#details.at(position);
      if (detail === undefined) continue;
      const object = { yaml: detail.before, ns, file, first: detail.first };
      before.push(object);
      if (!detail.gone) after.push(object);
      if (detail.after !== '') after.push({ yaml: detail.after, ns, file: '', first: 1 });
    }
    const others = readReferences().map(({ yaml, ns }) => ({ yaml, ns, file: '', first: 1 }));
    return { before: [...before, ...others], after: [...after, ...others] };
  }
}
