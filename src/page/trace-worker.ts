// The program that follows requests, in a worker of the report: the engine of vs2route over the objects of the page.
import type { TraceAnswer, TraceOrder } from './trace-messages.ts';
import { type Known, readObjects, traceIn } from './tracing.ts';

const state: { known?: Known } = {};

addEventListener('message', ({ data }: MessageEvent<TraceOrder>) => {
  try {
    if (data.kind === 'objects') state.known = readObjects(data);
    else if (state.known !== undefined) postMessage(traceIn(state.known, data.request));
  } catch (error) {
    postMessage({
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
    } satisfies TraceAnswer);
  }
});
