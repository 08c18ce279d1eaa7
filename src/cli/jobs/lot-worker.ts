// The program of the other threads of a conversion: reads the same texts, and converts lots until none is left.
import { parentPort, workerData } from 'node:worker_threads';
import { begin } from '../../convert.ts';
import { readOne } from '../../read-resources.ts';
import { type Answer, type Task, taking } from './message.ts';

const task: Task = workerData;
const { files, facts, options, beside, examples } = task;
const kept = { read: readOne, memory: new Map() };
const { lots, numbers } = begin(files, facts, options, () => undefined, beside, kept, examples);
const next = taking(task, numbers);
for (let number = next(); number !== undefined; number = next()) {
  const found = { number };
  let answer: Answer = found;
  try {
    const work = lots?.workOn(number);
    if (work !== undefined) answer = { number, work };
  } catch {
    // Whoever asked converts the lot, and meets the same fault.
  }
  parentPort?.postMessage(answer);
}
