import { compileRetries } from '../../src/semantics/compile-entry.ts';
import type { ChosenCluster, Verdict } from '../envoy/verdict.ts';

type Forwarded = Extract<Verdict, { readonly kind: 'forward' }>;
type Redirected = Extract<Verdict, { readonly kind: 'redirect' }>;

/** A verdict without what is as usual, for files that people read; without a path it leaves the request's. */
export type CompactVerdict =
  | Exclude<Verdict, Forwarded | Redirected>
  | CompactForward
  | (Omit<Redirected, 'path'> & Partial<Pick<Redirected, 'path'>>);

interface CompactForward extends Partial<Omit<Forwarded, 'kind' | 'clusters'>> {
  readonly kind: 'forward';
  readonly clusters: readonly CompactCluster[];
}

type CompactCluster = Partial<ChosenCluster> & Pick<ChosenCluster, 'cluster'>;

const usual: Omit<Forwarded, 'kind' | 'clusters' | 'path'> = {
  mirrors: [],
  timeout: 0,
  retries: compileRetries(undefined),
  cors: '',
  fault: '',
  hash: '[]',
  missingStatus: 503,
};

const usualCluster: Omit<ChosenCluster, 'cluster'> = {
  exists: true,
  weight: 1,
  total: 1,
  authority: undefined,
  requestHeaders: {},
  responseHeaders: {},
};

/** @param path of the request */
export function compact(verdict: Verdict, path: string): CompactVerdict {
  if (verdict.kind === 'redirect') {
    const { path: changed, ...redirect } = verdict;
    return changed === path ? redirect : verdict;
  }
  if (verdict.kind !== 'forward') return verdict;
  const { kind, clusters, ...rest } = verdict;
  return {
    kind,
    ...unusual(rest, { ...usual, path }),
    clusters: clusters.map(({ cluster, ...settings }) => ({ cluster, ...unusual(settings, usualCluster) })),
  };
}

/** @param path of the request */
export function expand(verdict: CompactVerdict, path: string): Verdict {
  if (verdict.kind === 'redirect') {
    const { kind, status, scheme, host, port } = verdict;
    return { kind, status, scheme, host, port, path: verdict.path ?? path };
  }
  if (verdict.kind !== 'forward') return verdict;
  return {
    path,
    ...usual,
    ...verdict,
    clusters: verdict.clusters.map(cluster => ({ ...usualCluster, ...cluster })),
  };
}

function unusual<Part extends object>(value: Part, than: object): Partial<Part> {
  const expected = new Map(Object.entries(than).map(([name, item]) => [name, JSON.stringify(item)]));
  const entries = Object.entries(value).filter(
    ([name, item]) => !expected.has(name) || expected.get(name) !== JSON.stringify(item),
  );
  return Object.fromEntries(entries) as Partial<Part>;
}
