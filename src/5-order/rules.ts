import type { FieldPath } from '../1-read/source.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import type { PathChange, RuleBody, TranslatedEntry } from '../4-translate/entry.ts';
import type * as gateway from '../gateway-api/index.ts';
import { type Item, type WrittenPath, writtenPath } from './item.ts';

/** A rule of the route, and the entry it came from. */
export interface ArrangedRule {
  readonly rule: gateway.HTTPRouteRule;
  readonly entry: TranslatedEntry;
  /** Of the entry, within its VirtualService. */
  readonly input: FieldPath;
  /** For each match of the rule, its place in the `match` of the entry. */
  readonly writtenAt: readonly (number | undefined)[];
}

/** Writes arranged items as rules: the items of one place and one effect share a rule. */
export function rulesOf(items: readonly Item[]): readonly ArrangedRule[] {
  const groups = new Map<
    string,
    { item: Item; matches: WrittenMatch[]; change: gateway.HTTPPathModifier | undefined }
  >();
  for (const item of items) {
    const path = writtenPath(item);
    const change = changeOf(item.pathChange, path);
    // ReplacePrefixMatch asks for a rule with exactly one match.
    const match = matchOf(item, path);
    const alone = change?.type === 'ReplacePrefixMatch' ? canonicalJson([path, match]) : '';
    const key = `${item.position} ${change === undefined ? '' : canonicalJson(change)} ${alone}`;
    const written = { match, index: item.entry.matches[item.match]?.index };
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { item, matches: [written], change });
    else known.matches.push(written);
  }
  return withNames(
    [...groups.values()].map(({ item, matches, change }): ArrangedRule => {
      const own = distinct(matches);
      return {
        rule: writeRule(
          item.entry.body,
          own.map(({ match }) => match),
          change,
        ),
        entry: item.entry,
        // An entry of a delegate takes the place of the one that names it.
        input: (item.entry.origin.root ?? item.entry.origin).path,
        writtenAt: own.map(({ index }) => index),
      };
    }),
  );
}

interface WrittenMatch {
  readonly match: gateway.HTTPRouteMatch;
  readonly index: number | undefined;
}

function distinct(matches: readonly WrittenMatch[]): readonly WrittenMatch[] {
  if (matches.length === 1) return matches;
  const first = new Map<string, WrittenMatch>();
  for (const one of matches) {
    const key = canonicalJson(one.match);
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}

function matchOf(
  { conditions: { method, headers, queryParams } }: Item,
  path: WrittenPath,
): gateway.HTTPRouteMatch {
  return {
    path,
    ...(headers.size === 0
      ? {}
      : {
          headers: [...headers].map(([name, { type, value }]) =>
            type === 'Exact' ? { name, value } : { type, name, value },
          ),
        }),
    ...(queryParams.size === 0
      ? {}
      : {
          queryParams: [...queryParams].map(([name, { type, value }]) =>
            type === 'Exact' ? { name, value } : { type, name, value },
          ),
        }),
    ...(method === undefined ? {} : { method }),
  };
}

/** What becomes of the path, for a match on this one: a closer match replaces more, so that the result is the same. */
function changeOf(change: PathChange, path: WrittenPath): gateway.HTTPPathModifier | undefined {
  switch (change.kind) {
    case 'none':
      return undefined;
    case 'full':
      return { type: 'ReplaceFullPath', replaceFullPath: change.value };
    case 'prefix': {
      const replaced = replacePrefix(path.value, change.from, change.to);
      if (path.type === 'Exact') return { type: 'ReplaceFullPath', replaceFullPath: replaced };
      return {
        type: 'ReplacePrefixMatch',
        replacePrefixMatch: path.value === change.from ? change.written : replaced,
      };
    }
  }
}

/** Replaces the beginning of a path; of nothing, `/` is left. */
export function replacePrefix(path: string, from: string, to: string): string {
  return to + path.slice(from.length) || '/';
}

/** Puts a rule's fields in the order of the specification. */
function writeRule(
  body: RuleBody,
  matches: readonly gateway.HTTPRouteMatch[],
  path: gateway.HTTPPathModifier | undefined,
): gateway.HTTPRouteRule {
  const filters = filtersOf(body, path);
  return {
    ...(body.name === undefined ? {} : { name: body.name }),
    matches,
    ...(filters.length === 0 ? {} : { filters }),
    ...(body.backendRefs.length === 0 ? {} : { backendRefs: body.backendRefs }),
    ...(body.timeouts === undefined ? {} : { timeouts: body.timeouts }),
    ...(body.retry === undefined ? {} : { retry: body.retry }),
  };
}

function filtersOf(
  body: RuleBody,
  path: gateway.HTTPPathModifier | undefined,
): readonly gateway.HTTPRouteFilter[] {
  const { requestHeaders, responseHeaders, redirect, rewriteHostname, mirrors, cors } = body;
  const rewrite = redirect === undefined && (rewriteHostname !== undefined || path !== undefined);
  return [
    ...(requestHeaders === undefined
      ? []
      : [{ type: 'RequestHeaderModifier', requestHeaderModifier: requestHeaders } as const]),
    ...(responseHeaders === undefined
      ? []
      : [{ type: 'ResponseHeaderModifier', responseHeaderModifier: responseHeaders } as const]),
    ...(redirect === undefined
      ? []
      : [
          {
            type: 'RequestRedirect',
            requestRedirect: { ...redirect, ...(path === undefined ? {} : { path }) },
          } as const,
        ]),
    ...(rewrite
      ? [
          {
            type: 'URLRewrite',
            urlRewrite: {
              ...(rewriteHostname === undefined ? {} : { hostname: rewriteHostname }),
              ...(path === undefined ? {} : { path }),
            },
          } as const,
        ]
      : []),
    ...mirrors.map(requestMirror => ({ type: 'RequestMirror', requestMirror }) as const),
    ...(cors === undefined ? [] : [{ type: 'CORS', cors } as const]),
  ];
}

/** Rule names are unique within a route; the second of a name is numbered. */
function withNames(rules: readonly ArrangedRule[]): readonly ArrangedRule[] {
  const taken = new Set<string>();
  return rules.map(arranged => {
    const { name } = arranged.rule;
    if (name === undefined) return arranged;
    let unique = name;
    for (let number = 2; taken.has(unique); number += 1) unique = `${name}-${number}`;
    taken.add(unique);
    return unique === name ? arranged : { ...arranged, rule: { ...arranged.rule, name: unique } };
  });
}
