import type { HttpEntry } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import { byteLength } from '../yaml/byte-length.ts';

/** The keys by which istiod sorts the matches of HTTPRoutes; larger comes first in every field. */
export interface Specificity {
  /** Exact 3, PathPrefix 2, RegularExpression 1, no path -1; no match at all -2. */
  readonly kind: number;
  /** Bytes of the path's value, after the slash at the end of a prefix is dropped. */
  readonly length: number;
  readonly method: boolean;
  readonly headers: number;
  readonly queryParams: number;
}

/**
 * @returns negative when the first is more specific, positive when the second is, 0 when only their order decides
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, sortHTTPRoutes
 */
export function compareSpecificity(a: Specificity, b: Specificity): number {
  return (
    b.kind - a.kind ||
    b.length - a.length ||
    Number(b.method) - Number(a.method) ||
    b.headers - a.headers ||
    b.queryParams - a.queryParams
  );
}

/** @returns the specificity of an entry's only match */
export function specificityOf(http: istio.HTTPRoute): Specificity {
  const match = http.match?.[0];
  if (match === undefined) return { kind: -2, length: 0, method: false, headers: 0, queryParams: 0 };
  const { kind, value } = pathOf(match.uri);
  return {
    kind,
    length: byteLength(value),
    method: match.method !== undefined,
    headers: Object.keys(match.headers ?? {}).length,
    queryParams: Object.keys(match.queryParams ?? {}).length,
  };
}

function pathOf(uri: istio.StringMatch | undefined): { readonly kind: number; readonly value: string } {
  if (uri?.exact !== undefined) return { kind: 3, value: uri.exact };
  if (uri?.prefix !== undefined) return { kind: 2, value: uri.prefix };
  if (uri?.regex !== undefined) return { kind: 1, value: uri.regex };
  return { kind: -1, value: '' };
}

/** Sorts entries as the Gateway API asks; those the comparator does not tell apart keep their order. */
export function sortBySpecificity<Entry extends HttpEntry>(entries: readonly Entry[]): readonly Entry[] {
  return entries
    .map(entry => ({ entry, specificity: specificityOf(entry.http) }))
    .sort((a, b) => compareSpecificity(a.specificity, b.specificity))
    .map(({ entry }) => entry);
}
