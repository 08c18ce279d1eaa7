import { request as send } from 'node:http';
import type { HeaderEffects } from '../../../src/semantics/header-effect.ts';
import type { Request } from '../../../src/semantics/request.ts';
import type { Verdict } from '../../envoy/verdict.ts';
import { configurationOf, listenerName } from './configuration.ts';
import { type Echo, startEcho } from './echo.ts';
import { startEnvoy } from './envoy-process.ts';
import { agreeing, type Sample } from './sample.ts';

/** What came of sending requests through an Envoy. */
export interface Checked {
  readonly tables: number;
  readonly requests: number;
  readonly faults: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Sends the requests of samples through a real Envoy, and holds what it does against what the evaluator says. */
export async function checkOnEnvoy(path: string, taken: readonly Sample[]): Promise<Checked> {
  const samples = agreeing(taken);
  const echo = await startEcho();
  try {
    const { json, addresses } = configurationOf(samples, echo.port);
    const envoy = await startEnvoy(path, json);
    try {
      const faults: string[] = [];
      let requests = 0;
      for (const [index, sample] of samples.entries()) {
        const port = envoy.ports.get(listenerName(index));
        if (port === undefined) throw new Error(`no listener for ${sample.name}`);
        for (const { request, verdict } of sample.requests) {
          requests += 1;
          const answer = await ask(port, request);
          const fault = faultOf(request, verdict, answer, addresses, sample.clusters);
          if (fault !== undefined)
            faults.push(
              `${sample.name}: ${request.method} ${request.path} ${JSON.stringify(request.headers)}: ${fault}`,
            );
        }
      }
      return { tables: samples.length, requests, faults };
    } finally {
      envoy.stop();
    }
  } finally {
    echo.close();
  }
}

function ask(port: number, { method, host, path, headers, queryParams }: Request): Promise<Answer> {
  const query = Object.entries(queryParams)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return new Promise((resolve, reject) => {
    const outgoing = send(
      {
        host: '127.0.0.1',
        port,
        method,
        path: query === '' ? path : `${path}?${query}`,
        headers: { ...headers, host },
      },
      response => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** @returns what is not as the evaluator says */
function faultOf(
  request: Request,
  verdict: Verdict,
  answer: Answer,
  addresses: ReadonlyMap<string, string>,
  known: Sample['clusters'],
): string | undefined {
  switch (verdict.kind) {
    case 'no-route':
      return answer.status === 404 ? undefined : `status ${answer.status} instead of 404`;
    case 'response':
      return answer.status === verdict.status
        ? undefined
        : `status ${answer.status} instead of ${verdict.status}`;
    case 'redirect':
      return redirectFault(request, verdict, answer);
    case 'forward':
      return forwardFault(request, verdict, answer, addresses, known);
  }
}

function redirectFault(
  { host, queryParams }: Request,
  verdict: Extract<Verdict, { readonly kind: 'redirect' }>,
  { status, headers }: Answer,
): string | undefined {
  if (status !== verdict.status) return `status ${status} instead of ${verdict.status}`;
  const query = Object.entries(queryParams).map(([name, value]) => `${name}=${value}`);
  const port = typeof verdict.port === 'number' ? `:${verdict.port}` : '';
  const expected = `${verdict.scheme}://${verdict.host ?? host}${port}${verdict.path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  return headers['location'] === expected
    ? undefined
    : `Location ${String(headers['location'])} instead of ${expected}`;
}

function forwardFault(
  request: Request,
  { clusters, path, missingStatus }: Extract<Verdict, { readonly kind: 'forward' }>,
  { status, body, headers }: Answer,
  addresses: ReadonlyMap<string, string>,
  known: Sample['clusters'],
): string | undefined {
  const isEmpty = clusters.some(({ cluster }) => known.get(cluster) === 'empty');
  if (status === 503 && isEmpty) return undefined;
  if (status === missingStatus)
    return clusters.some(({ exists }) => !exists) ? undefined : `status ${status}`;
  if (status !== 200) return `status ${status} instead of 200`;
  // HEAD has no body to look at, and an answer to CONNECT is none.
  if (body === '') return undefined;
  const echo = JSON.parse(body) as Echo;
  const chosen = clusters.find(({ cluster }) => addresses.get(cluster) === echo.address);
  if (chosen === undefined)
    return `sent to ${echo.address} instead of ${clusters.map(({ cluster }) => cluster).join()}`;
  const [seen = ''] = echo.path.split('?');
  if (seen !== path) return `path ${seen} instead of ${path}`;
  const authority = chosen.authority ?? request.host;
  if (echo.headers['host'] !== authority) return `host ${echo.headers['host']} instead of ${authority}`;
  return (
    headerFault('request', chosen.requestHeaders, request.headers, echo.headers) ??
    headerFault('response', chosen.responseHeaders, {}, headers)
  );
}

/** What Envoy and Node write themselves. */
const theirOwn = new Set(['server', 'date', 'content-type', 'x-request-id']);

function headerFault(
  direction: string,
  effects: HeaderEffects,
  before: Readonly<Record<string, string>>,
  after: Answer['headers'],
): string | undefined {
  for (const [name, { keep, values }] of Object.entries(effects)) {
    // What stands between per cent signs is filled in by Envoy.
    if (theirOwn.has(name) || values.some(value => value.includes('%'))) continue;
    const own = keep && before[name] !== undefined ? [before[name]] : [];
    const expected = [...own, ...values].join(',');
    const found = [after[name] ?? ''].flat().join(',').replaceAll(', ', ',');
    if (found !== expected) return `${direction} header ${name}: ${found} instead of ${expected}`;
  }
  return undefined;
}
