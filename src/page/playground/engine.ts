// The program of the playground's worker: it converts what is typed, by a session of the engine, and traces requests.
import { printResources } from '../../6-emit/print.ts';
import type { Conversion } from '../../conversion.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Options } from '../../options.ts';
import { countRequests } from '../../print/count.ts';
import { readResources } from '../../read-resources.ts';
import { countFates } from '../../reporters/page/charts.ts';
import { titleOf } from '../../reporters/page/head.ts';
import { type ReportData, reportData } from '../../reporters/page/report-data.ts';
import { createSession, type Session } from '../../session.ts';
import type { TraceAnswer, TraceRequest } from '../trace-messages.ts';
import { traceObjects } from '../trace-objects.ts';
import { type Known, readObjects, traceIn } from '../tracing.ts';
import type { Answer, Mark, Order } from './messages.ts';

/** How many of the requests that prove a VirtualService the page shows. */
const REQUESTS_SHOWN = 24;

interface Held {
  readonly options: string;
  readonly session: Session;
  readonly paths: ReadonlySet<string>;
  /** The state of the last conversion. */
  readonly data?: () => ReportData;
  readonly known?: Known;
}

const state: { held?: Held } = {};

addEventListener('message', ({ data }: MessageEvent<Order>) => postMessage(answerTo(data)));

function answerTo(order: Order): Answer {
  const { turn } = order;
  try {
    return order.kind === 'convert'
      ? converted(order)
      : { kind: 'traced', turn, answer: traced(order.request) };
  } catch (error) {
    return { kind: 'failed', turn, message: error instanceof Error ? error.message : String(error) };
  }
}

function converted({ turn, files, options }: Extract<Order, { kind: 'convert' }>): Answer {
  const start = performance.now();
  const { session, paths } = sessionFor(options);
  const now = new Set(files.map(({ path }) => path));
  for (const path of paths) if (!now.has(path)) session.update(path, undefined);
  for (const { path, text } of files) session.update(path, text);
  const conversion = session.conversion();
  const read = readResources(files, options.namespace, () => undefined);
  const data = reportData(conversion, { options, read });
  state.held = { options: JSON.stringify(options), session, paths: now, data: () => data };
  const own = conversion.resources.filter(({ resource }) => resource.type === 'istio.VirtualService');
  return {
    kind: 'converted',
    turn,
    files,
    index: data.index,
    details: data.details,
    routes: routesOf(conversion),
    marks: conversion.diagnostics.map(markOf),
    title: titleOf(own),
    counts: countFates(own),
    ...countRequests(conversion.resources),
    milliseconds: performance.now() - start,
  };
}

/** Other options ask for another session. */
function sessionFor(options: Options): Held {
  const key = JSON.stringify(options);
  const { held } = state;
  if (held?.options === key) return held;
  return { options: key, session: createSession(options, [], REQUESTS_SHOWN), paths: new Set() };
}

function routesOf({ outputs }: Conversion): string {
  return outputs.length === 0 ? '' : printResources(outputs.map(({ resource }) => resource));
}

function markOf({ code, severity, message, remedy, location }: Diagnostic): Mark {
  const { start, end } = location.range;
  return { path: location.file, from: start, to: end, severity, code, message, remedy };
}

function traced(request: TraceRequest): TraceAnswer {
  const { held } = state;
  if (held?.data === undefined) return { kind: 'failed', message: 'Nothing is converted yet.' };
  const { index, details, references } = held.data();
  const known =
    held.known ??
    readObjects(
      traceObjects({ index, detailAt: position => details[position], references: () => references }),
    );
  state.held = { ...held, known };
  return traceIn(known, request);
}
