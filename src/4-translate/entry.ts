import type { EntryOrigin } from '../3-link/virtual-services.ts';
import type * as gateway from '../gateway-api/index.ts';

/** One http entry in the terms of the Gateway API, for one scope, before anything is said about order. */
export interface TranslatedEntry {
  readonly origin: EntryOrigin;
  /** Entries of one owner end in routes of its own; ties between owners are decided by nobody we control. */
  readonly owner: number;
  /** Any of them; never empty. */
  readonly matches: readonly TranslatedMatch[];
  readonly body: RuleBody;
}

/** All the conditions of one match. Header names are in lower case. */
export interface TranslatedMatch {
  readonly path: PathCondition;
  readonly method?: string;
  readonly headers: ReadonlyMap<string, ValueCondition>;
  readonly queryParams: ReadonlyMap<string, ValueCondition>;
  /** Header conditions that must not be met. */
  readonly withoutHeaders: ReadonlyMap<string, ValueCondition>;
  readonly pathChange: PathChange;
  /** Its place in the `match` of the entry; absent for an entry that has none. */
  readonly index?: number;
}

/** Which paths a match takes, as it is meant to be converted. */
export type PathCondition =
  | { readonly kind: 'exact'; readonly value: string }
  /**
   * Whole segments, as PathPrefix has it; `/` is every path. No slash at the end of any other. `prefix` is the string
   * prefix that was written, where that is another set: `/foo`, which takes `/foobar` too, or `/foo/`, which does not
   * take `/foo`. `expression` says that every path was written as a regular expression, which istiod takes for no
   * catch-all (route.go, isCatchAllRoute).
   */
  | {
      readonly kind: 'segments';
      readonly value: string;
      readonly prefix?: string;
      readonly expression?: true;
    }
  /** A string prefix, which only a regular expression can say. */
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'regex'; readonly source: string };

/** A condition on a header or a query parameter that has to be there. */
export type ValueCondition =
  | { readonly type: 'Exact'; readonly value: string }
  | { readonly type: 'RegularExpression'; readonly value: string };

/** The new path, upstream or in the Location of a redirect. */
export type PathChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'full'; readonly value: string }
  /**
   * The beginning of a path gives way to something else; a path of which nothing is left becomes `/`. `written` is how
   * ReplacePrefixMatch says it for a match on `from` itself, since implementations read slashes at its end differently.
   */
  | { readonly kind: 'prefix'; readonly from: string; readonly to: string; readonly written: string };

/** Everything a rule does, but for what it does to the path. */
export interface RuleBody {
  readonly name?: string;
  readonly requestHeaders?: gateway.HTTPHeaderFilter;
  readonly responseHeaders?: gateway.HTTPHeaderFilter;
  readonly redirect?: gateway.HTTPRequestRedirectFilter;
  /** The hostname sent upstream. */
  readonly rewriteHostname?: string;
  readonly mirrors: readonly gateway.HTTPRequestMirrorFilter[];
  readonly cors?: gateway.HTTPCORSFilter;
  readonly backendRefs: readonly gateway.HTTPBackendRef[];
  readonly timeouts?: gateway.HTTPRouteTimeouts;
  readonly retry?: gateway.HTTPRouteRetry;
}

/** Every path. */
export const everyPath: Extract<PathCondition, { readonly kind: 'segments' }> = {
  kind: 'segments',
  value: '/',
};

export const unchanged: PathChange = { kind: 'none' };
