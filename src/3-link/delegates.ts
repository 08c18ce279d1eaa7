import type * as istio from '../istio/index.ts';
import {
  type HttpEntry,
  type MatchOrigin,
  resolveEntry,
  resolveExportTo,
  type VirtualService,
} from './virtual-services.ts';

/**
 * Puts the entries of a delegate in the place of the entry that names it. A delegate that is not there, or that is not
 * exported to the root, leaves nothing, and so does an entry of it that conflicts with the root's matches.
 *
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, MergeHTTPRoutes
 */
export function mergeDelegates(
  root: VirtualService,
  entry: HttpEntry,
  delegate: istio.Delegate,
  delegates: ReadonlyMap<string, VirtualService>,
): readonly HttpEntry[] {
  const found = delegates.get(delegateKey(root, delegate));
  if (found === undefined || !isExportedTo(found, root.namespace)) return [];
  return (found.spec.http ?? []).flatMap((http, index) => {
    const merged = mergeEntry(entry.http, resolveEntry(http, found.namespace));
    if (merged === undefined) return [];
    return {
      http: merged.http,
      origin: {
        resource: found,
        path: ['spec', 'http', index],
        matches: merged.matches,
        root: { resource: root, path: entry.origin.path },
      },
    };
  });
}

/** `NAMESPACE/NAME` of a delegate; without a namespace, one of the root's. */
export function delegateKey(root: VirtualService, { namespace, name = '' }: istio.Delegate): string {
  return `${namespace || root.namespace}/${name}`;
}

/** Whether a root in a namespace sees a delegate. */
export function isExportedTo({ spec, namespace }: VirtualService, to: string): boolean {
  return resolveExportTo(spec.exportTo, namespace).some(other => other === '*' || other === to);
}

/** What the delegate leaves unset comes from the root; its matches are narrowed by the root's. */
function mergeEntry(
  root: istio.HTTPRoute,
  delegate: istio.HTTPRoute,
): { readonly http: istio.HTTPRoute; readonly matches: readonly MatchOrigin[] } | undefined {
  const merged = mergeMatches(root.match ?? [], delegate.match ?? []);
  if (merged === undefined) return undefined;
  const match = merged.map(({ match: one }) => one);
  const { delegate: _delegate, match: _rootMatch, route: _route, redirect: _redirect, ...inherited } = root;
  const { match: _match, ...own } = delegate;
  return {
    http: {
      ...inherited,
      ...own,
      ...mergeNames(root.name, delegate.name),
      ...(match.length === 0 ? {} : { match }),
    },
    matches: merged.map(({ origin }) => origin),
  };
}

function mergeNames(root: string | undefined, delegate: string | undefined): { readonly name?: string } {
  if (!delegate) return root ? { name: root } : {};
  return { name: root ? `${root}-${delegate}` : delegate };
}

interface MergedMatch {
  readonly match: istio.HTTPMatchRequest;
  readonly origin: MatchOrigin;
}

const nothing: ReadonlySet<string> = new Set();

/** @returns undefined when some match of the delegate fits none of the root's: then the whole entry is dropped */
function mergeMatches(
  root: readonly istio.HTTPMatchRequest[],
  delegate: readonly istio.HTTPMatchRequest[],
): readonly MergedMatch[] | undefined {
  if (root.length === 0)
    return delegate.map((match, own) => ({ match, origin: { own, root: undefined, inherited: nothing } }));
  if (delegate.length === 0)
    return root.map((match, index) => ({
      match,
      origin: { own: undefined, root: index, inherited: nothing },
    }));
  const merged: MergedMatch[] = [];
  for (const [own, leaf] of delegate.entries()) {
    const fitting = root.flatMap((match, index) => (conflict(match, leaf) ? [] : [{ match, index }]));
    if (fitting.length === 0) return undefined;
    for (const { match, index } of fitting) {
      const inherited = new Set(Object.keys(match).filter(field => !(field in leaf)));
      merged.push({ match: mergeMatch(match, leaf), origin: { own, root: index, inherited } });
    }
  }
  return merged;
}

function mergeMatch(root: istio.HTTPMatchRequest, leaf: istio.HTTPMatchRequest): istio.HTTPMatchRequest {
  const { ignoreUriCase: _ignoreUriCase, ...inherited } = root;
  const merged: istio.HTTPMatchRequest = { ...inherited, ...leaf, ...mergeNames(root.name, leaf.name) };
  return {
    ...merged,
    ...mergeRecord('headers', root.headers, leaf.headers),
    ...mergeRecord('withoutHeaders', root.withoutHeaders, leaf.withoutHeaders),
    ...mergeRecord('queryParams', root.queryParams, leaf.queryParams),
    ...mergeRecord('sourceLabels', root.sourceLabels, leaf.sourceLabels),
    ...(leaf.gateways?.length ? {} : root.gateways === undefined ? {} : { gateways: root.gateways }),
  };
}

function mergeRecord<Key extends string, Value>(
  key: Key,
  root: Readonly<Record<string, Value>> | undefined,
  leaf: Readonly<Record<string, Value>> | undefined,
): Partial<Record<Key, Readonly<Record<string, Value>>>> {
  if (root === undefined && leaf === undefined) return {};
  return { [key]: { ...root, ...leaf } } as Partial<Record<Key, Readonly<Record<string, Value>>>>;
}

function conflict(root: istio.HTTPMatchRequest, leaf: istio.HTTPMatchRequest): boolean {
  const strings = ['uri', 'scheme', 'method', 'authority'] as const;
  const records = ['headers', 'withoutHeaders', 'queryParams'] as const;
  return (
    strings.some(field => stringConflict(root[field], leaf[field])) ||
    records.some(field =>
      Object.entries(leaf[field] ?? {}).some(([name, match]) => stringConflict(root[field]?.[name], match)),
    ) ||
    (root.ignoreUriCase ?? false) !== (leaf.ignoreUriCase ?? false) ||
    ((root.port ?? 0) > 0 && (leaf.port ?? 0) > 0 && root.port !== leaf.port) ||
    ((root.sourceNamespace ?? '') !== '' && leaf.sourceNamespace !== root.sourceNamespace) ||
    Object.entries(leaf.sourceLabels ?? {}).some(
      ([name, value]) => root.sourceLabels?.[name] !== undefined && root.sourceLabels[name] !== value,
    ) ||
    gatewaysConflict(root.gateways ?? [], leaf.gateways ?? [])
  );
}

function gatewaysConflict(root: readonly string[], leaf: readonly string[]): boolean {
  if (root.length === 0 || leaf.length === 0) return false;
  return root.length < leaf.length || leaf.some(gateway => !root.includes(gateway));
}

/** Whether the root's condition does not contain the delegate's, as far as istiod looks (stringMatchConflict). */
function stringConflict(root: istio.StringMatch | undefined, leaf: istio.StringMatch | undefined): boolean {
  if (root === undefined || leaf === undefined) return false;
  const isSet = (match: istio.StringMatch) => Boolean(match.regex || match.prefix || match.exact);
  if ((root.regex && isSet(leaf)) || (leaf.regex && isSet(root))) return true;
  if (root.exact) return Boolean(leaf.prefix) || (leaf.exact ?? '') !== root.exact;
  if (root.prefix) {
    if (leaf.prefix) return !leaf.prefix.startsWith(root.prefix);
    if (leaf.exact) return !leaf.exact.startsWith(root.prefix);
  }
  return true;
}
