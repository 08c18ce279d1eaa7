import { RE2JS } from 're2js';
import type { Match } from './match.ts';
import type { ChosenDestination, MirrorHop, Outcome } from './outcome.ts';
import { type Request, schemeOf } from './request.ts';

/** The action of a rule for the requests that it matches. */
export type Action =
  | { readonly kind: 'respond'; readonly status: number; readonly body: string }
  | {
      readonly kind: 'redirect';
      readonly status: number;
      readonly scheme: string | undefined;
      readonly host: string | undefined;
      /** 0 writes no port. */
      readonly port: number;
      readonly path: PathChange;
    }
  | {
      readonly kind: 'forward';
      readonly path: PathChange;
      readonly destinations: readonly ChosenDestination[];
      readonly mirrors: readonly string[];
      readonly mirrorHops?: readonly MirrorHop[] | undefined;
      readonly timeout: number;
      readonly retries: string;
      readonly cors: string;
      readonly fault: string;
    }
  /** Nobody promises what. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** How a path is written anew, in Envoy's terms. */
export type PathChange =
  | { readonly kind: 'none' }
  /** The part of the path that matched as the prefix; for exact and regular expressions the whole path. */
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'full'; readonly value: string }
  /** The text that the path begins with. */
  | { readonly kind: 'beginning'; readonly from: string; readonly to: string }
  /** The expression that istiod writes where `/` replaces a prefix of segments: `^PREFIX(/?)(.*)` becomes `/\2`. */
  | { readonly kind: 'root'; readonly prefix: string }
  /** Every occurrence of the expression; `\1` in the value is the first group. */
  | { readonly kind: 'regex'; readonly pattern: string; readonly value: string };

/** @returns what happens to a request that a rule took */
export function perform(action: Action, match: Match, request: Request): Outcome {
  switch (action.kind) {
    case 'unknown':
      return action;
    case 'respond':
      return { kind: 'response', status: action.status, body: action.body };
    case 'redirect':
      return {
        kind: 'redirect',
        status: action.status,
        scheme: action.scheme ?? schemeOf(request),
        host: action.host,
        port: action.port > 0 ? action.port : action.host === undefined ? 'keep' : 'default',
        path: changePath(action.path, match, request.path),
      };
    case 'forward':
      return { ...action, path: changePath(action.path, match, request.path) };
  }
}

/** @returns the path after a change, without its query, which both APIs leave alone */
export function changePath(change: PathChange, match: Match, path: string): string {
  switch (change.kind) {
    case 'none':
      return path;
    case 'full':
      return change.value;
    case 'prefix': {
      const { kind } = match.path;
      if (kind === 'exact' || kind === 'regex') return change.value;
      return change.value + path.slice(match.path.value.length);
    }
    case 'beginning':
      return path.startsWith(change.from) ? change.to + path.slice(change.from.length) : path;
    case 'root':
      return path.startsWith(change.prefix)
        ? `/${path.slice(change.prefix.length).replace(/^\//, '')}`
        : path;
    case 'regex':
      return replaceAll(change.pattern, change.value, path);
  }
}

/** RE2::GlobalReplace, as Envoy's regex_rewrite uses it. An expression that is none, which istiod refuses, takes nothing. */
function replaceAll(pattern: string, value: string, path: string): string {
  const matcher = compile(pattern)?.matcher(path);
  if (matcher === undefined) return path;
  let result = '';
  let done = 0;
  while (matcher.find()) {
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? '');
    result +=
      path.slice(done, matcher.start()) +
      value.replace(/\\(\d|\\)/g, (_, digit: string) =>
        digit === '\\' ? '\\' : (groups[Number(digit)] ?? ''),
      );
    done = matcher.end();
    if (matcher.end() === path.length) break;
  }
  return result + path.slice(done);
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}
