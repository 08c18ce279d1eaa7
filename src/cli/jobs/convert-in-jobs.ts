import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Conversion } from '../../conversion.ts';
import { begin } from '../../convert.ts';
import { readOne } from '../../read-resources.ts';
import { type Answer, type Task, taking } from './message.ts';

/** The program of the other threads. */
const program = new URL('./lot-worker.js', import.meta.url);

/**
 * So many objects of lots that take long are worth a second thread, which reads all texts anew and starts cold: about 20,000
 * VirtualServices. With 13,000 objects the first of two threads has a third less to do, and both take a quarter more CPU time.
 */
const WORTH = 50_000;

/**
 * With fewer processors, two may be one core by turns: then two threads gained between nothing and a tenth of the time, for a quarter
 * to a half more CPU time.
 */
const MANY_PROCESSORS = 4;

/**
 * Converts in several threads: each reads all texts by itself, since objects cannot be shared, and takes one lot after the other.
 * Results come back as data, and what comes of them has the same bytes as the conversion in one thread. A lot that
 * a thread fails at is converted here, so that nothing is lost and a fault is told as ever. A cluster that stays in
 * one piece is converted in one thread, and so are lots that are alike.
 *
 * @param jobs how many threads convert, this one included; where nobody says, two for large inputs on four processors or more
 * @param progress hears now and then how much of the work is done
 */
export async function convertInJobs(
  jobs: number | undefined,
  { files, facts, options, beside, examples }: Omit<Task, 'taken'>,
  progress: (done: number, total: number) => void,
): Promise<Conversion> {
  const kept = { read: readOne, memory: new Map() };
  const { lots, numbers, finish } = begin(files, facts, options, progress, beside, kept, examples);
  if (lots === undefined) return finish().conversion;
  const isWorthIt = lots.sizeOf(numbers) >= WORTH && availableParallelism() >= MANY_PROCESSORS;
  // One lot is for this thread.
  const others = Math.min(jobs ?? (isWorthIt ? 2 : 1), numbers.length) - 1;
  if (others < 1) return finish().conversion;
  const task: Task = { files, facts, options, beside, examples, taken: new SharedArrayBuffer(4) };
  const answers: Answer[] = [];
  let hear = (): void => undefined;
  let working = others;
  const workers = Array.from({ length: others }, () => {
    const worker = new Worker(program, { workerData: task });
    worker.on('message', (answer: Answer) => {
      answers.push(answer);
      hear();
    });
    // Whatever ended it: what it took and did not answer is converted here.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      working -= 1;
      hear();
    });
    return worker;
  });
  try {
    const open = new Set(numbers);
    const next = taking(task, numbers);
    for (let number = next(); number !== undefined; number = next()) {
      lots.convert(number);
      open.delete(number);
    }
    await new Promise<void>(resolve => {
      hear = () => {
        for (const { number, work } of answers.splice(0)) {
          open.delete(number);
          if (work !== undefined) lots.take(number, work);
        }
        if (open.size === 0 || working === 0) resolve();
      };
      hear();
    });
    return finish().conversion;
  } finally {
    for (const worker of workers) void worker.terminate();
  }
}
