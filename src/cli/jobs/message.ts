import type { LotWork } from '../../7-settle/shared-lots.ts';
import type { Options } from '../../options.ts';
import type { SourceFile } from '../../yaml/source.ts';

/** Everything that a conversion depends on, as the threads of it share it. */
export interface Task {
  readonly files: readonly SourceFile[];
  readonly facts: readonly SourceFile[];
  readonly options: Options;
  readonly beside: readonly SourceFile[];
  readonly examples: number;
  /** How many lots were taken so far, of all threads: the next one to take. Four bytes. */
  readonly taken: SharedArrayBuffer;
}

/** The answer of a thread for a lot that it took. */
export interface Answer {
  readonly number: number;
  /** Absent where the lot has to be converted by whoever asked. */
  readonly work?: LotWork;
}

/** @returns a function that takes the next lot, which no other thread gets then; undefined where none is left */
export function taking({ taken }: Task, numbers: readonly number[]): () => number | undefined {
  const counter = new Int32Array(taken);
  return () => numbers[Atomics.add(counter, 0, 1)];
}
