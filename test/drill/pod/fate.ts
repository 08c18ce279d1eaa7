import type { HeaderEffects } from '../../../src/semantics/header-effect.ts';
import type { Outcome } from '../../../src/semantics/outcome.ts';
import type { Request } from '../../../src/semantics/request.ts';
import type { Answer, Echo } from './answer.ts';
import type { Workload } from './configuration.ts';

/** Who answers, by address. */
export type Workloads = ReadonlyMap<string, Workload>;

/** `same`: it is both what it was before and what it will be. */
export type Fate = 'same' | 'before' | 'after' | 'neither';

/** @returns which of two outcomes an answer shows */
export function fateOf(
  before: Outcome,
  after: Outcome,
  request: Request,
  answer: Answer,
  workloads: Workloads,
): Fate {
  const isBefore = shows(before, request, answer, workloads);
  const isAfter = shows(after, request, answer, workloads);
  if (isBefore && isAfter) return 'same';
  if (isBefore) return 'before';
  return isAfter ? 'after' : 'neither';
}

/** Whether an answer is one that an outcome can give; of several destinations it shows one. */
export function shows(outcome: Outcome, request: Request, answer: Answer, workloads: Workloads): boolean {
  switch (outcome.kind) {
    case 'no-route':
      return answer.echo === undefined && (answer.status === 404 || answer.refused === true);
    case 'response':
      return answer.echo === undefined && answer.status === outcome.status;
    case 'redirect':
      return (
        answer.echo === undefined &&
        answer.status === outcome.status &&
        answer.headers['location'] === locationOf(outcome, request)
      );
    case 'forward':
      return showsForward(outcome, request, answer, workloads);
    case 'unknown':
      return false;
  }
}

function locationOf(
  { scheme, host, port, path }: Extract<Outcome, { kind: 'redirect' }>,
  request: Request,
): string {
  const query = queryOf(request);
  const own = scheme ?? request.scheme;
  // Envoy leaves the usual port of the scheme out, and keeps that of the request where nothing is said of it.
  const usual = own === 'https' ? 443 : 80;
  const kept =
    port === 'keep' && host === undefined && request.port !== (request.scheme === 'https' ? 443 : 80);
  const number = typeof port === 'number' ? port : kept ? request.port : usual;
  return `${own}://${host ?? request.host}${number === usual ? '' : `:${number}`}${path}${query}`;
}

/** @returns the query of a request, with its question mark */
export function queryOf({ queryParams }: Request): string {
  const query = Object.entries(queryParams).map(([name, value]) => `${name}=${value}`);
  return query.length === 0 ? '' : `?${query.join('&')}`;
}

function showsForward(
  { destinations, path, fault }: Extract<Outcome, { kind: 'forward' }>,
  request: Request,
  { status, headers, echo }: Answer,
  workloads: Workloads,
): boolean {
  const chosen = destinations.filter(({ weight }) => weight > 0);
  // A fault that somebody asked for; the numbers in its text are its status and its share.
  if (echo === undefined && fault !== '' && fault.includes(String(status))) return true;
  if (echo === undefined)
    return (
      chosen.some(({ backend }) => backend === `missing ${status}`) || (chosen.length === 0 && status === 500)
    );
  const [arrived] = echo.path.split('?');
  const host = echo.headers[':authority'] ?? echo.headers['host'] ?? '';
  return chosen.some(
    ({ backend, authority, requestHeaders, responseHeaders }) =>
      isBehind(backend, echo, workloads) &&
      arrived === path &&
      withoutPort(host) === withoutPort(authority ?? request.headers['host'] ?? request.host) &&
      areThere(requestHeaders, request.headers, echo.headers) &&
      areThere(responseHeaders, {}, headers),
  );
}

/** A backend is its pods and their port: a namespace or a host, labels, and the port. */
function isBehind(backend: string, { address, port }: Echo, workloads: Workloads): boolean {
  const workload = workloads.get(address);
  if (workload === undefined || !backend.startsWith('[')) return false;
  const [where, labels, target] = JSON.parse(backend) as [
    string,
    Readonly<Record<string, string>>,
    number | string,
  ];
  if (workload.host !== undefined) return workload.host === where;
  return (
    workload.namespace === where &&
    Number(target) === port &&
    Object.entries(labels).every(([name, value]) => workload.labels[name] === value)
  );
}

function withoutPort(authority: string): string {
  return authority.replace(/:\d+$/, '').toLowerCase();
}

function areThere(
  effects: HeaderEffects,
  sent: Readonly<Record<string, string>>,
  seen: Readonly<Record<string, string | readonly string[] | undefined>>,
): boolean {
  return Object.entries(effects).every(([name, { keep, values }]) => {
    if (values.some(value => value.includes('%'))) return true;
    const own = keep && sent[name] !== undefined ? [sent[name]] : [];
    const found = [seen[name] ?? ''].flat().join(',').replaceAll(', ', ',');
    return found === [...own, ...values].join(',').replaceAll(', ', ',');
  });
}
