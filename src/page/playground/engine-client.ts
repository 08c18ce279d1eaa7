import type { Options } from '../../options.ts';
import type { SourceFile } from '../../yaml/source.ts';
import type { TraceAnswer, TraceRequest } from '../trace-messages.ts';
import { startWorker, type Tracer } from '../tracer.ts';
import type { Answer, Converted, Order } from './messages.ts';

/** A conversion that takes longer gives way to a newer text, in milliseconds. */
const PATIENCE = 3000;

/** The answer to the page. */
export interface Listener {
  readonly onConverted: (converted: Converted) => void;
  readonly onFailed: (message: string) => void;
}

/** The engine in a worker, which has one order at a time; of texts that wait for it only the newest counts. */
export class EngineClient implements Tracer {
  readonly #program: () => string;
  readonly #listener: Listener;
  readonly #traces = new Map<number, (answer: TraceAnswer) => void>();
  #worker: Worker | undefined;
  #turn = 0;
  #running: number | undefined;
  #waiting: Omit<Extract<Order, { kind: 'convert' }>, 'kind' | 'turn'> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  /** @param program the text of the worker's program */
  constructor(program: () => string, listener: Listener) {
    this.#program = program;
    this.#listener = listener;
  }

  convert(files: readonly SourceFile[], options: Options): void {
    this.#waiting = { files, options };
    if (this.#running === undefined) this.#next();
    else this.#patience ??= setTimeout(() => this.#startAnew(), PATIENCE);
  }

  trace(request: TraceRequest): Promise<TraceAnswer> {
    return new Promise(resolve => {
      this.#turn += 1;
      this.#traces.set(this.#turn, resolve);
      this.#post({ kind: 'trace', turn: this.#turn, request });
    });
  }

  #next(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    const order = this.#waiting;
    this.#waiting = undefined;
    this.#running = undefined;
    if (order === undefined) return;
    this.#turn += 1;
    this.#running = this.#turn;
    this.#post({ kind: 'convert', turn: this.#turn, ...order });
  }

  #post(order: Order): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(order);
  }

  #start(): Worker {
    const worker = startWorker(this.#program());
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#hear(data);
    worker.onerror = event => {
      this.#startAnew();
      this.#listener.onFailed(event.message);
    };
    return worker;
  }

  #hear(answer: Answer): void {
    if (answer.kind === 'traced' || answer.turn !== this.#running) {
      const resolve = this.#traces.get(answer.turn);
      this.#traces.delete(answer.turn);
      if (answer.kind === 'traced') resolve?.(answer.answer);
      else if (answer.kind === 'failed') resolve?.({ kind: 'failed', message: answer.message });
      return;
    }
    this.#next();
    if (answer.kind === 'converted') this.#listener.onConverted(answer);
    else this.#listener.onFailed(answer.message);
  }

  /** Ends a conversion that takes too long, or a worker that failed. */
  #startAnew(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const resolve of this.#traces.values())
      resolve({ kind: 'failed', message: 'The text changed meanwhile.' });
    this.#traces.clear();
    this.#next();
  }
}
