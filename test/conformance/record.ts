import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { canonicalJson } from '../../src/3-link/canonical.ts';
import type { Request } from '../../src/semantics/request.ts';
import type { ConnectionVerdict } from '../envoy/connection-chain.ts';
import { toEnvoyRequest } from '../envoy/request.ts';
import { type Cluster, manifestsOf } from './cluster.ts';
import { type CompactVerdict, compact } from './compact-verdict.ts';
import type { ConnectionSpot } from './connections.ts';
import { type Effort, type Examination, requestsFor, type Side } from './examine.ts';
import type { Identity, ProxyRequest } from './judge.ts';
import type { KnownProxy, Place, Spot } from './places.ts';
import { randomFrom } from './random.ts';
import type { Converted } from './scenario.ts';

/** What istiod said of a case: of its input, and of what the conversion leaves. */
export interface Recording {
  readonly before: RecordedSide;
  /** The same as before, where nothing was converted. */
  readonly after: RecordedSide;
  /** What happens to requests, each once. */
  readonly verdicts: readonly CompactVerdict[];
}

export interface RecordedSide {
  /** Of the manifests that istiod was asked about. */
  readonly manifests: string;
  /** Objects that did not reach istiod. */
  readonly refused: readonly Identity[];
  readonly spots: readonly RecordedSpot[];
  readonly connections: readonly RecordedConnections[];
}

/** Where connections go, as seen by proxies that treat them alike. */
export interface RecordedConnections {
  readonly host: string;
  readonly port: number;
  readonly proxies: readonly RecordedProxy[];
  /** For each name of a handshake, `null` for none, the clusters and their weights; none for nowhere. */
  readonly names: readonly (readonly [
    string | null,
    readonly (readonly [cluster: string, weight: number, 'missing'?])[],
  ])[];
}

/** A spot as seen by proxies that treat all its requests alike. */
export interface RecordedSpot extends Omit<Spot, 'proxy'> {
  readonly proxies: readonly RecordedProxy[];
  /** Requests, without what the address says, and the place of what happens to each in the list of verdicts. */
  readonly requests: readonly (readonly [RecordedRequest, number])[];
}

/** Without its id, which stands for nothing. */
export type RecordedProxy = Omit<ProxyRequest, 'id'> & Pick<KnownProxy, 'gatewayId'>;

export type RecordedRequest = Partial<Pick<Request, 'method' | 'headers' | 'queryParams'>> &
  Pick<Request, 'path'>;

/** So many requests of a spot are kept for each verdict. */
const keptForVerdict = 2;
const keptForSpot = 16;

/** @returns a text that changes with the manifests */
export function digestOf(cluster: Cluster): string {
  return createHash('sha256').update(manifestsOf(cluster)).digest('hex').slice(0, 16);
}

/** Picks from what istiod said the requests that show each of its verdicts. */
export function recordingOf(converted: Converted, { before, after }: Examination, effort: Effort): Recording {
  const verdicts = new Map<string, { readonly verdict: CompactVerdict; readonly index: number }>();
  const indexOf = (verdict: CompactVerdict) => {
    const key = canonicalJson(verdict);
    const known = verdicts.get(key) ?? { verdict, index: verdicts.size };
    verdicts.set(key, known);
    return known.index;
  };
  const sides = {
    before: recordSide(digestOf(converted.before), before, effort, indexOf),
    after: recordSide(digestOf(converted.after), after, effort, indexOf),
  };
  return { ...sides, verdicts: [...verdicts.values()].map(({ verdict }) => verdict) };
}

function recordSide(
  manifests: string,
  { places, connections, refused }: Side,
  effort: Effort,
  indexOf: (verdict: CompactVerdict) => number,
): RecordedSide {
  const spots = new Map<string, RecordedSpot>();
  for (const place of places) {
    // A host that nobody says anything of has one route, to itself.
    if (place.ours.rules.length === 0 && place.ours.fallback !== undefined) continue;
    const { proxy, label: _label, ours: _ours, theirs: _theirs, ...spot } = place;
    const requests = recordPlace(place, effort, indexOf);
    const key = JSON.stringify([spot, proxy.request.kind, requests]);
    const known = spots.get(key);
    const { id: _id, ...request } = proxy.request;
    const kept = { ...request, ...(proxy.gatewayId === undefined ? {} : { gatewayId: proxy.gatewayId }) };
    spots.set(key, { ...spot, proxies: [...(known?.proxies ?? []), kept], requests });
  }
  return {
    manifests,
    refused: refused.map(({ kind, namespace = '', name }) => ({ kind, namespace, name })),
    spots: [...spots.values()],
    connections: recordConnections(connections),
  };
}

/** Ports that no route says anything of lead to their Service. */
function recordConnections(spots: readonly ConnectionSpot[]): readonly RecordedConnections[] {
  const recorded = new Map<string, RecordedConnections>();
  for (const { host, port, proxy, names, isRouted, verdict } of spots) {
    if (!isRouted) continue;
    const seen = [...names].map(sni => [sni ?? null, compactClusters(verdict(sni))] as const);
    const key = JSON.stringify([host, port, proxy.request.kind, seen]);
    const { id: _id, ...request } = proxy.request;
    const kept = { ...request, ...(proxy.gatewayId === undefined ? {} : { gatewayId: proxy.gatewayId }) };
    recorded.set(key, { host, port, proxies: [...(recorded.get(key)?.proxies ?? []), kept], names: seen });
  }
  return [...recorded.values()];
}

function compactClusters(verdict: ConnectionVerdict): RecordedConnections['names'][number][1] {
  if (verdict.kind === 'nowhere') return [];
  return verdict.clusters.map(({ cluster, weight, exists }) =>
    exists ? ([cluster, weight] as const) : ([cluster, weight, 'missing'] as const),
  );
}

/** The clusters that were shortened for the record. */
export function expandClusters(recorded: RecordedConnections['names'][number][1]): ConnectionVerdict {
  if (recorded.length === 0) return { kind: 'nowhere' };
  const total = recorded.reduce((sum, [, weight]) => sum + weight, 0);
  return {
    kind: 'clusters',
    clusters: recorded.map(([cluster, weight, missing]) => ({
      cluster,
      weight,
      total,
      exists: missing === undefined,
      authority: undefined,
      requestHeaders: {},
      responseHeaders: {},
    })),
  };
}

function recordPlace(
  place: Place,
  effort: Effort,
  indexOf: (verdict: CompactVerdict) => number,
): RecordedSpot['requests'] {
  const counts = new Map<number, number>();
  const kept: (readonly [RecordedRequest, number])[] = [];
  for (const request of requestsFor([place], effort, randomFrom(effort.seed))) {
    const verdict = indexOf(
      compact(place.theirs.verdict(toEnvoyRequest(request, place.proxy.request.kind)), request.path),
    );
    const count = counts.get(verdict) ?? 0;
    if (count >= keptForVerdict || kept.length >= keptForSpot) continue;
    counts.set(verdict, count + 1);
    kept.push([shorten(request), verdict]);
  }
  return kept;
}

function shorten({ path, method, headers, queryParams }: Request): RecordedRequest {
  return {
    path,
    ...(method === 'GET' ? {} : { method }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(Object.keys(queryParams).length === 0 ? {} : { queryParams }),
  };
}

/** The request that was shortened for the record. */
export function lengthen(request: RecordedRequest, { address }: RecordedSpot): Request {
  return { ...address, method: 'GET', headers: {}, queryParams: {}, ...request };
}

/** The proxy that was shortened for the record. */
export function proxyOf({ gatewayId, ...request }: RecordedProxy): KnownProxy {
  return {
    request: { id: '', ...request },
    label: [request.kind, request.namespace, request.name ?? request.gateway ?? ''].join(' '),
    ...(gatewayId === undefined ? {} : { gatewayId }),
  };
}

/** Prints a recording so that a changed answer is a changed line. */
export function printRecording({ before, after, verdicts }: Recording): string {
  const side = ({ manifests, refused, spots, connections }: RecordedSide) =>
    [
      `{"manifests":${JSON.stringify(manifests)},"refused":${JSON.stringify(refused)},"spots":[`,
      spots
        .map(({ requests, ...spot }) =>
          [
            `{"spot":${JSON.stringify(spot)},"requests":[`,
            requests.map(request => JSON.stringify(request)).join(',\n'),
            ']}',
          ].join('\n'),
        )
        .join(',\n'),
      ...(connections.length === 0
        ? [']}']
        : ['],"connections":[', connections.map(spot => JSON.stringify(spot)).join(',\n'), ']}']),
    ].join('\n');
  return [
    '{"before":',
    side(before),
    ',"after":',
    after.manifests === before.manifests ? 'null' : side(after),
    ',"verdicts":[',
    verdicts.map(verdict => JSON.stringify(verdict)).join(',\n'),
    ']}\n',
  ].join('\n');
}

/** Where recordings are, below the checkout. */
export const recordedFolder = 'testdata/recorded';

export function recordingFile(folder: string, name: string): string {
  return join(folder, `${name}.json`);
}

/** @returns undefined for a case that nobody recorded */
export function readRecording(file: string): Recording | undefined {
  if (!existsSync(file)) return undefined;
  const text = JSON.parse(readFileSync(file, 'utf8')) as Written;
  const side = ({ spots, connections = [], ...rest }: WrittenSide): RecordedSide => ({
    ...rest,
    connections,
    spots: spots.map(({ spot, requests }) => ({ ...spot, requests })),
  });
  const before = side(text.before);
  const after = text.after === null ? before : side(text.after);
  return { before, after, verdicts: text.verdicts };
}

interface Written {
  readonly before: WrittenSide;
  readonly after: WrittenSide | null;
  readonly verdicts: readonly CompactVerdict[];
}

interface WrittenSide extends Omit<RecordedSide, 'spots' | 'connections'> {
  readonly connections?: readonly RecordedConnections[];
  readonly spots: readonly {
    readonly spot: Omit<RecordedSpot, 'requests'>;
    readonly requests: RecordedSpot['requests'];
  }[];
}

export function writeRecording(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Removes recordings of cases that are no more. */
export function forgetOthers(folder: string, names: readonly string[]): void {
  const known = new Set(names.map(name => recordingFile(folder, name)));
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (
      entry.isFile() &&
      entry.name.endsWith('.json') &&
      relative(folder, file) !== 'versions.json' &&
      !known.has(file)
    )
      rmSync(file);
  }
}
