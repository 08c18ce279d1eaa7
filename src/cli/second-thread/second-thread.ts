import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { FoundBelow, SharedWalk, WalkSettings } from '../files/sharing.ts';
import { NOTHING, type ReadTask, type WalkAnswer, type WalkTask } from './message.ts';

/** A thread that searches a large tree from its other end. It is asked nothing that this thread could not do alone. */
export interface SecondThread {
  /**
   * Shares the search of folders.
   *
   * @param root absolute, around the folders
   */
  walk(root: string, folders: readonly string[], settings: WalkSettings): SharedWalk;
  /**
   * Has files read from the last one on.
   *
   * @param files absolute; regular files alone, since a pipe can be read once
   * @returns whether it is known by now that nothing in a file matters; to be asked in the order of the files
   */
  readAhead(files: readonly string[]): (index: number) => boolean;
  end(): void;
}

/** A thread that has not answered for so long, in milliseconds, has died, and its work is done here. */
const PATIENCE = 2_000;

const bundled = new URL('./second-thread.cjs', import.meta.url);

/** @returns undefined where threads would take turns, or where none may be started */
export function startSecondThread(program = bundled): SecondThread | undefined {
  if (availableParallelism() < 2) return undefined;
  const { port1: port, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const worker = threadOf(program, { port: port2, answered });
  if (worker === undefined) return undefined;
  // Whatever ended it: the first thread waits for nothing that it could not do itself.
  worker.on('error', () => undefined);
  worker.unref();
  port.unref();
  return {
    walk(root, folders, settings) {
      const taken = new Uint8Array(new SharedArrayBuffer(folders.length));
      const task: WalkTask = { kind: 'walk', root, folders, settings, taken };
      port.postMessage(task);
      const mine = new Set<number>();
      return {
        take(index) {
          const isFree = Atomics.compareExchange(taken, index, 0, 1) === 0;
          if (isFree) mine.add(index);
          return isFree;
        },
        results() {
          const open = new Set([...folders.keys()].filter(index => !mine.has(index)));
          const results = new Map<number, FoundBelow>();
          while (open.size > 0) {
            const before = Atomics.load(answered, 0);
            const received = receiveMessageOnPort(port);
            if (received === undefined) {
              if (Atomics.wait(answered, 0, before, PATIENCE) === 'timed-out') break;
              continue;
            }
            const { index, result }: WalkAnswer = received.message;
            open.delete(index);
            if (result !== undefined) results.set(index, result);
          }
          return results;
        },
      };
    },
    readAhead(files) {
      const front = new Int32Array(new SharedArrayBuffer(4));
      const verdicts = new Uint8Array(new SharedArrayBuffer(files.length));
      const task: ReadTask = { kind: 'read', files, front, verdicts };
      port.postMessage(task);
      return index => {
        Atomics.store(front, 0, index);
        return Atomics.load(verdicts, index) === NOTHING;
      };
    },
    end() {
      port.close();
      void worker.terminate();
    },
  };
}

function threadOf(
  program: URL,
  workerData: { readonly port: MessagePort; readonly answered: Int32Array },
): Worker | undefined {
  try {
    return new Worker(program, { workerData, transferList: [workerData.port], trackUnmanagedFds: false });
  } catch {
    // A sandbox may forbid threads; nothing is lost without one.
    return undefined;
  }
}
