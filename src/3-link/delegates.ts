import type * as istio from '../istio/index.ts';
import { ownValue } from '../yaml/own-value.ts';
import { includesNamespace } from './export-to.ts';
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
  byDefault?: readonly string[],
): readonly HttpEntry[] {
  const found = delegates.get(delegateKey(root, delegate));
  if (found === undefined || !isExportedTo(found, root.namespace, byDefault)) return [];
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
export function isExportedTo(
  { spec, namespace }: VirtualService,
  to: string,
  byDefault?: readonly string[],
): boolean {
  return includesNamespace(resolveExportTo(spec.exportTo, namespace, byDefault), to);
}

/** Fields that the delegate leaves unset come from the root; its matches are narrowed by the root's. */
function mergeEntry(
  root: istio.HTTPRoute,
  delegate: istio.HTTPRoute,
): { readonly http: istio.HTTPRoute; readonly matches: readonly MatchOrigin[] } | undefined {
  const merged = mergeMatches(root.match ?? [], delegate.match ?? []);
  if (merged === undefined) return undefined;
  const match = merged.map(({ match: one }) => one);
  const inherited = Object.fromEntries(
    Object.entries(root).filter(([field]) => entryFields[field as keyof istio.HTTPRoute] === 'inherited'),
  );
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

/**
 * The source of each field of a merged entry: `inherited` ones come from the root where the delegate leaves them unset,
 * `own` ones from the delegate alone, `merged` ones from both.
 *
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, mergeHTTPRoute
 */
const entryFields: Readonly<Record<keyof istio.HTTPRoute, 'inherited' | 'own' | 'merged'>> = {
  name: 'merged',
  match: 'merged',
  route: 'own',
  redirect: 'own',
  directResponse: 'inherited',
  delegate: 'own',
  rewrite: 'inherited',
  timeout: 'inherited',
  retries: 'inherited',
  fault: 'inherited',
  mirror: 'inherited',
  mirrors: 'inherited',
  mirrorPercent: 'inherited',
  mirror_percent: 'inherited',
  mirrorPercentage: 'inherited',
  corsPolicy: 'inherited',
  headers: 'inherited',
};

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

type Match = istio.HTTPMatchRequest;

/** Puts one field of a root's match and of a delegate's together; an empty object leaves the field out. */
type FieldMerge = (root: Match, leaf: Match) => Match;

/** The value of the delegate's match, or else of the root's. */
function leafFirst(field: keyof Match): FieldMerge {
  return (root, leaf) => {
    const value = field in leaf ? leaf[field] : root[field];
    return field in leaf || field in root ? ({ [field]: value } as Match) : {};
  };
}

/** The entries of both; those of the delegate's match replace the root's. */
function bothRecords(field: 'headers' | 'withoutHeaders' | 'queryParams' | 'sourceLabels'): FieldMerge {
  return (root, leaf) =>
    root[field] === undefined && leaf[field] === undefined
      ? {}
      : { [field]: { ...root[field], ...leaf[field] } };
}

/** @see istio.io/istio/pilot/pkg/model/virtualservice.go, mergeHTTPMatchRequest */
const mergedFields: Readonly<Record<keyof Match, FieldMerge>> = {
  name: (root, leaf) => mergeNames(root.name, leaf.name),
  uri: leafFirst('uri'),
  scheme: leafFirst('scheme'),
  method: leafFirst('method'),
  authority: leafFirst('authority'),
  headers: bothRecords('headers'),
  port: leafFirst('port'),
  sourceLabels: bothRecords('sourceLabels'),
  gateways: (root, leaf) => {
    const gateways = leaf.gateways?.length ? leaf.gateways : (root.gateways ?? leaf.gateways);
    return gateways === undefined ? {} : { gateways };
  },
  queryParams: bothRecords('queryParams'),
  ignoreUriCase: (_root, { ignoreUriCase }) => (ignoreUriCase === undefined ? {} : { ignoreUriCase }),
  withoutHeaders: bothRecords('withoutHeaders'),
  sourceNamespace: leafFirst('sourceNamespace'),
  statPrefix: leafFirst('statPrefix'),
};

function mergeMatch(root: Match, leaf: Match): Match {
  return Object.assign({}, ...Object.values(mergedFields).map(merge => merge(root, leaf))) as Match;
}

/** Whether one field of a delegate's match cannot hold together with the root's. */
type FieldConflict = (root: Match, leaf: Match) => boolean;

const never: FieldConflict = () => false;

function ofString(field: 'uri' | 'scheme' | 'method' | 'authority'): FieldConflict {
  return (root, leaf) => stringConflict(root[field], leaf[field]);
}

function ofRecord(field: 'headers' | 'withoutHeaders' | 'queryParams'): FieldConflict {
  return (root, leaf) =>
    Object.entries(leaf[field] ?? {}).some(([name, match]) =>
      stringConflict(ownValue(root[field], name), match),
    );
}

/** @see istio.io/istio/pilot/pkg/model/virtualservice.go, hasConflict */
const conflictsOf: Readonly<Record<keyof Match, FieldConflict>> = {
  name: never,
  uri: ofString('uri'),
  scheme: ofString('scheme'),
  method: ofString('method'),
  authority: ofString('authority'),
  headers: ofRecord('headers'),
  port: (root, leaf) => (root.port ?? 0) > 0 && (leaf.port ?? 0) > 0 && root.port !== leaf.port,
  sourceLabels: (root, leaf) =>
    Object.entries(leaf.sourceLabels ?? {}).some(
      ([name, value]) => (ownValue(root.sourceLabels, name) ?? value) !== value,
    ),
  gateways: (root, leaf) => gatewaysConflict(root.gateways ?? [], leaf.gateways ?? []),
  queryParams: ofRecord('queryParams'),
  ignoreUriCase: (root, leaf) => (root.ignoreUriCase ?? false) !== (leaf.ignoreUriCase ?? false),
  withoutHeaders: ofRecord('withoutHeaders'),
  sourceNamespace: (root, leaf) =>
    (root.sourceNamespace ?? '') !== '' && leaf.sourceNamespace !== root.sourceNamespace,
  statPrefix: never,
};

function conflict(root: Match, leaf: Match): boolean {
  return Object.values(conflictsOf).some(differs => differs(root, leaf));
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
