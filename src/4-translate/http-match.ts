import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { matchesString, stringMatcher } from '../semantics/string-matcher.ts';
import { type EntryContext, entryPlace } from './context.ts';
import { everyPath, type PathChange, type TranslatedMatch, unchanged, type ValueCondition } from './entry.ts';
import {
  conditionOfForwardedProto,
  reportUntoldScheme,
  type SchemeCondition,
  schemeFromIn,
} from './forwarded-scheme.ts';
import { noConditions, type pseudoHeaders, translateAuthority, translateConditions } from './header-match.ts';
import { declarePrefix, joinExactAndPrefix, type MatchOfUri } from './match-paths.ts';
import { translateMethod } from './method.ts';
import { translatePathChange } from './path-change.ts';
import { appliesInScope } from './source-match.ts';
import { translateUri } from './uri.ts';

/**
 * Which part of this file sees to each field of a match; a field that is missing here does not compile.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
const fields: Readonly<Record<keyof istio.HTTPMatchRequest, 'path' | 'condition' | 'scope' | 'telemetry'>> = {
  name: 'telemetry',
  uri: 'path',
  scheme: 'scope',
  method: 'condition',
  authority: 'condition',
  headers: 'condition',
  port: 'scope',
  sourceLabels: 'scope',
  gateways: 'scope',
  queryParams: 'condition',
  ignoreUriCase: 'path',
  withoutHeaders: 'condition',
  sourceNamespace: 'scope',
  statPrefix: 'telemetry',
};

/** The most conditions of a kind that the CRD takes in one match. */
const maxConditions = 16;

/**
 * Writes the matches of an entry for one scope.
 *
 * @returns the matches that apply there; undefined, after reports, when one of them has no form
 */
export function translateMatches(
  context: EntryContext,
  http: istio.HTTPRoute,
): readonly TranslatedMatch[] | undefined {
  if (http.match === undefined || http.match.length === 0) return translateWithoutMatch(context, http);
  const translated: MatchOfUri[] = [];
  let complete = true;
  for (const [index, match] of http.match.entries()) {
    const applies = appliesInScope(context, match, index);
    if (applies === 'refused') complete = false;
    if (applies !== true) continue;
    reportTelemetryNames(context, match, index);
    const written = translateMatch(context, http, match, index);
    if (written === 'never') continue;
    if (written === undefined) complete = false;
    else translated.push(...written);
  }
  if (!complete) return undefined;
  const joined = joinExactAndPrefix(translated);
  for (const { match, deviation, place } of joined) {
    if (deviation !== undefined) declarePrefix(context, deviation, match, place);
  }
  return joined.map(({ match }) => match);
}

/** Without a uri istiod matches the prefix `/`, which a rewrite replaces (route.go, TranslateRouteMatch). */
function prefixOf(uri: istio.StringMatch | undefined): string | undefined {
  return uri?.exact === undefined && uri?.regex === undefined ? (uri?.prefix ?? '/') : undefined;
}

/** An entry without matches takes every request. */
function translateWithoutMatch(
  context: EntryContext,
  http: istio.HTTPRoute,
): readonly TranslatedMatch[] | undefined {
  const pathChange = translatePathChange(context, http, everyPath, '/', entryPlace(context));
  return pathChange === undefined ? undefined : [{ ...unconditional, pathChange }];
}

const unconditional: TranslatedMatch = {
  path: everyPath,
  headers: noConditions,
  queryParams: noConditions,
  withoutHeaders: noConditions,
  pathChange: unchanged,
};

function reportTelemetryNames(context: EntryContext, match: istio.HTTPMatchRequest, index: number): void {
  for (const field of ['name', 'statPrefix'] as const) {
    if (match[field] && fields[field] === 'telemetry') {
      context.report('telemetry-name', entryPlace(context, 'match', index, field), { field });
    }
  }
}

/** @returns `never` for a match that no request meets */
function translateMatch(
  context: EntryContext,
  http: istio.HTTPRoute,
  match: istio.HTTPMatchRequest,
  index: number,
): readonly MatchOfUri[] | 'never' | undefined {
  const place = (...field: readonly string[]): Place => entryPlace(context, 'match', index, ...field);
  const scheme = translateScheme(context, match, place);
  if (scheme === 'never') return 'never';
  reportForwardedProto(context, match, place);
  const method = translateMethod(context, methodOf(match), place('method'));
  const headers = translateConditions(context, match.headers, 'header', name => place('headers', name));
  const authority = authorityOf(match);
  const host =
    authority === undefined
      ? undefined
      : translateAuthority(context, authority.match, place(...authority.field));
  const queryParams = translateConditions(context, match.queryParams, 'queryParam', name =>
    place('queryParams', name),
  );
  const without = translateWithoutHeaders(context, match, place);
  const paths = translatePath(context, http, match, place);
  if (paths === 'never') return 'never';
  if (scheme === undefined || method === undefined || headers === undefined || queryParams === undefined)
    return undefined;
  if (without === undefined || paths === undefined || (authority !== undefined && host === undefined))
    return undefined;
  const added = [
    ...without.required,
    ...(host === undefined ? [] : [['host', host] as const]),
    ...(scheme === 'always' ? [] : [['x-forwarded-proto', scheme] as const]),
  ];
  const allHeaders = added.length === 0 ? headers : new Map([...headers, ...added]);
  if (!fitsLimit(context, allHeaders.size, 'headers', place('headers'))) return undefined;
  if (!fitsLimit(context, queryParams.size, 'queryParams', place('queryParams'))) return undefined;
  return method.map(name => ({
    match: {
      path: paths.uri.path,
      ...(name === undefined ? {} : { method: name }),
      headers: allHeaders,
      queryParams,
      withoutHeaders: without.excluded,
      pathChange: paths.change,
      index,
    },
    deviation: paths.uri.deviation,
    place: place('uri'),
  }));
}

function fitsLimit(context: EntryContext, count: number, what: string, place: Place): boolean {
  if (count <= maxConditions) return true;
  context.report('too-many-conditions', place, { what, count });
  return false;
}

function methodOf(match: istio.HTTPMatchRequest): istio.StringMatch | undefined {
  return match.method ?? pseudoHeaderOf(match, ':method');
}

function authorityOf(
  match: istio.HTTPMatchRequest,
): { readonly match: istio.StringMatch; readonly field: readonly string[] } | undefined {
  if (match.authority !== undefined) return { match: match.authority, field: ['authority'] };
  const header = pseudoHeaderOf(match, ':authority');
  return header === undefined ? undefined : { match: header, field: ['headers', ':authority'] };
}

function pseudoHeaderOf(
  match: istio.HTTPMatchRequest,
  name: keyof typeof pseudoHeaders,
): istio.StringMatch | undefined {
  return Object.entries(match.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/**
 * A gateway's listener decides the scheme, unless a proxy in front may.
 *
 * @returns undefined, after a report, where nobody knows the scheme
 */
function translateScheme(
  context: EntryContext,
  match: istio.HTTPMatchRequest,
  place: (...field: readonly string[]) => Place,
): SchemeCondition | undefined {
  const { facts, scope, vs, report } = context;
  const scheme = match.scheme ?? pseudoHeaderOf(match, ':scheme');
  if (scheme === undefined) return 'always';
  if (scope.kind === 'mesh') {
    report('scheme-in-mesh', place('scheme'), {});
    return undefined;
  }
  if (schemeFromIn(facts, scope, vs) !== 'listener') {
    report('scheme-as-forwarded-proto', place('scheme'), { gateway: scope.gateway });
    reportUntoldScheme(context, place('scheme'));
    return conditionOfForwardedProto(scheme, match.headers);
  }
  if (scope.scheme !== undefined)
    return matchesString(stringMatcher(scheme), scope.scheme) ? 'always' : 'never';
  report('scheme-not-known', place('scheme'), { gateway: scope.gateway });
  return undefined;
}

/** A condition on X-Forwarded-Proto stays as it is, and means something else where a proxy is trusted. */
function reportForwardedProto(
  context: EntryContext,
  { headers = {}, withoutHeaders = {} }: istio.HTTPMatchRequest,
  place: (...field: readonly string[]) => Place,
): void {
  for (const [field, conditions] of Object.entries({ headers, withoutHeaders }))
    for (const name of Object.keys(conditions))
      if (name.toLowerCase() === 'x-forwarded-proto') reportUntoldScheme(context, place(field, name));
}

/** Whether the condition that a match has on a header takes an empty value, too. */
function takesEmpty({ headers = {} }: istio.HTTPMatchRequest, name: string): 'too' | 'never' | 'unasked' {
  const own = Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  if (own === undefined) return 'unasked';
  const matcher = stringMatcher(own);
  if (matcher.kind === 'present') return 'unasked';
  return matchesString(matcher, '') ? 'too' : 'never';
}

/** Conditions that must not hold, and those that an empty value turns into ones that must. */
function translateWithoutHeaders(
  context: EntryContext,
  match: istio.HTTPMatchRequest,
  place: (...field: readonly string[]) => Place,
):
  | {
      readonly excluded: ReadonlyMap<string, ValueCondition>;
      readonly required: ReadonlyMap<string, ValueCondition>;
    }
  | undefined {
  const all = translateConditions(context, match.withoutHeaders, 'header', name =>
    place('withoutHeaders', name),
  );
  if (all === undefined) return undefined;
  if (all.size === 0) return { excluded: noConditions, required: noConditions };
  const excluded = new Map<string, ValueCondition>();
  const required = new Map<string, ValueCondition>();
  for (const [name, string] of Object.entries(match.withoutHeaders ?? {})) {
    const condition = all.get(name.toLowerCase());
    if (condition === undefined) continue;
    const matcher = stringMatcher(string);
    // A missing header counts as empty here (treat_missing_header_as_empty), unless only presence is asked for.
    if (matcher.kind === 'present' || !matchesString(matcher, ''))
      excluded.set(name.toLowerCase(), condition);
    else if (string.exact === '' && takesEmpty(match, name) !== 'too') {
      if (takesEmpty(match, name) === 'unasked')
        required.set(name.toLowerCase(), { type: 'RegularExpression', value: '.+' });
    } else {
      context.report('without-headers-not-expressible', place('withoutHeaders', name), { headers: name });
      return undefined;
    }
  }
  return { excluded, required };
}

function translatePath(
  context: EntryContext,
  http: istio.HTTPRoute,
  match: istio.HTTPMatchRequest,
  place: (...field: readonly string[]) => Place,
):
  | { readonly uri: NonNullable<ReturnType<typeof translateUri>>; readonly change: PathChange }
  | 'never'
  | undefined {
  const ignoreCase = match.ignoreUriCase ?? false;
  const changesPrefix =
    Boolean(http.rewrite?.uri) ||
    Boolean(http.redirect?.prefixRewrite) ||
    http.rewrite?.uriRegexRewrite !== undefined;
  const asSegments = context.facts.options.prefix === 'path' || changesPrefix;
  let matchesNothing = false;
  const listening: EntryContext = {
    ...context,
    report: (code, ...rest) => {
      matchesNothing ||= code === 'path-never-matches';
      context.report(code, ...rest);
    },
  };
  const uri = translateUri(listening, match.uri, ignoreCase, asSegments, place('uri'));
  if (uri === undefined) return matchesNothing ? 'never' : undefined;
  const change = translatePathChange(context, http, uri.path, prefixOf(match.uri), place('uri'));
  return change === undefined ? undefined : { uri, change };
}
