import { canonicalJson } from '../3-link/canonical.ts';
import type { PathChange, RuleBody, TranslatedEntry, ValueCondition } from '../4-translate/entry.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { FieldPath } from '../yaml/source.ts';
import { type Item, type WrittenPath, writtenPath } from './item.ts';

/** A rule of the route, and the entry it came from. */
export interface ArrangedRule {
  readonly rule: gateway.HTTPRouteRule;
  readonly entry: TranslatedEntry;
  /** The place of the entry within its VirtualService. */
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

/** Writes one field of a match, in the order of the specification; an empty object leaves it out. */
type MatchWriter = (conditions: Item['conditions'], path: WrittenPath) => gateway.HTTPRouteMatch;

const matchWriters: Readonly<Record<keyof gateway.HTTPRouteMatch, MatchWriter>> = {
  path: (_conditions, path) => ({ path }),
  headers: ({ headers }) => (headers.size === 0 ? {} : { headers: [...headers].map(writeCondition) }),
  queryParams: ({ queryParams }) =>
    queryParams.size === 0 ? {} : { queryParams: [...queryParams].map(writeCondition) },
  method: ({ method }) => (method === undefined ? {} : { method }),
};

/** `Exact` is the default of the CRD, and people leave it out. */
function writeCondition([name, { type, value }]: readonly [string, ValueCondition]): gateway.HTTPHeaderMatch {
  return type === 'Exact' ? { name, value } : { type, name, value };
}

function matchOf({ conditions }: Item, path: WrittenPath): gateway.HTTPRouteMatch {
  const match = {};
  for (const write of Object.values(matchWriters)) Object.assign(match, write(conditions, path));
  return match;
}

/** The change of the path, for a match on this one: a closer match replaces more, so that the result is the same. */
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

/** A rule on its way: the body of its entry, its matches and its change of the path. */
interface Unwritten {
  readonly body: RuleBody;
  readonly matches: readonly gateway.HTTPRouteMatch[];
  readonly path: gateway.HTTPPathModifier | undefined;
}

/** Writes one field of a rule, in the order of the specification; an empty object leaves it out. */
const ruleWriters: Readonly<Record<keyof gateway.HTTPRouteRule, (rule: Unwritten) => gateway.HTTPRouteRule>> =
  {
    name: ({ body: { name } }) => (name === undefined ? {} : { name }),
    matches: ({ matches }) => ({ matches }),
    filters: rule => {
      const filters = filtersOf(rule);
      return filters.length === 0 ? {} : { filters };
    },
    backendRefs: ({ body: { backendRefs } }) => (backendRefs.length === 0 ? {} : { backendRefs }),
    timeouts: ({ body: { timeouts } }) => (timeouts === undefined ? {} : { timeouts }),
    retry: ({ body: { retry } }) => (retry === undefined ? {} : { retry }),
  };

function writeRule(
  body: RuleBody,
  matches: readonly gateway.HTTPRouteMatch[],
  path: gateway.HTTPPathModifier | undefined,
): gateway.HTTPRouteRule {
  const rule = {};
  for (const write of Object.values(ruleWriters)) Object.assign(rule, write({ body, matches, path }));
  return rule;
}

type FilterType = gateway.HTTPRouteFilter['type'];

/** Writes the filters of one type, in the order in which the specification lists the types. */
const filterWriters: Readonly<Record<FilterType, (rule: Unwritten) => readonly gateway.HTTPRouteFilter[]>> = {
  RequestHeaderModifier: ({ body: { requestHeaders } }) =>
    requestHeaders === undefined
      ? []
      : [{ type: 'RequestHeaderModifier', requestHeaderModifier: requestHeaders }],
  ResponseHeaderModifier: ({ body: { responseHeaders } }) =>
    responseHeaders === undefined
      ? []
      : [{ type: 'ResponseHeaderModifier', responseHeaderModifier: responseHeaders }],
  RequestRedirect: ({ body: { redirect }, path }) =>
    redirect === undefined
      ? []
      : [
          {
            type: 'RequestRedirect',
            requestRedirect: { ...redirect, ...(path === undefined ? {} : { path }) },
          },
        ],
  URLRewrite: ({ body: { redirect, rewriteHostname }, path }) =>
    redirect !== undefined || (rewriteHostname === undefined && path === undefined)
      ? []
      : [
          {
            type: 'URLRewrite',
            urlRewrite: {
              ...(rewriteHostname === undefined ? {} : { hostname: rewriteHostname }),
              ...(path === undefined ? {} : { path }),
            },
          },
        ],
  RequestMirror: ({ body: { mirrors } }) =>
    mirrors.map(requestMirror => ({ type: 'RequestMirror', requestMirror })),
  CORS: ({ body: { cors } }) => (cors === undefined ? [] : [{ type: 'CORS', cors }]),
  // No entry of a VirtualService asks for them.
  ExtensionRef: () => [],
  ExternalAuth: () => [],
};

function filtersOf(rule: Unwritten): readonly gateway.HTTPRouteFilter[] {
  return Object.values(filterWriters).flatMap(write => write(rule));
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
