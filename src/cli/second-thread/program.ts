// The program of the second thread, which helps to search large trees.
import { type MessagePort, workerData } from 'node:worker_threads';
import { relevantReader } from '../files/relevant-text.ts';
import type { FoundBelow, WalkSettings } from '../files/sharing.ts';
import { walkBelow } from '../files/walk.ts';
import { NOTHING, type ReadTask, type WalkAnswer, type WalkTask } from './message.ts';

const { port, answered }: { port: MessagePort; answered: Int32Array } = workerData;

port.on('message', (task: WalkTask | ReadTask) => {
  if (task.kind === 'walk') walk(task);
  else read(task);
});

function walk({ root, folders, settings, taken }: WalkTask): void {
  for (let index = folders.length - 1; index >= 0; index -= 1) {
    if (Atomics.compareExchange(taken, index, 0, 1) !== 0) return;
    const result = resultOf(root, folders[index] ?? root, settings);
    const answer: WalkAnswer = result === undefined ? { index } : { index, result };
    port.postMessage(answer);
    Atomics.add(answered, 0, 1);
    Atomics.notify(answered, 0);
  }
}

function resultOf(root: string, folder: string, settings: WalkSettings): FoundBelow | undefined {
  const beside: string[] = [];
  const leave = (): never => {
    throw new Error('left to the first thread');
  };
  try {
    const onBeside = (absolute: string): unknown => beside.push(absolute);
    return { found: walkBelow(root, folder, { settings, tracked: leave, onError: leave, onBeside }), beside };
  } catch {
    return undefined;
  }
}

function read({ files, front, verdicts }: ReadTask): void {
  const readIfRelevant = relevantReader();
  for (let index = files.length - 1; index > Atomics.load(front, 0); index -= 1) {
    try {
      if (readIfRelevant(files[index] ?? '') === undefined) Atomics.store(verdicts, index, NOTHING);
    } catch {
      // Whoever asked reads it, and tells of the fault.
    }
  }
}
