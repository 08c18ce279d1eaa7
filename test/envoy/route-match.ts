import { type Condition, readClaimMatcher } from './claims.ts';
import type { Fields } from './fields.ts';
import { fullMatch } from './regex.ts';
import { type EnvoyRequest, headerOf } from './request.ts';
import { readRegex, readStringMatcher, type TextTest } from './string-matcher.ts';

/** Whether a route takes a request, and what of the path a prefix rewrite replaces. */
export interface RouteMatch {
  readonly takes: (request: EnvoyRequest) => boolean;
  /** The length of the matched prefix; of exact paths and expressions it is all of the path. */
  readonly matchedLength: (path: string) => number;
  /** What it looks at. */
  readonly mentions: readonly Mention[];
}

/** A value that a match compares something with. */
export interface Mention {
  /** `path`, the name of a header in lower case, or a query parameter's behind `?`. */
  readonly of: string;
  /** Undefined where only presence is asked for. */
  readonly value: string | undefined;
  readonly isRegex: boolean;
}

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-routematch */
export function readRouteMatch(fields: Fields): RouteMatch {
  const caseSensitive = fields.flag('caseSensitive') ?? true;
  const path = readPath(fields, caseSensitive);
  const conditions = [
    ...fields.messages('headers', readHeaderMatcher),
    ...fields.messages('queryParameters', readQueryMatcher),
    ...fields.messages('dynamicMetadata', readClaimMatcher),
  ];
  return {
    takes: request => path.test(request.path) && conditions.every(({ test }) => test(request)),
    matchedLength: path.matchedLength,
    mentions: [path.mention, ...conditions.map(({ mention }) => mention)],
  };
}

function readPath(
  fields: Fields,
  caseSensitive: boolean,
): {
  readonly test: TextTest;
  readonly matchedLength: RouteMatch['matchedLength'];
  readonly mention: Mention;
} {
  const mention = (value: string, isRegex = false): Mention => ({ of: 'path', value, isRegex });
  const normal = (text: string) => (caseSensitive ? text : text.toLowerCase());
  const prefix = fields.text('prefix');
  if (prefix !== undefined) {
    const test = (path: string) => normal(path).startsWith(normal(prefix));
    return { test, matchedLength: () => prefix.length, mention: mention(prefix) };
  }
  const separated = fields.text('pathSeparatedPrefix');
  if (separated !== undefined) {
    const test = (path: string) =>
      normal(path).startsWith(normal(separated)) &&
      (path.length === separated.length || path[separated.length] === '/');
    return { test, matchedLength: () => separated.length, mention: mention(separated) };
  }
  const exact = fields.text('path');
  if (exact !== undefined) {
    const test = (path: string) => normal(path) === normal(exact);
    return { test, matchedLength: path => path.length, mention: mention(exact) };
  }
  const regex = fields.message('safeRegex', readRegex);
  if (regex !== undefined)
    return { test: fullMatch(regex), matchedLength: path => path.length, mention: mention(regex, true) };
  throw new Error('a route match without a path');
}

/**
 * A missing header meets a condition only when it counts as empty, or when its absence is what is asked for.
 *
 * @see https://github.com/envoyproxy/envoy/blob/main/source/common/http/header_utility.cc
 */
function readHeaderMatcher(fields: Fields): Condition {
  const name = fields.text('name') ?? '';
  const invert = fields.flag('invertMatch') ?? false;
  const missingIsEmpty = fields.flag('treatMissingHeaderAsEmpty') ?? false;
  const present = fields.flag('presentMatch');
  const matcher = fields.message('stringMatch', readStringMatcher);
  const mention = { of: name.toLowerCase(), value: matcher?.value, isRegex: matcher?.isRegex ?? false };
  if (matcher === undefined) {
    const wanted = (present ?? true) !== invert;
    return { mention, test: request => (headerOf(request, name) !== undefined) === wanted };
  }
  const test = (request: EnvoyRequest) => {
    const value = headerOf(request, name) ?? (missingIsEmpty ? '' : undefined);
    return value !== undefined && matcher.test(value) !== invert;
  };
  return { mention, test };
}

/** @see https://github.com/envoyproxy/envoy/blob/main/source/common/router/config_utility.cc */
function readQueryMatcher(fields: Fields): Condition {
  const name = fields.text('name') ?? '';
  const present = fields.flag('presentMatch');
  const matcher = fields.message('stringMatch', readStringMatcher);
  const test = ({ queryParams }: EnvoyRequest) => {
    const value = queryParams[name];
    if (matcher !== undefined) return value !== undefined && matcher.test(value);
    return (value !== undefined) === (present ?? true);
  };
  return { mention: { of: `?${name}`, value: matcher?.value, isRegex: matcher?.isRegex ?? false }, test };
}
